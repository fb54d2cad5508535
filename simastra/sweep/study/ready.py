"""Ready studies: files in the folder `studies`, by name.

To add one: a file there, whose first lines are comments that say what it answers, and which of its
keys are worth changing.
"""

from importlib.resources import files

from simastra.errors import InputError
from simastra.suggestions import unknown_name

_FILES = files("simastra.sweep") / "studies"


def names() -> tuple[str, ...]:
    """Names of all of them, in alphabetical order."""
    found = (file.name for file in _FILES.iterdir() if file.name.endswith(".yml"))
    return tuple(sorted(name.removesuffix(".yml") for name in found))


def ready_text(reference: str) -> str:
    """The text of one, with its comments.

    Args:
        reference: its name, behind an ``@`` or not.

    Raises:
        InputError: there is none of that name.
    """
    name = reference.removeprefix("@")
    if name not in names():
        raise InputError(unknown_name("study", name, names()))
    return (_FILES / f"{name}.yml").read_text(encoding="utf-8")
