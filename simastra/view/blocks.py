"""Texts and tables one below the other: plainly, or in HTML; `terminal` draws them in colour."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never

from .html import Markup, element, joined, notebook_table, title
from .table import Table


class Tone(Enum):
    """What a text is, by the style in which rich draws it."""

    PLAIN = "none"
    TITLE = "bold"
    STOP = "bold cyan"
    GOOD = "green"
    BAD = "bold red"
    ASIDE = "dim"


@dataclass(frozen=True, slots=True)
class Text:
    """Some lines."""

    text: str
    tone: Tone = Tone.PLAIN


Block: TypeAlias = Text | Table
"""What is shown; a table below its title."""

_INDENT = "  "
_STYLES = {
    Tone.PLAIN: "",
    Tone.TITLE: "font-weight: bold",
    Tone.STOP: "font-weight: bold; color: #1f78b4",
    Tone.GOOD: "color: #3c9d4e",
    Tone.BAD: "color: #d9534f",
    Tone.ASIDE: "opacity: 0.7",
}


def plain_lines(block: Block) -> Iterator[str]:
    """Draw a block without colour."""
    match block:
        case Text(text):
            yield text
        case Table():
            yield f"{block.title}:"
            yield from ((_INDENT + line).rstrip() for line in block.lines())
        case _:
            assert_never(block)


def blocks_html(blocks: Iterable[Block]) -> Markup:
    """Blocks in HTML; a table without rows is left out."""
    return joined(*map(_block_html, blocks))


def lines_html(words: str, tone: Tone = Tone.PLAIN) -> Markup:
    """Lines of text, as they are."""
    layout = f"white-space: pre-wrap; line-height: 1.4; {_STYLES[tone]}"
    return element("div", words, style=layout)


def _block_html(block: Block) -> Markup:
    match block:
        case Text(words, tone):
            return lines_html(words, tone)
        case Table(rows=()):
            return Markup()
        case Table(rows=rows):
            return joined(title(block.title), notebook_table(block, most=len(rows)))
