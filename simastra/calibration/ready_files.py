"""Calibrations that come with the package, by name."""

from importlib.resources import files

_FOLDER = files(__package__) / "ready"


def ready_names() -> tuple[str, ...]:
    """Their names, in alphabetical order."""
    if not _FOLDER.is_dir():
        return ()
    named = (it.name for it in _FOLDER.iterdir() if it.name.endswith(".json"))
    return tuple(sorted(it.removesuffix(".json") for it in named))


def ready_text(name: str) -> str:
    """The file of one of them."""
    return (_FOLDER / f"{name}.json").read_text("utf-8")
