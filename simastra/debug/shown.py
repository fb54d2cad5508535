"""What the prompt shows as text, as HTML for a notebook."""

from __future__ import annotations

from collections.abc import Iterable

from simastra.display import table, text, title

from .prompt.page import Block, Table, Tone

_STYLES = {
    Tone.TITLE: "font-weight: bold",
    Tone.STOP: "font-weight: bold; color: #1f78b4",
    Tone.GOOD: "color: #3c9d4e",
    Tone.BAD: "color: #d9534f",
    Tone.ASIDE: "opacity: 0.7",
}


def blocks_html(blocks: Iterable[Block]) -> str:
    """Blocks, one below the other."""
    return "".join(map(_block, blocks))


def lines_html(words: str, tone: Tone = Tone.PLAIN) -> str:
    """Lines of text, as they are."""
    layout = f"white-space: pre-wrap; line-height: 1.4; {_STYLES.get(tone, '')}"
    return f'<div style="{layout}">{text(words)}</div>'


def _block(block: Block) -> str:
    match block:
        case Table(name, headings, rows):
            return title(name) + table(headings, rows, most=len(rows)) if rows else ""
        case _:
            return lines_html(block.text, block.tone)
