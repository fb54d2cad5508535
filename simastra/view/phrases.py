"""What is said of lists and numbers wherever something is shown: ranges, and what is left out."""

from collections.abc import Callable, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")

_MOST_RUNS = 8
_SHORTEST_RANGE = 3


def listed(items: Sequence[_Item], most: int, word: Callable[[_Item], str] = str) -> str:
    """Items in words, joined by commas; how many there are beside the first `most`.

    >>> listed([1, 2, 3], 3), listed([1, 2, 3, 4], 2)
    ('1, 2, 3', '1, 2 and 2 more')
    """
    return f"{', '.join(map(word, items[:most]))}{left_out(len(items) - most, before=' ')}"


def sampled(items: Sequence[_Item], most: int) -> str:
    """Items joined by commas; how many there are in all, if that is more than `most`.

    >>> sampled(range(64), 3)
    '0, 1, 2, ... (64 in all)'
    """
    rest = f", ... ({len(items):,} in all)" if len(items) > most else ""
    return f"{', '.join(map(str, items[:most]))}{rest}"


def left_out(count: int, what: str = "", *, before: str = "") -> str:
    """How many there are beside what is shown; empty if there are none.

    >>> left_out(1200, "nodes"), left_out(0)
    ('and 1,200 more nodes', '')
    """
    return f"{before}and {count:,} more{what and f' {what}'}" if count > 0 else ""


def part_shown(count: int, total: int, what: str, which: str) -> str:
    """Which part of all is shown; empty if that is all.

    >>> part_shown(500, 1200, "links", "the busiest")
    '500 of 1,200 links are shown, the busiest.'
    """
    return f"{count:,} of {total:,} {what} are shown, {which}." if count < total else ""


def ranges(values: Sequence[int]) -> str:
    """Whole numbers, such as NPUs: ranges where they follow each other.

    >>> ranges([0, 1, 2, 3, 7, 9, 10])
    '0 to 3, 7, 9, 10'
    """
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    rest = f", ... ({len(values):,} in all)" if len(runs) > _MOST_RUNS else ""
    return f"{', '.join(map(_run, runs[:_MOST_RUNS]))}{rest}"


def time_words(time: int) -> str:
    """As in "117,780 ns"."""
    return f"{time:,} ns"


def size_words(size: int) -> str:
    """As in "1,048,576 B"."""
    return f"{size:,} B"


def part_words(part: int, whole: int) -> str:
    """As in "12.5 %"; a dash where there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def device_name(device: int, npus: int) -> str:
    """What to call a device: switches are numbered after the NPUs."""
    return f"NPU {device}" if device < npus else f"switch {device}"


def _run(run: list[int]) -> str:
    if len(run) >= _SHORTEST_RANGE:
        return f"{run[0]} to {run[-1]}"
    return ", ".join(map(str, run))
