"""On which line of its file a mistake stands."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from simastra.errors import ConfigError
from simastra.units import MiB

_LINE = re.compile(r"\(line \d+\)$")


@contextmanager
def telling_lines(line_of: Callable[[str], int | None]) -> Iterator[None]:
    """Add its line to each mistake whose key has one."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError.of([_with_line(it, line_of) for it in error.mistakes]) from None


def line_in(lines: Mapping[str, int]) -> Callable[[str], int | None]:
    """Find the line of a key among those that were noted; for want of it, of what it stands in."""

    def line_of(key: str) -> int | None:
        while key:
            if key in lines:
                return lines[key]
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return None

    return line_of


def line_in_json(text: str) -> Callable[[str], int | None]:
    """Find the line of a key; None for one that isn't there, or is in several places.

    Nor is it looked for in a text that nobody wrote by hand.
    """

    def line_of(key: str) -> int | None:
        names = (key, key.partition("[")[0]) if len(text) <= MiB else ()
        for name in names:
            spelt = re.escape(json.dumps(name, ensure_ascii=False))
            found = [match.start() for match in re.finditer(rf"{spelt}\s*:", text)]
            if len(found) == 1:
                return text.count("\n", 0, found[0]) + 1
        return None

    return line_of


def _with_line(mistake: ConfigError, line_of: Callable[[str], int | None]) -> ConfigError:
    line = line_of(mistake.key) if mistake.key else None
    if line is None or _LINE.search(mistake.problem):  # somebody nearer to it has told it
        return mistake
    return ConfigError(f"{mistake.problem} (line {line})", source=mistake.source, key=mistake.key)
