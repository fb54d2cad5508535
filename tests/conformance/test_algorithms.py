"""Every entry of ALGORITHMS moves the right data, whatever order the network chooses.

Parametrised over the table, and what others might add to it: a new algorithm is tested by being
listed, for those collectives that it declares to run.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

import pytest
from clockless import Execution, Executor
from hypothesis import assume, given
from hypothesis import strategies as st
from support.extensions import OWN_ALGORITHMS
from support.reducing import ReducingStars, ReducingTree

from simastra.collectives import (
    ALGORITHMS,
    FOUR_COLLECTIVES,
    Algorithm,
    Exchange,
    LogicalRing,
    Packet,
    PhaseMachine,
    RingSymmetry,
    StepwiseAlgorithm,
    choose,
    line_of,
)
from simastra.collectives.algorithms.hierarchical import Hierarchical
from simastra.collectives.algorithms.stepwise_algorithms import STEPWISE_ALGORITHMS
from simastra.trace import CollectiveType

SIZES = (2, 3, 4, 5, 6, 7, 8, 9, 16)
WINDOWS = (1, 2, 5)
TABLE = {**OWN_ALGORITHMS, **ALGORITHMS}
NAMES = (
    *TABLE,
    *(f"{name}{w}" for name, entry in TABLE.items() if entry.with_window for w in WINDOWS),
)
IN_GROUPS = ("ring", "direct")


@dataclass(frozen=True, slots=True)
class Combination:
    """An algorithm, what it is to do, and whether among a process group."""

    name: str
    collective: CollectiveType
    in_group: bool = False

    @property
    def algorithm(self) -> Algorithm:
        algorithm = choose(self.name, TABLE).algorithm
        return algorithm.on(ReducingStars(2) if self.name == "nvls" else ReducingTree())

    @property
    def performed(self) -> CollectiveType:
        return self.algorithm.runs_as(self.collective)

    def possible(self, npus: int) -> bool:
        return self.algorithm.problem(self.collective, npus) is None

    @property
    def sizes(self) -> st.SearchStrategy[int]:
        """Numbers of members that it is possible among."""
        return st.sampled_from(list(filter(self.possible, SIZES)))

    def rings(self, npus: int, *, clockwise: bool = True) -> list[LogicalRing]:
        """Each member's view; ids unlike positions, so that mixing them up shows."""
        if self.in_group:
            members = tuple((7 * index) % 31 + 2 for index in range(npus))
            views = [LogicalRing(members, index, is_group=True) for index in range(npus)]
        else:
            views = [line_of(3 + 5 * index, npus, stride=5) for index in range(npus)]
        if clockwise:
            return views
        return sorted((view.reversed() for view in views), key=lambda view: view.position)

    def __str__(self) -> str:
        return f"{self.name}{'-group' if self.in_group else ''}-{self.collective.name}"


COMBINATIONS = [
    Combination(name, collective, in_group)
    for name in NAMES
    for collective in FOUR_COLLECTIVES
    for in_group in ((False, True) if name in IN_GROUPS else (False,))
    if any(Combination(name, collective).possible(npus) for npus in SIZES)
]
every_combination = pytest.mark.parametrize("combination", COMBINATIONS, ids=str)

EXTREME_ORDERS: dict[str, Callable[[int], int]] = {
    "oldest first": lambda _count: 0,
    "newest first": lambda count: count - 1,
    "from the middle": lambda count: count // 2,
}


def check_outcome(performed: CollectiveType, npus: int, outcome: Execution) -> None:
    """The post-condition of a collective."""
    everybody = frozenset(range(npus))
    complete = [
        {block for block, contributions in holdings.items() if contributions == everybody}
        for holdings in outcome.holdings
    ]
    for position, holdings in enumerate(outcome.holdings):
        match performed:
            case CollectiveType.ALL_REDUCE:
                assert complete[position] == set(range(npus))
            case CollectiveType.REDUCE_SCATTER:
                assert len(complete[position]) == 1
            case CollectiveType.ALL_GATHER:
                assert holdings == {block: frozenset({block}) for block in range(npus)}
            case _:
                mine = {origin * npus + position: frozenset({origin}) for origin in range(npus)}
                assert mine.items() <= holdings.items()
    if performed is CollectiveType.REDUCE_SCATTER:
        assert set.union(*complete) == set(range(npus))  # with one each: nobody's is another's


def orders() -> st.SearchStrategy[Callable[[int], int]]:
    """Orders of events: a short list of numbers, used over and over, picks what happens next."""

    def order(numbers: list[int]) -> Callable[[int], int]:
        endless = _repeated(numbers)
        return lambda count: next(endless) % count

    return st.lists(st.integers(0, 1000), min_size=1, max_size=50).map(order)


def _repeated(numbers: list[int]) -> Iterator[int]:
    while True:
        yield from numbers


@every_combination
@pytest.mark.parametrize("order", EXTREME_ORDERS)
def test_data_get_where_they_belong_in_extreme_orders(combination: Combination, order: str) -> None:
    for npus in filter(combination.possible, SIZES):
        outcome = Executor(
            combination.algorithm,
            combination.collective,
            npus * 64,
            combination.rings(npus),
            EXTREME_ORDERS[order],
        ).run()
        check_outcome(combination.performed, npus, outcome)


@every_combination
@given(data=st.data(), order=orders(), clockwise=st.booleans(), turn=st.integers(0, 3))
def test_data_get_where_they_belong_in_any_order(
    combination: Combination,
    data: st.DataObject,
    order: Callable[[int], int],
    clockwise: bool,  # noqa: FBT001  # hypothesis passes it by name
    turn: int,
) -> None:
    npus = data.draw(combination.sizes)
    rings = combination.rings(npus, clockwise=clockwise)
    outcome = Executor(
        combination.algorithm, combination.collective, npus * 64, rings, order, turn
    ).run()
    check_outcome(combination.performed, npus, outcome)


levels = st.sampled_from(sorted(STEPWISE_ALGORITHMS)).map(STEPWISE_ALGORITHMS.__getitem__)


@given(
    inner=levels,
    outer=levels,
    sizes=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    collective=st.sampled_from(FOUR_COLLECTIVES),
    order=orders(),
    ports=st.integers(2, 5),
)
def test_any_two_algorithms_are_levels_of_one(
    inner: StepwiseAlgorithm,
    outer: StepwiseAlgorithm,
    sizes: tuple[int, int],
    collective: CollectiveType,
    order: Callable[[int], int],
    ports: int,
) -> None:
    npus, node = prod(sizes), sizes[0]
    algorithm = Hierarchical(node, inner, outer).on(ReducingTree(ports))
    assume(npus > 1 and algorithm.problem(collective, npus) is None)
    rings = [line_of(position, npus, stride=1) for position in range(npus)]
    outcome = Executor(algorithm, collective, npus * 64, rings, order).run()
    check_outcome(collective, npus, outcome)


def least_bytes(collective: CollectiveType, npus: int, size: int) -> int:
    """What each member must send at least, if no member sends less than another."""
    match collective:
        case CollectiveType.ALL_REDUCE:
            return 2 * (npus - 1) * (size // npus)
        case CollectiveType.ALL_GATHER:
            return (npus - 1) * size
        case _:
            return (npus - 1) * (size // npus)


def ring_bytes(collective: CollectiveType, npus: int, size: int) -> int:
    """Ring forwards each block of an all-to-all hop by hop: d hops for the d-th next member."""
    if collective is CollectiveType.ALL_TO_ALL:
        return npus * (npus - 1) // 2 * (size // npus)
    return least_bytes(collective, npus, size)


def both_ways_bytes(collective: CollectiveType, npus: int, size: int) -> int:
    """As a ring, but no block of an all-to-all goes further than half of the way."""
    if collective is CollectiveType.ALL_TO_ALL:
        hops = sum(min(distance, npus - distance) for distance in range(npus))
        return hops * (size // npus)
    return least_bytes(collective, npus, size)


def bruck_bytes(collective: CollectiveType, npus: int, size: int) -> int:
    """A block of an all-to-all goes a hop for each bit of its distance."""
    if collective is CollectiveType.ALL_TO_ALL:
        return sum(distance.bit_count() for distance in range(npus)) * (size // npus)
    return least_bytes(collective, npus, size)


def recursive_doubling_bytes(collective: CollectiveType, npus: int, size: int) -> int:
    """All-reduce: the whole buffer in each step among a power of two, and twice for the others."""
    if collective is CollectiveType.ALL_REDUCE:
        steps = npus.bit_length() - 1
        return (2**steps * steps + 2 * (npus - 2**steps)) * (size // npus)
    return least_bytes(collective, npus, size)


TEXTBOOK: dict[str, Callable[[CollectiveType, int, int], int]] = {
    "ring": ring_bytes,
    "direct": least_bytes,
    "halvingDoubling": least_bytes,
    "doubleBinaryTree": least_bytes,
    "bidirectionalRing": both_ways_bytes,
    "recursiveDoubling": recursive_doubling_bytes,
    "rabenseifner": least_bytes,
    "bruck": bruck_bytes,
    "pairwise": least_bytes,
    "pat": least_bytes,
    "swing": least_bytes,
    "multiRing": ring_bytes,
    "nvls": lambda _collective, _npus, size: size,
    "sharp": lambda _collective, _npus, size: size,
}
"""What each member sends on the average, where it is known (behaviour 3.6); others send no less."""

UNEVEN = frozenset({"doubleBinaryTree", "recursiveDoubling", "rabenseifner"})
"""Algorithms whose members send unlike amounts; only their sum is the law's."""


# Even shares: halving-doubling halves once more than it needs to, and loses an odd byte (3.7).
@every_combination
@given(half_share=st.integers(1, 100_000), data=st.data())
def test_members_send_the_textbook_number_of_bytes(
    combination: Combination, half_share: int, data: st.DataObject
) -> None:
    npus = data.draw(combination.sizes)
    size = 2 * half_share * npus
    outcome = Executor(
        combination.algorithm,
        combination.collective,
        size,
        combination.rings(npus),
        EXTREME_ORDERS["oldest first"],
    ).run()
    sent: Counter[int] = Counter()
    for message in outcome.sent:
        if message.position is not None:
            sent[message.position] += message.size
    name = combination.name.rstrip("0123456789")
    if not combination.algorithm.uses_switches:
        assert sent.total() >= npus * least_bytes(combination.performed, npus, size)
    if name in TEXTBOOK:
        expected = TEXTBOOK[name](combination.performed, npus, size)
        assert sent.total() == npus * expected
        assert name in UNEVEN or sent == dict.fromkeys(range(npus), expected)
        assert combination.algorithm.sends_evenly == (name not in UNEVEN)
    if combination.algorithm.sends_evenly:
        assert len(set(sent.values())) == 1


@every_combination
@given(size=st.integers(1, 100_000), data=st.data())
def test_the_smallest_and_the_largest_message_are_as_told(
    combination: Combination, size: int, data: st.DataObject
) -> None:
    npus = data.draw(combination.sizes)
    algorithm, collective = combination.algorithm, combination.collective
    rings = combination.rings(npus)
    outcome = Executor(algorithm, collective, size, rings, EXTREME_ORDERS["oldest first"]).run()
    sizes = [message.size for message in outcome.sent]
    assert algorithm.message_sizes(collective, size, npus) == (min(sizes), max(sizes))


class Admitted(Exchange):
    """Lets a machine go through its phase by itself, and notes what passes its endpoint."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.due: deque[Callable[[PhaseMachine], None]] = deque()

    def admit(self, packet: Packet) -> None:
        self.sizes.append(packet.size)
        self.due.append(lambda machine: machine.admitted(self))

    def send(self, to: int, size: int) -> None:
        pass

    def receive(self, source: int, size: int) -> None:
        self.due.append(lambda machine: machine.received(self))

    def finish(self) -> None:
        self.due.clear()


@every_combination
@given(size=st.integers(1, 100_000), data=st.data())
def test_the_smallest_and_the_largest_packet_are_as_told(
    combination: Combination, size: int, data: st.DataObject
) -> None:
    npus = data.draw(combination.sizes)
    algorithm, collective = combination.algorithm, combination.collective
    sizes: list[int] = []
    for ring in combination.rings(npus):
        exchange, machine = Admitted(), algorithm.machine(collective, size, ring)
        machine.start(exchange)
        while exchange.due:
            exchange.due.popleft()(machine)
        sizes += exchange.sizes
    assert algorithm.packet_sizes(collective, size, npus) == (min(sizes), max(sizes))


@every_combination
@pytest.mark.parametrize("npus", SIZES)
def test_a_message_is_as_large_as_the_blocks_in_it(combination: Combination, npus: int) -> None:
    if not combination.possible(npus):
        return
    size = npus * 64
    block = size if combination.performed is CollectiveType.ALL_GATHER else size // npus
    outcome = Executor(
        combination.algorithm,
        combination.collective,
        size,
        combination.rings(npus),
        EXTREME_ORDERS["oldest first"],
    ).run()
    assert all(message.size == block * len(message.blocks) for message in outcome.sent)


@pytest.mark.parametrize("name", ["ring", "direct", "direct2"])
@given(size=st.integers(9, 10_000), npus=st.integers(2, 9))
def test_what_does_not_divide_is_not_sent(name: str, size: int, npus: int) -> None:
    combination = Combination(name, CollectiveType.ALL_REDUCE)
    outcome = Executor(
        combination.algorithm,
        combination.collective,
        size,
        combination.rings(npus),
        EXTREME_ORDERS["oldest first"],
    ).run()
    assert {message.size for message in outcome.sent} == {size // npus}


@every_combination
@given(share=st.integers(1, 1000), data=st.data())
def test_the_next_phase_gets_what_this_one_leaves(
    combination: Combination, share: int, data: st.DataObject
) -> None:
    npus = data.draw(combination.sizes)
    size = share * npus
    expected = {
        CollectiveType.ALL_REDUCE: size,
        CollectiveType.REDUCE_SCATTER: share,
        CollectiveType.ALL_GATHER: size * npus,
        CollectiveType.ALL_TO_ALL: size,
    }[combination.performed]
    assert combination.algorithm.result_size(combination.collective, size, npus) == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("npus", SIZES)
def test_what_cannot_run_says_why_and_names_the_algorithm(name: str, npus: int) -> None:
    algorithm = choose(name, TABLE).algorithm
    for collective in FOUR_COLLECTIVES:
        problem = algorithm.problem(collective, npus)
        assert problem is None or name.rstrip("0123456789") in problem


def test_every_algorithm_runs_something() -> None:
    assert {combination.name for combination in COMBINATIONS} == set(NAMES)


class Part(Exchange):
    """Notes all that one member asks for, if everything happens in the order in which it asks.

    Peers are noted by their positions, switches by their numbers.
    """

    def __init__(self, machine: PhaseMachine, members: Sequence[int]) -> None:
        self.asked: list[tuple[object, ...]] = []
        self._members = members
        self._due: deque[Callable[[Exchange], None]] = deque()
        self._machine = machine
        machine.start(self)
        while self._due:
            self._due.popleft()(self)

    def admit(self, packet: Packet) -> None:
        self.asked.append(("admit", packet))
        self._due.append(self._machine.admitted)

    def send(self, to: int, size: int) -> None:
        self.asked.append(("send", self._place(to), size))

    def receive(self, source: int, size: int) -> None:
        self.asked.append(("receive", self._place(source), size))
        self._due.append(self._machine.received)

    def finish(self) -> None:
        self.asked.append(("finish",))

    def _place(self, device: int) -> int:
        return self._members.index(device) if device in self._members else device


def moved(symmetry: RingSymmetry, position: int, by: int, npus: int) -> int:
    """Where a promised renumbering takes a position."""
    match symmetry:
        case RingSymmetry.SHIFTS:
            return (position + by) % npus
        case RingSymmetry.EXCHANGES:
            return position ^ by
        case RingSymmetry.IDENTITY | RingSymmetry.NONE:
            return position


@every_combination
@pytest.mark.parametrize("clockwise", [True, False])
def test_promised_renumberings_take_exchanges_to_exchanges(
    combination: Combination, *, clockwise: bool
) -> None:
    symmetry = combination.algorithm.symmetry
    for npus in filter(combination.possible, SIZES):
        if symmetry is RingSymmetry.EXCHANGES:
            assert npus & (npus - 1) == 0
        parts = [
            Part(
                combination.algorithm.machine(combination.collective, npus * 64, ring),
                ring.members,
            ).asked
            for ring in combination.rings(npus, clockwise=clockwise)
        ]
        for by in range(npus):
            for position, asked in enumerate(parts):
                image = [
                    (what, moved(symmetry, rest[0], by, npus), *rest[1:])
                    if what in {"send", "receive"}
                    else (what, *rest)
                    for what, *rest in asked
                ]
                assert parts[moved(symmetry, position, by, npus)] == image


@every_combination
def test_one_that_says_it_is_a_ring_only_talks_to_its_neighbours_a_message_at_a_time(
    combination: Combination,
) -> None:
    if not combination.algorithm.is_ring:
        return
    assert combination.algorithm.symmetry is RingSymmetry.SHIFTS
    assert not combination.algorithm.alternates
    for npus in filter(combination.possible, SIZES):
        for ring in combination.rings(npus):
            asked = asked_by(combination, ring, turn=0)
            steps = [what for what, *_ in asked]
            assert steps == ["admit", "send", "receive"] * (len(steps) // 3) + ["admit", "finish"]
            peers = {(what, rest[0]) for what, *rest in asked if what in {"send", "receive"}}
            ahead, behind = (ring.members.index(ring.peer(by)) for by in (1, -1))
            assert peers == {("send", ahead), ("receive", behind)}


def test_what_is_promised_is_known() -> None:
    promised = {name: choose(name).algorithm.symmetry for name in ALGORITHMS}
    assert promised["ring"] is promised["direct"] is RingSymmetry.SHIFTS
    assert promised["halvingDoubling"] is RingSymmetry.EXCHANGES
    assert promised["doubleBinaryTree"] is promised["swing"] is RingSymmetry.IDENTITY
    assert promised["rabenseifner"] is promised["recursiveDoubling"] is RingSymmetry.IDENTITY
    assert promised["bruck"] is promised["pat"] is promised["pairwise"] is RingSymmetry.SHIFTS
    assert promised["bidirectionalRing"] is RingSymmetry.SHIFTS
    alternating = {name for name in ALGORITHMS if choose(name).algorithm.alternates}
    assert alternating == {"doubleBinaryTree", "multiRing", "nvls", "sharp"}
    assert [name for name in ALGORITHMS if choose(name).algorithm.is_ring] == ["ring"]


def asked_by(combination: Combination, ring: LogicalRing, turn: int) -> list[tuple[object, ...]]:
    size = 64 * len(ring)
    machine = combination.algorithm.machine(combination.collective, size, ring, turn)
    return Part(machine, ring.members).asked


@every_combination
def test_one_that_promises_anything_knows_members_by_their_positions(
    combination: Combination,
) -> None:
    if combination.algorithm.symmetry is RingSymmetry.NONE:
        return
    for npus in filter(combination.possible, SIZES):
        for ring in combination.rings(npus):
            others = tuple((11 * member + 4) % 1009 for member in ring.members)
            elsewhere = LogicalRing(others, ring.position, ring.is_group)
            for turn in (0, 1):
                assert asked_by(combination, ring, turn) == asked_by(combination, elsewhere, turn)


@every_combination
def test_one_that_does_not_alternate_does_the_same_in_every_turn(
    combination: Combination,
) -> None:
    for npus in filter(combination.possible, SIZES):
        for ring in combination.rings(npus):
            first, *others = (asked_by(combination, ring, turn) for turn in range(4))
            assert combination.algorithm.alternates or all(other == first for other in others)
