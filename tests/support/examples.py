"""Examples in README.md, docs/ and so on.

A ``python`` block is a whole program and a ``console`` block a shell session; a ``text`` block
right after a program is what it prints. A ``yaml`` block whose first line is ``# out/NAME.yml`` is
a file that the page's examples read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = (
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "notebooks" / "README.md",
    ROOT / "traces" / "README.md",
    ROOT / "benchmarks" / "README.md",
)
CONTINUED = (ROOT / "docs" / "tutorial.md",)
"""Pages whose sessions go on where the one before ended; of all others, each stands for itself."""

OUTPUTS = "out"
"""The folder into which examples write; README.md tells its reader to make it."""

PROGRAM = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*\n)", re.MULTILINE)
SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^```yaml\n(# (out/\S+)\n.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """Something that a page tells the reader to run, and what it says will be printed."""

    page: Path
    line: int
    code: str
    printed: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(pattern: re.Pattern[str]) -> Iterator[tuple[Path, int, re.Match[str]]]:
    """Where each match is: its page and its line."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in pattern.finditer(text):
            yield page, text.count("\n", 0, block.start()) + 1, block


def files(of: Path) -> dict[str, str]:
    """The files that a page tells the reader to write, by their names."""
    return {block[2]: block[1] for page, _, block in blocks(FILE) if page == of}


def programs() -> list[Example]:
    return [Example(page, line, block[1], block[2] or "") for page, line, block in blocks(PROGRAM)]


def sessions() -> list[Example]:
    """Commands are the lines after ``$`` with those that continue them; the rest is printed."""
    found = [
        Example(page, line, "".join(COMMAND.findall(block[1])), COMMAND.sub("", block[1]))
        for page, line, block in blocks(SESSION)
    ]
    return [
        reduce(_continued, alike)
        for page, group in groupby(found, key=lambda it: it.page)
        for alike in ([list(group)] if page in CONTINUED else [[it] for it in group])
    ]


def _continued(first: Example, then: Example) -> Example:
    return replace(first, code=first.code + then.code, printed=first.printed + then.printed)


def write_files(page: Path, folder: Path) -> None:
    """Write what the page tells the reader to write."""
    for name, text in files(page).items():
        (folder / name).write_text(text, encoding="utf-8")


def without_notices(shown: str) -> str:
    """What a page shows of what a terminal shows."""
    return re.sub(r"^simastra: notice: .*\n", "", shown, flags=re.MULTILINE)
