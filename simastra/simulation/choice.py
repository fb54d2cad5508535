"""Which way a run takes: all that the settings `shortcuts` and `order` decide, in one place.

(docs/shortcuts.md)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.quick_dataclass import dataclass

from .event_count import MODERATE_EVENTS, event_count, scores_needed
from .experiment import Experiment

if TYPE_CHECKING:
    from .compiled import installed
else:  # small simulations go event by event
    installed = deferred("simastra.simulation.compiled.installed")

WORTH_A_SHORTCUT = 8_000
"""Up to here, events one by one take no longer than it takes to load the shortcuts (30 ms), which
runs of one process share."""

WORTH_FOLDING = 6
"""Fewer NPUs as one are no gain: a folded run's event takes as long as six of the plain path."""

WORTH_FOLDING_BESIDE_LOOP = 64
"""Likewise where the compiled loop may be had, whose event takes a tenth of one of the plain path,
with all that is made for it."""

_WALKED = 40
"""Likewise what a node takes that an NPU's process walks, as it does where rings are computed at
once, beside a link crossed in the loop."""

_NODE = 3
"""For as many links crossed as this does an ET node count, where it is asked whether the loop pays:
it takes the plain path some 10 µs, and a message some 3 µs a link."""

_SCORE = 30
"""Likewise what it takes to make a score for the loop: to drive an algorithm's machine."""


@dataclass(frozen=True, slots=True)
class WayChoice:
    """How a run may come to its result.

    Attributes:
        may_shorten: whether shortcuts are tried.
        needs_order: whether only those that tell ASTRA-sim's order within a nanosecond count.
        least_alike: for how many NPUs one must stand at least, unless it stands for all.
        may_walk: whether NPUs may walk all of their nodes while only collectives are shortened.
        may_compile: whether events then happen in the compiled loop, if it covers them.
        missing: what keeps a run that is large enough for the loop out of it.
    """

    may_shorten: bool
    needs_order: bool = True
    least_alike: int = 1
    may_walk: bool = True
    may_compile: bool = False
    missing: str = ""


PLAIN = WayChoice(may_shorten=False)
"""Event by event."""


def choose_way(experiment: Experiment, shortcuts: str, order: str, runs: int = 1) -> WayChoice:
    """Decide it.

    Args:
        experiment: what is simulated.
        shortcuts: as of `Options`.
        order: as of `Options`.
        runs: how many runs like this one share what is loaded for it, this one included.
    """
    if shortcuts == "off":
        return PLAIN
    if shortcuts == "always":
        missing = installed.what_is_missing()
        return WayChoice(
            may_shorten=True,
            needs_order=order == "exact",
            may_compile=not missing,
            missing=missing,
        )
    events = event_count(experiment)
    if events * runs <= WORTH_A_SHORTCUT:
        return PLAIN
    is_moderate = events <= MODERATE_EVENTS
    work = _work(experiment, events) * runs
    # Of what has a price, the loop knows nothing.
    is_played = experiment.platform.prices is None
    may_compile = is_played and installed.is_worth(work)
    return WayChoice(
        may_shorten=True,
        needs_order=order == "exact" or (order == "auto" and is_moderate),
        least_alike=WORTH_FOLDING_BESIDE_LOOP if may_compile else WORTH_FOLDING,
        may_walk=not may_compile or events > _WALKED * _nodes(experiment),
        may_compile=may_compile,
        missing=installed.what_is_missing(work) if is_played and work > installed.LOADING else "",
    )


def compiling_pays(experiment: Experiment, shortcuts: str, runs: int = 1) -> bool:
    """Whether the compiled loop still is worth it where algorithms are asked how much they send.

    Args:
        experiment: what is simulated.
        shortcuts: as of `Options`.
        runs: as of `choose_way`.
    """
    if shortcuts == "always":
        return True
    work = _work(experiment, event_count(experiment, as_sent=True)) * runs
    return installed.is_worth(work - _SCORE * scores_needed(experiment))


def _work(experiment: Experiment, events: int) -> int:
    """What the loop could do instead of the plain path, in links crossed.

    Args:
        experiment: what is simulated.
        events: as of `event_count`, where a node counts as one.
    """
    if events > installed.COMPILING:  # enough in any case
        return events
    return events + (_NODE - 1) * _nodes(experiment)


def _nodes(experiment: Experiment) -> int:
    return sum(len(it.operations) for it in experiment.programs)
