"""What a file says and nobody reads: told, never passed over in silence."""

from __future__ import annotations

from collections.abc import Sequence

from simastra.notices import Notice, Severity
from simastra.view.phrases import listed

_MOST_NAMED = 6


def unread_remark(names: Sequence[str], source: str) -> Notice:
    """Say what isn't read.

    Args:
        names: keys or attributes.
        source: the file.
    """
    return Notice(
        code="not-read",
        where=source,
        message=f"{listed(names, _MOST_NAMED)}: means nothing for a simulation",
        fix="nothing, if it is meant for other programs",
        severity=Severity.INFO,
    )
