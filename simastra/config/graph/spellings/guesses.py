"""What holds of links of which a file doesn't say all, and that it is said."""

from __future__ import annotations

from collections.abc import Iterable

from simastra.notices import Notice, Severity
from simastra.units import BytesPerNs

USUAL: BytesPerNs = 50.0
"""Of links without a bandwidth if no link of the file has one: 400 Gb/s."""


def guessed_bandwidth(said: Iterable[BytesPerNs | None]) -> BytesPerNs:
    """What is taken for links without a bandwidth: the most that another of the file has.

    So they are never what holds messages up, and no faster than what there is.

    >>> guessed_bandwidth([12.5, None, 50.0]), guessed_bandwidth([None])
    (50.0, 50.0)

    Args:
        said: of each link; None where nothing is.
    """
    return max((it for it in said if it is not None), default=USUAL)


def bandwidth_guessed(what: str, taken: BytesPerNs, source: str) -> Notice:
    """Say that links have no bandwidth.

    Args:
        what: links they are.
        taken: what is taken for it.
        source: the file.
    """
    return Notice(
        code="no-bandwidth",
        where=source,
        message=f"{what} without a bandwidth: {taken:g} GB/s is taken, the most that another link "
        f"of the file has ({USUAL:g} GB/s if none has any)",
        fix="give each the bandwidth that it has",
    )


def latency_guessed(what: str, source: str) -> Notice:
    """Say that links have no latency.

    Args:
        what: links they are.
        source: the file.
    """
    return Notice(
        code="no-latency",
        where=source,
        message=f"{what} without a latency: 0 ns is taken",
        fix="give each the latency that it has",
        severity=Severity.INFO,
    )
