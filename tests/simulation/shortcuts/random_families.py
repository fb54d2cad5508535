"""Families of random cases."""

from __future__ import annotations

from random import Random

from random_case import RandomCase
from random_draw import draw
from random_wishes import Wishes

from simastra.engine import (
    MessageArrived,
    MessageSent,
    NodeIssued,
    PhaseEnded,
    Probe,
    Transmitting,
)
from simastra.errors import DeadlockError
from simastra.trace import NodeType

HYBRID = ("compute", "collective", "collective", "stage", "stage")
FAMILIES: dict[str, Wishes] = {
    "all alike": Wishes(dimensions=(1, 2, 3, 4), chunks=(1, 2, 4), involved=0.3),
    "dimensions alike": Wishes(
        shapes=(
            *(
                ((one, size), (other, size))
                for one in ("Ring", "Switch", "FullyConnected")
                for other in ("Ring", "Switch", "FullyConnected")
                for size in (2, 3, 4)
            ),
            *(((kind, size),) * 3 for kind in ("Ring", "Switch") for size in (2, 3)),
            (("Ring", 2),) * 4,
        ),
        optimizations=("baseline",),
        like_dimensions=True,
        bus=0.1,
        chunks=(2, 3, 4, 6),
        active=(1, 1, 2),
        count=(1, 3),
        involved=0.1,
    ),
    "skewed rings": Wishes(
        shapes=tuple(
            ((kind, size),)
            for kind in ("Ring", "Switch", "FullyConnected")
            for size in (2, 3, 4, 8)
        ),
        algorithms=("ring",),
        own_durations=0.9,
        active=(1,),
        count=(2, 6),
        involved=0.1,
        chain=0.5,
    ),
    "halving-doubling on a ring": Wishes(
        shapes=((("Ring", 4),), (("Ring", 8),), (("Ring", 16),), (("Ring", 8), ("Ring", 2))),
        algorithms=("halvingDoubling",),
        count=(1, 3),
    ),
    "halving-doubling": Wishes(
        shapes=((("Switch", 8),), (("FullyConnected", 8),), (("Switch", 4), ("FullyConnected", 4))),
        algorithms=("halvingDoubling",),
        count=(1, 3),
    ),
    "direct on a ring": Wishes(
        shapes=(
            (("Ring", 4),),
            (("Ring", 5),),
            (("Ring", 6),),
            (("Ring", 8),),
            (("Ring", 3), ("Ring", 4)),
        ),
        algorithms=("direct", "direct1", "direct2"),
        count=(1, 3),
    ),
    "all different": Wishes(own_durations=1.0, count=(2, 6), twist=0.5),
    "overlap": Wishes(
        tasks=("compute", "collective"),
        count=(2, 7),
        chain=0.1,
        repeats=(1, 1, 2, 3),
        own_durations=0.1,
    ),
    "messages": Wishes(
        tasks=("compute", "collective", "shift", "swap"),
        count=(1, 5),
        largest=12,
        twist=0.1,
    ),
    "groups": Wishes(
        groups=1.0,
        tasks=("compute", "collective", "collective"),
        dimensions=(1, 1, 2),
        largest=16,
        own_durations=0.2,
        algorithms=("ring", "direct", "direct1"),
    ),
    "roots and barriers": Wishes(
        rooted=0.4,
        groups=0.7,
        dimensions=(1, 2, 2, 3),
        dialects=("master", "master", "hoti2024"),
        involved=0.5,
        own_durations=0.1,
        count=(1, 4),
    ),
    "hybrid": Wishes(
        groups=0.9,
        tasks=HYBRID,
        dimensions=(1, 2, 3),
        largest=16,
        dialects=("master", "master", "hoti2024"),
        count=(2, 7),
        chunks=(1, 2),
        own_durations=0.1,
    ),
    "queues": Wishes(queues=(1, 2, 3, 4), active=(1, 2, 3, 4), chunks=(2, 3, 4, 8), largest=12),
    "shared bus": Wishes(bus=1.0, largest=8, own_durations=0.2),
    "shared bus and groups": Wishes(
        bus=1.0,
        groups=0.5,
        largest=12,
        tasks=("compute", "collective", "collective", "shift"),
        dialects=("master", "master", "hoti2024"),
        queues=(1, 2),
        active=(1, 2, 4),
        chunks=(1, 3, 8),
        own_durations=0.2,
    ),
    "memory and roofline": Wishes(
        memory=1.0,
        roofline=0.5,
        largest=8,
        tasks=("compute", "collective", "access"),
        count=(2, 6),
        own_durations=0.1,
    ),
    "repeated": Wishes(repeats=(3, 5, 9), count=(1, 3), largest=16, chain=0.9, queues=(1, 1, 3)),
    "repeated, loosely": Wishes(
        tasks=("compute", "collective", "collective", "shift"),
        repeats=(3, 5),
        count=(1, 4),
        largest=9,
        chain=0.2,
        queues=(1, 2),
    ),
    "hybrid, repeated": Wishes(
        groups=0.9,
        tasks=HYBRID,
        dimensions=(1, 2, 2, 3),
        largest=16,
        dialects=("master",),
        backends=("congestion-unaware", "congestion-unaware", "congestion-aware"),
        count=(1, 5),
        chunks=(1, 2),
        repeats=(3, 5, 9),
    ),
    "repeated beside computations": Wishes(
        tasks=("compute", "collective"),
        repeats=(2, 3, 4),
        count=(2, 3),
        largest=8,
        chain=0.2,
    ),
}
"""By name."""


SHARPENED = (
    "repeated beside computations",
    "overlap",
    "repeated, loosely",
    "hybrid, repeated",
    "messages",
    "all different",
    "queues",
)
"""Families in which every other case has computations that end just when something happens."""


def case_of(name: str, seed: int) -> RandomCase:
    """The case of that number in a family; always the same."""
    rnd = Random(f"{name} {seed}")
    case = draw(rnd, FAMILIES[name])
    return sharpened(rnd, case) if name in SHARPENED and seed % 2 else case


def sharpened(rnd: Random, case: RandomCase) -> RandomCase:
    """The same with computations that end when something else happens, if nothing else changes."""
    clock = _Happenings()
    try:
        case.simulation().run(probes=[clock])
    except DeadlockError:
        return case
    times = sorted(clock.times)
    durations = {}
    for npu, tasks in enumerate(case.tasks):
        for place, task in enumerate(tasks):
            begun = clock.issued.get((npu, place + 1))
            later = [time - begun for time in times if begun is not None and time > begun]
            if task.type is NodeType.COMP and later and task.key not in durations:
                durations[task.key] = rnd.choice(later)
    return case.with_durations(durations)


class _Happenings(Probe):
    """When anything happens."""

    def __init__(self) -> None:
        self.times: set[int] = set()
        self.issued: dict[tuple[int, int], int] = {}

    def on_node_issued(self, event: NodeIssued) -> None:
        npu, node, time = event
        self.issued[npu, node.id] = time

    def on_message_sent(self, event: MessageSent) -> None:
        self.times.add(event.time)

    def on_message_arrived(self, event: MessageArrived) -> None:
        self.times.add(event.time)

    def on_phase_ended(self, event: PhaseEnded) -> None:
        self.times.add(event.time)

    def on_transmitting(self, event: Transmitting) -> None:
        self.times |= {event.time, event.until}
