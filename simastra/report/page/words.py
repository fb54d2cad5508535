"""Times, sizes and parts of a whole as the page shows them."""

from simastra.units import Bytes, Ns


def time_words(time: Ns) -> str:
    """As in "117,780 ns"."""
    return f"{time:,} ns"


def size_words(size: Bytes) -> str:
    """As in "1,048,576 B"."""
    return f"{size:,} B"


def part_words(part: Ns, whole: Ns) -> str:
    """As in "12.5 %"; a dash where there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else "-"
