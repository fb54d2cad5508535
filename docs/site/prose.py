"""Plain text, as parsers and models have it, as Markdown."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

_SPECIAL = re.compile(r"([\\*_\[\]`|{}#])")
_WORD = re.compile(r"(?!simastra\b)[A-Za-z]+(?=[\s,;:.]|$)")
_CODE = re.compile(
    r"`[^`]+`"  # what says itself that it is code
    r"|'simastra[^']*'"
    r"|(?<![\w-])--[a-z][\w-]*"  # an option
)


def inline(text: str) -> str:
    """Text within a paragraph or a cell: options and commands as code, all else as it stands."""
    return "".join(_pieces(text))


def sentence(text: str) -> str:
    """A line of help, which has no capital and no full stop, as a sentence."""
    words = inline(text)
    return capital(words) + ("" if not words or words.endswith((".", ":")) else ".")


def capital(text: str) -> str:
    """With a capital in front, unless the first word is a name: localBWAware, simastra."""
    first = _WORD.match(text)
    return text[:1].upper() + text[1:] if first and first[0].islower() else text


def paragraphs(text: str) -> str:
    """Paragraphs; lines that are indented are examples, as in the help of a command."""
    blocks = groupby(text.strip("\n").splitlines(), key=_kind)
    return "\n\n".join(
        f"```sh\n{_dedented(lines)}\n```" if kind == "example" else inline(" ".join(lines))
        for kind, lines in ((kind, list(lines)) for kind, lines in blocks)
        if kind != "blank"
    )


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def code(text: str) -> str:
    """A code span, in a table too."""
    return f"`{text}`".replace("|", r"\|")


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for found in _CODE.finditer(text):
        yield _plain(text[end : found.start()])
        yield code(found[0].strip("`'"))
        end = found.end()
    yield _plain(text[end:])


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("<", "&lt;").replace(">", "&gt;"))


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    return "example" if line.startswith("  ") else "prose"


def _dedented(lines: list[str]) -> str:
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    return "\n".join(line[margin:] for line in lines)
