"""What is said of lists and numbers wherever something is shown: ranges, and what is left out."""

from collections.abc import Sequence

from .ends import device_words

_MOST_RUNS = 8
_SHORTEST_RANGE = 3


def listed(words: Sequence[object], most: int, of: int | None = None) -> str:
    """Some words, or what has some, by commas; of many, the first and how many more.

    >>> listed("abc", 3), listed("abc", 2), listed("ab", 2, of=9)
    ('a, b, c', 'a, b and 1 more', 'a, b and 7 more')

    Args:
        words: all of them, or the first.
        most: so many are told.
        of: how many there are, where some are left out.
    """
    shown, count = ", ".join(map(str, words[:most])), len(words) if of is None else of
    return shown if count <= most else f"{shown} and {count - most:,} more"


def listed_npus(npus: Sequence[int], most: int = 8) -> str:
    """NPUs by commas; of many, the first and how many there are.

    >>> listed_npus(range(64))
    '0, 1, 2, 3, 4, 5, 6, 7, ... (64 in all)'
    """
    shown = ", ".join(map(str, npus[:most]))
    return shown if len(npus) <= most else f"{shown}, ... ({len(npus):,} in all)"


def counted_npus(npus: Sequence[int], most: int = 4) -> str:
    """NPUs as the subject of a sentence; of many, the first and how many more.

    >>> counted_npus([3]), counted_npus([1, 2, 5]), counted_npus(range(9))
    ('NPU 3', 'NPUs 1, 2 and 5', 'NPUs 0, 1, 2, 3 and 5 more')
    """
    if len(npus) == 1:
        return device_words(npus[0])
    if len(npus) > most:
        return f"NPUs {listed(npus, most)}"
    return f"NPUs {', '.join(map(str, npus[:-1]))} and {npus[-1]}"


def npu_ranges(npus: Sequence[int]) -> str:
    """NPUs that are alike as a heading: ranges where they follow each other.

    >>> npu_ranges([3]), npu_ranges([0, 1, 2, 3, 7])
    ('NPU 3', 'NPUs 0 to 3, 7')
    """
    return f"NPU{'' if len(npus) == 1 else 's'} {ranges(npus)}"


def npu_count(count: int) -> str:
    """How many NPUs.

    >>> npu_count(1), npu_count(1024)
    ('1 NPU', '1,024 NPUs')
    """
    return "1 NPU" if count == 1 else f"{count:,} NPUs"


def left_out(count: int, what: str = "") -> str:
    """How many there are beside what is shown; empty if there are none.

    >>> left_out(1200, "nodes"), left_out(0)
    ('and 1,200 more nodes', '')
    """
    return f"and {count:,} more{what and f' {what}'}" if count > 0 else ""


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
    return share_words(part / whole) if whole else "-"


def share_words(share: float) -> str:
    """As in "12.5 %", which is a share of 0.125."""
    return f"{100 * share:.1f} %"


def _run(run: list[int]) -> str:
    if len(run) >= _SHORTEST_RANGE:
        return f"{run[0]} to {run[-1]}"
    return ", ".join(map(str, run))


_FEW = 2  # NPUs that are listed although they follow each other
_LISTED = 8  # NPUs that are listed; of more, their number says more


def npus_words(npus: Sequence[int]) -> str:
    """Name NPUs; of many, how many."""
    if len(npus) > _FEW and npus == range(npus[0], npus[-1] + 1):
        return f"NPUs {npus[0]} to {npus[-1]}"
    if len(npus) > _LISTED:
        return f"{len(npus)} NPUs"
    return f"NPUs {', '.join(map(str, npus))}"
