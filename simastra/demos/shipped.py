"""What comes with simastra to begin with: the demos' inputs, the course, and networks as files.

In a checkout these are folders beside the package. A wheel has them inside it (pyproject.toml says
so), for whoever has no checkout.
"""

from collections.abc import Iterator
from pathlib import Path

TRACES = "traces"
"""The folder of the demos."""

FOLDERS = (TRACES, "notebooks", "docs/networks")
"""All that is shipped."""

_INSTALLED = Path(__file__).with_name("data")
_CHECKOUT = Path(__file__).parents[2]
_ENDINGS = frozenset(
    (".et", ".gz", ".ipynb", ".json", ".md", ".py", ".toml", ".txt", ".yaml", ".yml")
)


def shipped_folder() -> Path:
    """The folder in which the folders lie."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def shipped_files() -> dict[str, Path]:
    """Each file's place, by its name within `shipped_folder`."""
    root = shipped_folder()
    found = (path for folder in FOLDERS for path in _below(root / folder))
    return {path.relative_to(root).as_posix(): path for path in found}


def _below(folder: Path) -> Iterator[Path]:
    """Files of a folder, in order; not what editors and Python leave there."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith((".", "_")):
            yield from _below(path)
        elif path.suffix in _ENDINGS:
            yield path
