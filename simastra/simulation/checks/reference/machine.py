"""Machines that ASTRA-sim doesn't have: networks that its backends refuse, or abort on."""

from __future__ import annotations

from collections.abc import Iterator

from simastra.notices import Notice, Severity
from simastra.simulation.checks.context import Context


def machine_notices(context: Context) -> Iterator[Notice]:
    """Networks that the reference's backends refuse or abort on (7.4 #1, #2)."""
    platform, network = context.platform, context.network
    where = f"{network.source}: topology"
    fix = "use --network-backend congestion-unaware to compare results"
    if not platform.queues_at_links:
        return
    if network.dimensions > 1:
        message = (
            f"{context.reference} has no congestion-aware network of {network.dimensions} "
            "dimensions, and refuses this one"
        )
        yield Notice("several-dimensions", where, message, fix, Severity.INFO)
    elif network.topology[0] == "Ring" and network.npus == 2:  # noqa: PLR2004 - both its links
        message = (
            f"{context.reference} ends on a congestion-aware Ring of two NPUs with a failed "
            "assertion: it would make each link twice"
        )
        yield Notice("ring-of-two", where, message, f"{fix}, or a Switch", Severity.INFO)
