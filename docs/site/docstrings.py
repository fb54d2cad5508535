"""Docstrings as Markdown, for mkdocstrings: ours are plain text with doctests and tables."""

import re
from collections.abc import Iterator

import griffe

from docs.site.prose import code, inline, table

_COLUMNS = re.compile(r" {2,}")
_ALIGNED = re.compile(r"^\s*\S+(?: \S+)* {2,}\S")
_SPAN = re.compile(r"(``?[^`]+``?)")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


class PlainDocstrings(griffe.Extension):
    """Fences what is code, and what is in columns."""

    def on_object(self, *, obj: griffe.Object, **_: object) -> None:
        """Rewrite the docstring of whatever has been read."""
        if obj.docstring:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(text: str) -> str:
    """A docstring whose doctests and tables are code blocks, and whose ``<`` is no markup."""
    return "\n\n".join(_shown(it) for it in _PARAGRAPHS.split(text))


def _shown(paragraph: str) -> str:
    lines = paragraph.splitlines()
    first = next((at for at, it in enumerate(lines) if it.lstrip().startswith(">>>")), None)
    if first is not None:
        return "\n".join([*map(_escaped, lines[:first]), *_fenced(lines[first:], "pycon")])
    if any("──" in it for it in lines):
        return "\n".join(_fenced(lines, "text"))
    if 2 * sum(1 for it in lines if _ALIGNED.search(it)) > len(lines) > 1:
        return _table(lines)
    return "\n".join(map(_escaped, lines))


def _table(lines: list[str]) -> str:
    """Two columns, as in the docstrings of packages; what follows in the second is indented."""
    rows: list[list[str]] = []
    for line in lines:
        if line.startswith("  ") and rows:
            rows[-1][1] += f" {line.strip()}"
        else:
            name, *text = _COLUMNS.split(line.strip(), maxsplit=1)
            rows.append([code(name), *text] if text else [line.strip(), ""])
    return table(("part", "holds"), [(name, inline(text)) for name, text in rows])


def _fenced(lines: list[str], language: str) -> Iterator[str]:
    margin = " " * min(len(it) - len(it.lstrip()) for it in lines)
    yield f"\n{margin}```{language}"
    yield from lines
    yield f"{margin}```"


def _escaped(line: str) -> str:
    """Without markup outside code spans."""
    return "".join(
        it if it.startswith("`") else it.replace("<", "&lt;").replace("[", r"\[")
        for it in _SPAN.split(line)
    )
