"""What documents link to that lies outside docs/: a place in the site for each.

On a code host, ``../traces/README.md`` leads to the file. In the site it is a page below
``repository/``: Markdown as it is, other texts as code. What the reference is made of, such as
``../schemas/system.schema.json``, leads to the reference.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from .files_told import FILES

ROOT = Path(__file__).parent.parent.parent
"""The checkout."""

_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?(?=\))")
_FOLDER = "repository"
_REFERENCE = {
    "simastra/__init__.py": "reference/api/index.md",
    "simastra/cli/commands.py": "reference/commands/index.md",
    "schemas": "reference/configuration/index.md",
    **{f"schemas/{name}": f"reference/configuration/{it.page}" for name, it in FILES.items()},
}
_ALWAYS = ("CONTRIBUTING.md", "CHANGELOG.md", "notebooks/README.md", "traces/README.md")
_LANGUAGES = {".yml": "yaml", ".json": "json", ".py": "python", ".sh": "sh"}
_LONGEST = 40_000
"""Characters of a file that are shown."""


def with_links(text: str, place: str) -> str:
    """A document of docs/ or of the checkout, with its links as they are in the site.

    Args:
        text: the document.
        place: its path in the checkout.
    """
    return _LINK.sub(lambda it: _in_site(it[1], place) + (it[2] or ""), text)


def outside_pages(docs: dict[str, str]) -> dict[str, str]:
    """The pages of all that documents link to, and of what those link to, by their paths.

    Args:
        docs: the documents of docs/, by their paths in the checkout.
    """
    pages: dict[str, str] = {}
    waiting = [*_ALWAYS, *(it for place, text in docs.items() for it in _linked(text, place))]
    for place in waiting:
        if place.startswith("docs/") or place in _REFERENCE or _page_of(place) in pages:
            continue
        text = _shown(place)
        pages[_page_of(place)] = with_links(text, place)
        waiting.extend(_linked(text, place))
    return pages


def _linked(text: str, place: str) -> Iterator[str]:
    """The files of the checkout that a document links to."""
    return (_target(it[1], place) for it in _LINK.finditer(text))


def _target(link: str, place: str) -> str:
    """The path in the checkout of what a link leads to; a folder's README, if it has one."""
    target = normpath(PurePosixPath(place).parent / link)
    if (ROOT / target / "README.md").exists():
        return f"{target}/README.md"
    return target


def _in_site(link: str, place: str) -> str:
    here, there = _page_of(place), _page_of(_target(link, place))
    return relpath(there, PurePosixPath(here).parent)


def _page_of(place: str) -> str:
    """Where a file of the checkout is in the site."""
    if place.startswith("docs/"):
        return place.removeprefix("docs/")
    if place in _REFERENCE:
        return _REFERENCE[place]
    return f"{_FOLDER}/{place}" if place.endswith(".md") else f"{_FOLDER}/{place}.md"


def _shown(place: str) -> str:
    """A file as a page."""
    path = ROOT / place
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    if path.is_dir():
        names = sorted(it.name for it in path.iterdir() if it.is_file() and "__" not in it.name)
        return f"# {place}\n\n" + "\n".join(f"- [{it}]({path.name}/{it})" for it in names)
    if path.suffix == ".ipynb":
        return _NOTEBOOK.format(place=place, name=path.name)
    text = path.read_text(encoding="utf-8")
    shown = text[:_LONGEST]
    rest = f"\n\nand {len(text) - _LONGEST} characters more." if len(text) > _LONGEST else ""
    return f"# {place}\n\n````{_LANGUAGES.get(path.suffix, 'text')}\n{shown.rstrip()}\n````{rest}\n"


_NOTEBOOK = """---
notebook: {name}
---

# {place}

A notebook of [the course](README.md). In a checkout:

```sh
pip install '.[notebook]'
jupyter lab notebooks/{name}
```
"""
