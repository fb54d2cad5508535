"""Numbers of streams, and how people read them."""

from __future__ import annotations

STREAMS_PER_GROUP = 1_000_000
"""Stream numbers set apart for each process group (behaviour 3.2)."""


def stream_name(number: int) -> str:
    """Name a stream for people: by its place among those of its group.

    >>> stream_name(2), stream_name(8_000_002)
    ('2', '2 (group 8)')
    """
    group, place = divmod(number, STREAMS_PER_GROUP)
    return f"{place} (group {group})" if group else f"{place}"
