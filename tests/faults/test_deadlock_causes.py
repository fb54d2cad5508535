"""What a DeadlockError says of a hang as data: who waits for whom, why, and in which circle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from planted_hangs import (
    NPUS,
    Machine,
    a_chain,
    a_circle_of,
    a_group_whose_member_finished,
    a_receive_from_somebody_else,
    a_receive_that_holds_the_unit,
    a_send_to_somebody_else,
    another_collective_size,
    another_order,
    another_size,
    another_size_in_one_group,
    another_tag,
    another_tag_for_a_handshake,
    another_type,
    groups_in_another_order,
    no_receive_for_a_handshake,
    no_send,
    one_send_for_two_receives,
    one_stuck_before,
    one_with_another_more,
    one_without,
    overlapping_groups,
    receives_first,
    sends_first_with_a_handshake,
    some_in_a_group_and_some_in_none,
    three_groups_in_a_circle,
    three_receives_first,
)
from support.machines import network, system

from simastra.errors import Cause, DeadlockError, Wait
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import Trace, TraceBuilder, write_trace
from simastra.units import KiB

MISSING_SEND = Cause.MISSING_SEND
MISSING_RECEIVE = Cause.MISSING_RECEIVE
PARTNER_WAITS = Cause.PARTNER_WAITS
UNIT_HELD = Cause.UNIT_HELD
MISMATCH = Cause.COLLECTIVE_MISMATCH
MISSING_COLLECTIVE = Cause.MISSING_COLLECTIVE
GROUP_MISMATCH = Cause.GROUP_MISMATCH


Waiting = dict[tuple[int, int], tuple[Cause, tuple[int, ...]]]
"""By NPU and node id: why it waits, and for whom."""


@dataclass(frozen=True, slots=True)
class Hang:
    """One planted hang and its diagnosis.

    Attributes:
        plant: makes the machine.
        waits: what waits, and why.
        cycle: the circle that must be found; none by default.
        says: for a node, words that its explanation must have.
    """

    plant: Callable[[], Machine]
    waits: Waiting
    cycle: tuple[int, ...] = ()
    says: dict[tuple[int, int], str] = field(default_factory=dict)


def summary(waits: Sequence[Wait]) -> Waiting:
    return {(wait.npu, wait.node): (wait.cause, wait.peers) for wait in waits}


HANGS = {
    "another tag": Hang(
        another_tag,
        {(1, 1): (Cause.TAG_MISMATCH, (0,))},
        says={(1, 1): "NPU 0's send, node 2, has tag 3"},
    ),
    "another size": Hang(
        another_size,
        {(1, 1): (Cause.SIZE_MISMATCH, (0,))},
        says={(1, 1): "NPU 0's send, node 1, is of 1,025 bytes"},
    ),
    "no send": Hang(no_send, {(3, 1): (MISSING_SEND, (2,))}),
    "a send to somebody else": Hang(a_send_to_somebody_else, {(1, 1): (MISSING_SEND, (0,))}),
    "a receive from somebody else": Hang(
        a_receive_from_somebody_else, {(1, 1): (MISSING_SEND, (3,))}
    ),
    "one send for two receives": Hang(
        one_send_for_two_receives,
        {(1, 2): (MISSING_SEND, (0,))},
        says={(1, 2): "one more is needed"},
    ),
    "no receive for a handshake": Hang(
        no_receive_for_a_handshake, {(0, 1): (MISSING_RECEIVE, (1,))}
    ),
    "another tag for a handshake": Hang(
        another_tag_for_a_handshake,
        {(0, 1): (Cause.TAG_MISMATCH, (1,)), (1, 1): (Cause.TAG_MISMATCH, (0,))},
        cycle=(0, 1),
        says={(0, 1): "receive, node 1, has tag 4", (1, 1): "send, node 1, has tag 3"},
    ),
    "a chain": Hang(
        a_chain,
        {
            (1, 1): (MISSING_SEND, (0,)),
            (2, 1): (PARTNER_WAITS, (1,)),
            (3, 1): (PARTNER_WAITS, (2,)),
        },
    ),
    "a circle of two": Hang(
        lambda: a_circle_of(1, 3),
        {(1, 1): (PARTNER_WAITS, (3,)), (3, 1): (PARTNER_WAITS, (1,))},
        cycle=(1, 3),
    ),
    "a circle of three": Hang(
        lambda: a_circle_of(0, 1, 2),
        {
            (0, 1): (PARTNER_WAITS, (2,)),
            (1, 1): (PARTNER_WAITS, (0,)),
            (2, 1): (PARTNER_WAITS, (1,)),
        },
        cycle=(0, 2, 1),
    ),
    "receives first": Hang(
        receives_first,
        {(0, 1): (UNIT_HELD, (1,)), (1, 1): (UNIT_HELD, (0,))},
        cycle=(0, 1),
        says={(0, 1): "NPU 1's send, node 2, is ready, but node 1 ('receive') holds"},
    ),
    "three receives first": Hang(
        three_receives_first,
        {(npu, 1): (UNIT_HELD, ((npu + 1) % 3,)) for npu in range(3)},
        cycle=(0, 1, 2),
    ),
    "sends first with a handshake": Hang(
        sends_first_with_a_handshake,
        {(0, 1): (UNIT_HELD, (1,)), (1, 1): (UNIT_HELD, (0,))},
        cycle=(0, 1),
        says={(0, 1): "NPU 1's receive, node 2, is ready, but node 1 ('send') holds"},
    ),
    "one without": Hang(
        one_without,
        {(npu, 1): (MISSING_COLLECTIVE, (2,)) for npu in (0, 1, 3)},
        says={(0, 1): "NPU 2 has finished with 0 of them and this is number 1"},
    ),
    "one with another more": Hang(
        one_with_another_more,
        {(2, 2): (MISSING_COLLECTIVE, (0, 1, 3))},
        says={(2, 2): "finished with 1 of them and this is number 2"},
    ),
    "another order": Hang(
        another_order,
        {(0, 1): (MISMATCH, (1,)), **{(npu, 1): (MISMATCH, (0,)) for npu in (1, 2, 3)}},
        cycle=(0, 1),
        says={(1, 1): "as collective number 1 NPU 0 has node 1, REDUCE_SCATTER of 1,024 bytes"},
    ),
    "another collective's size": Hang(
        another_collective_size,
        {(2, 1): (MISMATCH, (0,)), **{(npu, 1): (MISMATCH, (2,)) for npu in (0, 1, 3)}},
        cycle=(0, 2),
        says={(0, 1): "NPU 2 has node 1, ALL_GATHER of 2,048 bytes"},
    ),
    "another type": Hang(
        another_type,
        {(1, 1): (MISMATCH, (0,)), **{(npu, 1): (MISMATCH, (1,)) for npu in (0, 2, 3)}},
        cycle=(0, 1),
        says={(3, 1): "NPU 1 has node 1, ALL_TO_ALL of 1,024 bytes"},
    ),
    "one stuck before": Hang(
        one_stuck_before,
        {(3, 1): (MISSING_SEND, (0,)), **{(npu, 1): (PARTNER_WAITS, (3,)) for npu in (0, 1, 2)}},
        cycle=(0, 3),
        says={(2, 1): "NPU 3 hasn't come to it and is at node 1 ('stuck')"},
    ),
    "a receive that holds the unit": Hang(
        a_receive_that_holds_the_unit,
        {
            (1, 1): (PARTNER_WAITS, (0,)),
            **{(npu, 1): (PARTNER_WAITS, (1,)) for npu in (0, 2, 3)},
        },
        cycle=(0, 1),
    ),
    "overlapping groups": Hang(
        overlapping_groups,
        {
            (0, 1): (GROUP_MISMATCH, (2,)),
            (1, 1): (GROUP_MISMATCH, (2,)),
        },
        says={(0, 1): "NPU 2 takes part among NPUs 2, 3, this one among NPUs 0, 1, 2"},
    ),
    "some in a group and some in none": Hang(
        some_in_a_group_and_some_in_none,
        {(2, 1): (GROUP_MISMATCH, (0,)), (3, 1): (GROUP_MISMATCH, (0,))},
    ),
    "groups in another order": Hang(
        groups_in_another_order,
        {(0, 1): (PARTNER_WAITS, (1,)), (1, 1): (PARTNER_WAITS, (0,))},
        cycle=(0, 1),
    ),
    "three groups in a circle": Hang(
        three_groups_in_a_circle,
        {(npu, 1): (PARTNER_WAITS, ((npu + 1) % 3,)) for npu in range(3)},
        cycle=(0, 1, 2),
    ),
    "a group whose member finished": Hang(
        a_group_whose_member_finished, {(2, 1): (MISSING_COLLECTIVE, (3,))}
    ),
    "another size in one group": Hang(
        another_size_in_one_group,
        {(2, 1): (MISMATCH, (3,)), (3, 1): (MISMATCH, (2,))},
        cycle=(2, 3),
    ),
}


@pytest.mark.parametrize("hang", HANGS.values(), ids=HANGS)
def test_a_planted_hang_is_diagnosed(hang: Hang) -> None:
    deadlock = hang.plant().deadlock()
    assert summary(deadlock.waits) == hang.waits
    assert deadlock.cycle == hang.cycle
    assert set(deadlock.unfinished) == {npu for npu, _ in hang.waits}
    explanations = {(wait.npu, wait.node): wait.explanation for wait in deadlock.waits}
    for place, words in hang.says.items():
        assert words in explanations[place]


@pytest.mark.parametrize("hang", HANGS.values(), ids=HANGS)
def test_known_causes_come_first_and_neighbours_in_a_circle_wait_for_each_other(
    hang: Hang,
) -> None:
    deadlock = hang.plant().deadlock()
    symptoms = [wait.cause in (UNIT_HELD, PARTNER_WAITS) for wait in deadlock.waits]
    assert symptoms == sorted(symptoms)
    peers: dict[int, set[int]] = {}
    for wait in deadlock.waits:
        peers.setdefault(wait.npu, set()).update(wait.peers)
    for npu, following in zip(deadlock.cycle, deadlock.cycle[1:] + deadlock.cycle[:1], strict=True):
        assert following in peers[npu]


@pytest.mark.parametrize("plant", [receives_first, sends_first_with_a_handshake])
def test_what_holds_the_unit_at_hoti2024_ends_at_master(
    plant: Callable[[str], Machine],
) -> None:
    assert sorted(plant("master").run().finish_order) == list(range(NPUS))


# -- diagnoses that are still wrong -------------------------------------------------------------

ROWS_OF_TWO = (("Ring", 2), ("Switch", 2))


def test_an_absent_member_is_one_of_the_involved_dimension() -> None:
    machine = Machine(shape=ROWS_OF_TWO)
    machine.npus[2].all_reduce("in the row of 2 and 3", size=KiB, dims=(True, False))
    assert summary(machine.deadlock().waits) == {(2, 1): (MISSING_COLLECTIVE, (3,))}


def test_other_involved_dimensions_are_a_mismatch() -> None:
    machine = Machine(shape=ROWS_OF_TWO)
    for npu, builder in enumerate(machine.npus):
        builder.all_reduce("reduce", size=KiB, dims=(True, npu != 0))
    causes = {(wait.npu, wait.cause) for wait in machine.deadlock().waits}
    assert (0, MISMATCH) in causes
    assert (1, MISMATCH) in causes


def test_a_custom_collective_that_waits_for_a_message_says_so(tmp_path: Path) -> None:
    players = [TraceBuilder(npu) for npu in range(NPUS)]
    players[1].recv("never sent", size=KiB, source=0)
    write_trace(tmp_path / "play", Trace.of(players))
    trace = TraceBuilder()
    trace.all_reduce("reduce", size=KiB)
    simulation = Simulation(
        trace,
        system(all_reduce_implementation_custom=[str(tmp_path / "play")]),
        network(("Ring", NPUS)),
        options=Options(dialect=dialect_named("master")),
    )
    with pytest.raises(DeadlockError) as raised:
        simulation.run()
    (wait,) = raised.value.waits
    assert wait.npu == 1
    assert wait.cause is not Cause.UNKNOWN


def test_a_member_that_involves_no_dimension_is_a_mismatch() -> None:
    machine = Machine()
    for npu, builder in enumerate(machine.npus):
        builder.all_reduce("reduce", size=KiB, dims=(npu != 2,))
    waits = summary(machine.deadlock().waits)
    assert waits == {(npu, 1): (MISMATCH, (2,)) for npu in (0, 1, 3)}


def test_a_receive_that_took_a_message_of_a_collective_is_told() -> None:
    # At hoti2024 tags and numbers of chunks are the same numbers (behaviour 1.9).
    machine = Machine()
    machine.npus[2].recv("takes a step of chunk 0", size=KiB, source=1, tag=0)
    for builder in machine.npus:
        builder.all_reduce("reduce", size=16 * KiB)
    deadlock = machine.deadlock()
    assert Cause.STREAM_ORDER not in {wait.cause for wait in deadlock.waits}
    assert "tag 0" in str(deadlock)


def test_of_a_circle_alone_the_cause_is_the_order() -> None:
    told = str(groups_in_another_order().deadlock()).splitlines()
    assert told[-1].startswith("  likely cause: each waits first for what the next does later")
