"""What one member does in a phase, word for word, where everything it asks for happens in order.

`30m` admits a packet of 30 bytes: `r` for reduced, `m` toward memory, `b` sent back. `>20:30` sends
30 bytes to NPU 20, `<20:30` expects as many from it. (Behaviour 3.6 to 3.8 has the rules.)
"""

from collections import deque

import pytest

from simastra.collectives import Exchange, LogicalRing, Packet, PhaseMachine, choose
from simastra.collectives.algorithms.rooted import Rooted
from simastra.trace import CollectiveType

AR, RS, AG, A2A = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_GATHER,
    CollectiveType.ALL_TO_ALL,
)
THREE = (10, 20, 30)
FOUR = (10, 20, 30, 40)


class Alone(Exchange):
    """Writes down what a machine asks for."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.pending: deque[str] = deque()

    def admit(self, packet: Packet) -> None:
        marks = zip("rmb", (packet.reduces, packet.toward_memory, packet.send_back), strict=True)
        self.words.append(f"{packet.size}{''.join(mark for mark, is_set in marks if is_set)}")
        self.pending.append("admitted")

    def send(self, to: int, size: int) -> None:
        self.words.append(f">{to}:{size}")

    def receive(self, source: int, size: int) -> None:
        self.words.append(f"<{source}:{size}")
        self.pending.append("received")

    def finish(self) -> None:
        self.words.append("end")


def played(machine: PhaseMachine, *, messages_late: bool = False) -> str:
    alone = Alone()
    machine.start(alone)
    while alone.pending:
        late = messages_late and "admitted" in alone.pending
        happened = "admitted" if late else alone.pending[0]
        alone.pending.remove(happened)
        getattr(machine, happened)(alone)
    return " ".join(alone.words)


RING = {
    AR: "30m >30:30 <10:30 30rb >30:30 <10:30 30r >30:30 <10:30 30m >30:30 <10:30 30b end",
    RS: "30m >30:30 <10:30 30rb >30:30 <10:30 30r end",
    AG: "90m >30:90 <10:90 90b >30:90 <10:90 90 end",
    A2A: "30m >30:30 <10:30 30b >30:30 <10:30 30 >30:30 <10:30 30m end",
}
DIRECT = {
    AR: "30m 30m >30:30 <10:30 >10:30 <30:30 30r 30r >30:30 <10:30 >10:30 <30:30 30m 30m end",
    RS: "30m 30m >30:30 <10:30 >10:30 <30:30 30r 30r end",
    AG: "90m 90m >30:90 <10:90 >10:90 <30:90 90 90 end",
    A2A: "30m 30m >30:30 <10:30 >10:30 <30:30 30 30 end",
}
DIRECT_IN_A_GROUP = {
    AR: "30m 30m >30:30 <10:30 >10:30 <30:30 30rb 30rb >30:30 <10:30 >10:30 <30:30 30r 30r end",
    RS: "30m 30m >30:30 <10:30 >10:30 <30:30 30rb 30rb end",
    AG: "90m 90m >30:90 <10:90 >10:90 <30:90 90b 90b end",
    A2A: "30m 30m >30:30 <10:30 >10:30 <30:30 30b 30b end",
}
DIRECT_ONE_BY_ONE = {
    AR: "30m >30:30 <10:30 30r >10:30 <30:30 30m >30:30 <10:30 30 >10:30 <30:30 30m end",
    RS: "30m >30:30 <10:30 30r >10:30 <30:30 30m end",
    AG: "90m >30:90 <10:90 90 >10:90 <30:90 90m end",
    A2A: "30m >30:30 <10:30 30 >10:30 <30:30 30m end",
}
ONE_BY_ONE_IN_A_GROUP = {
    AR: "30m >30:30 <10:30 30rb >10:30 <30:30 30r >30:30 <10:30 30m >10:30 <30:30 30b end",
    RS: "30m >30:30 <10:30 30rb >10:30 <30:30 30r end",
    AG: "90m >30:90 <10:90 90b >10:90 <30:90 90 end",
    A2A: "30m >30:30 <10:30 30b >10:30 <30:30 30 end",
}


@pytest.mark.parametrize("collective", [AR, RS, AG, A2A])
@pytest.mark.parametrize(
    ("name", "is_group", "words"),
    [
        ("ring", False, RING),
        ("ring", True, RING),
        ("direct", False, DIRECT),
        ("direct", True, DIRECT_IN_A_GROUP),
        ("direct1", False, DIRECT_ONE_BY_ONE),
        ("direct1", True, ONE_BY_ONE_IN_A_GROUP),
    ],
)
def test_the_middle_one_of_three(
    name: str,
    is_group: bool,  # noqa: FBT001  # pytest passes it by name
    words: dict[CollectiveType, str],
    collective: CollectiveType,
) -> None:
    ring = LogicalRing(THREE, 1, is_group=is_group)
    machine = choose(name).algorithm.machine(collective, 90, ring)
    assert played(machine) == words[collective]


def test_the_second_half_of_a_direct_all_reduce_begins_when_all_of_the_first_is_in() -> None:
    """Even where a packet passes the endpoint before the next message is here."""
    machine = choose("direct").algorithm.machine(AR, 90, LogicalRing(THREE, 1))
    assert played(machine, messages_late=True) == DIRECT[AR]


@pytest.mark.parametrize(
    ("collective", "words"),
    [
        (AR, "45m >10:45 <10:45 22r >40:22 <40:22 22m >40:22 <40:22 44 >10:44 <10:44 88m end"),
        (RS, "45m >10:45 <10:45 22r >40:22 <40:22 11m end"),
        (AG, "90m >40:90 <40:90 180 >10:180 <10:180 360m end"),
    ],
)
def test_halving_doubling_loses_a_byte_where_a_half_is_odd(
    collective: CollectiveType, words: str
) -> None:
    machine = choose("halvingDoubling").algorithm.machine(collective, 90, LogicalRing(FOUR, 1))
    assert played(machine) == words


LEAF_OF_20 = "90m >20:90 <20:90 90 end"
LEAF_OF_30 = "90m >30:90 <30:90 90 end"


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (
            0,
            [
                LEAF_OF_20,
                "<10:90 <30:90 90r 90rb >40:90 <40:90 90rb >10:90 >30:90 end",
                LEAF_OF_20,
                "<20:90 90rb >20:90 end",
            ],
        ),
        (
            1,
            [
                "<30:90 90rb >30:90 end",
                LEAF_OF_30,
                "<20:90 <40:90 90r 90rb >10:90 <10:90 90rb >20:90 >40:90 end",
                LEAF_OF_30,
            ],
        ),
    ],
)
def test_each_member_s_part_in_the_two_trees(turn: int, words: list[str]) -> None:
    tree = choose("doubleBinaryTree").algorithm
    parts = [played(tree.machine(AR, 90, LogicalRing(FOUR, place), turn)) for place in range(4)]
    assert parts == words


def test_the_two_trees_want_a_power_of_two() -> None:
    tree = choose("doubleBinaryTree").algorithm
    fit = [npus for npus in range(1, 70) if tree.problem(AR, npus) is None]
    assert fit == [1, 2, 4, 8, 16, 32, 64]
    assert tree.problem(AR, 6) == (
        "doubleBinaryTree needs a power of two of NPUs, the dimension has 6; use ring or direct"
    )


BARRIER = "1m >{}:1 <{}:1 1m >{}:1 <{}:1 1m end"
SENDS_ALL = "90m >30:90 end"
GETS_ITS_SHARE = "<30:22 22 end"


@pytest.mark.parametrize(
    ("collective", "words"),
    [
        (
            CollectiveType.BROADCAST,
            ["<30:90 90 end", "<40:90 90 end", "90m >40:90 >10:90 end", "<30:90 90 >20:90 end"],
        ),
        (
            CollectiveType.REDUCE,
            [SENDS_ALL, "90m >40:90 end", "<40:90 <10:90 90r 90r end", "<20:90 90r >30:90 end"],
        ),
        (
            CollectiveType.GATHER,
            [SENDS_ALL, SENDS_ALL, "<10:90 <20:90 <40:90 90 90 90 end", SENDS_ALL],
        ),
        (
            CollectiveType.SCATTER,
            [GETS_ITS_SHARE] * 2 + ["22m 22m 22m >10:22 >20:22 >40:22 end", GETS_ITS_SHARE],
        ),
        (
            CollectiveType.BARRIER,
            [
                BARRIER.format(20, 40, 30, 30),
                BARRIER.format(30, 10, 40, 40),
                BARRIER.format(40, 20, 10, 10),
                BARRIER.format(10, 30, 20, 20),
            ],
        ),
    ],
)
def test_each_member_s_part_where_the_third_is_the_root(
    collective: CollectiveType, words: list[str]
) -> None:
    parts = [
        played(Rooted(30).machine(collective, 90, LogicalRing(FOUR, place))) for place in range(4)
    ]
    assert parts == words
