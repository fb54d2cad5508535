"""What is told of who waits for whom in a hang, word for word."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from support.machines import network, system

from simastra.config import CommGroups
from simastra.errors import Cause, DeadlockError
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import Node, Trace, TraceBuilder
from simastra.units import KiB

TWO_ROWS = (("Ring", 2), ("Switch", 2))
ALL_OF_4 = {"1": [0, 1, 2, 3], "2": [0, 1, 2, 3]}


def hang(
    npus: Sequence[TraceBuilder],
    dialect: str = "master",
    groups: Mapping[str, Sequence[int]] | None = None,
    shape: Sequence[tuple[str, int]] = (),
    **options: Any,
) -> DeadlockError:
    """Run NPUs, on a ring by default, to where they stand still."""
    dimensions = shape or (("Ring", len(npus)),)
    simulation = Simulation(
        Trace.of(npus),
        system(["ring"] * len(dimensions)),
        network(*dimensions),
        comm_groups=CommGroups.parse(groups) if groups else None,
        options=Options(dialect=dialect_named(dialect), **options),
    )
    with pytest.raises(DeadlockError) as raised:
        simulation.run()
    return raised.value


def builders(count: int) -> list[TraceBuilder]:
    return [TraceBuilder(npu) for npu in range(count)]


def told(deadlock: DeadlockError) -> dict[tuple[int, int], str]:
    """By NPU and node: the explanation."""
    return {(it.npu, it.node): it.explanation for it in deadlock.waits}


def causes(deadlock: DeadlockError) -> dict[tuple[int, int], Cause]:
    return {(it.npu, it.node): it.cause for it in deadlock.waits}


# -- messages -----------------------------------------------------------------------------------


def test_of_two_sends_that_nearly_fit_the_one_of_the_same_tag_is_meant() -> None:
    npus = builders(2)
    npus[0].send("other tag", size=1000, to=1, tag=3)
    npus[0].send("other size", size=7, to=1, tag=4)
    npus[1].recv("receive", size=1000, source=0, tag=4)
    deadlock = hang(npus)
    (wait,) = deadlock.waits
    assert str(wait) == (
        "NPU 1, node 1 ('receive') waits to receive 1,000 bytes from NPU 0 with tag 4: "
        "NPU 0's send, node 2, is of 7 bytes [size mismatch]"
    )
    assert (wait.peers, deadlock.unfinished, deadlock.cycle) == ((0,), (1,), ())


def test_a_send_of_another_tag_and_size_is_not_meant() -> None:
    npus = builders(2)
    npus[0].send("send", size=1000, to=1, tag=3)
    npus[1].recv("receive", size=7, source=0, tag=9)
    deadlock = hang(npus)
    assert told(deadlock) == {(1, 1): "NPU 0 has no send to NPU 1 that matches"}
    assert causes(deadlock) == {(1, 1): Cause.MISSING_SEND}


def test_a_handshake_that_nobody_sends_is_a_missing_receive() -> None:
    npus = builders(2)
    npus[0].send("send", size=1000, to=1, tag=3)
    npus[1].compute("c", micros=1)
    deadlock = hang(npus, rendezvous=True)
    assert told(deadlock) == {(0, 1): "NPU 1 has no receive from NPU 0 that matches"}
    assert causes(deadlock) == {(0, 1): Cause.MISSING_RECEIVE}


def test_a_send_that_another_receive_needs_is_not_meant() -> None:
    npus = builders(2)
    npus[0].send("send", size=1000, to=1, tag=3)
    npus[1].recv("sound", size=1000, source=0, tag=3)
    npus[1].recv("receive", size=1000, source=0, tag=4)
    assert told(hang(npus)) == {(1, 2): "NPU 0 has no send to NPU 1 that matches"}


def test_a_send_that_goes_elsewhere_is_told() -> None:
    npus = builders(3)
    npus[0].send("unlike", size=1000, to=2, tag=5)
    npus[0].send("send", size=1000, to=2)
    npus[1].recv("receive", size=1000, source=0)
    assert told(hang(npus)) == {
        (1, 1): "NPU 0 has no send to NPU 1 that matches; its send, node 2, goes to NPU 2, which "
        "doesn't receive it"
    }


def test_a_send_that_is_received_elsewhere_is_not_told() -> None:
    npus = builders(3)
    npus[0].send("send", size=1000, to=2)
    npus[2].recv("sound", size=1000, source=0)
    npus[1].recv("receive", size=1000, source=0)
    assert told(hang(npus)) == {(1, 1): "NPU 0 has no send to NPU 1 that matches"}


def test_a_receive_from_elsewhere_is_told() -> None:
    npus = builders(3)
    npus[0].recv("receive", size=1000, source=2)
    npus[1].send("send", size=1000, to=0)
    deadlock = hang(npus, rendezvous=True)
    assert told(deadlock) == {
        (0, 1): "NPU 2 has no send to NPU 0 that matches",
        (1, 1): "NPU 0 has no receive from NPU 1 that matches; its receive, node 1, is from NPU 2, "
        "which sends no such",
    }
    assert set(causes(deadlock).values()) == {Cause.MISSING_SEND, Cause.MISSING_RECEIVE}


def test_sends_that_are_used_up_are_counted() -> None:
    npus = builders(2)
    npus[0].send("send", size=1000, to=1)
    npus[1].recv("first", size=1000, source=0)
    npus[1].recv("second", size=1000, source=0)
    assert told(hang(npus)) == {
        (1, 2): "NPU 0 has 1 such sends and all have been used; one more is needed"
    }


def test_sends_that_have_not_begun_and_are_too_few_are_counted() -> None:
    npus = builders(2)
    never = npus[0].recv("never", size=5, source=1, tag=8)
    npus[0].send("send", size=1000, to=1, after=never)
    npus[1].recv("first", size=1000, source=0)
    npus[1].recv("second", size=1000, source=0)
    few = "NPU 0 has only 1 such sends; one more is needed"
    deadlock = hang(npus)
    assert told(deadlock) == {
        (0, 1): "NPU 1 has no send to NPU 0 that matches",
        (1, 1): few,
        (1, 2): few,
    }
    assert deadlock.cycle == (0, 1)


def test_as_many_sends_as_receives_come_late_each_for_its_own() -> None:
    npus = builders(2)
    never = npus[0].recv("never", size=5, source=1, tag=8)
    for name in ("first", "second"):
        npus[0].send(name, size=1000, to=1, after=never)
        npus[1].recv(name, size=1000, source=0)
    explanations = told(hang(npus))
    assert explanations[1, 1] == "NPU 0's send, node 2, waits for nodes that have not finished"
    assert explanations[1, 2] == "NPU 0's send, node 3, waits for nodes that have not finished"


def test_a_circle_of_receives_before_sends() -> None:
    npus = builders(2)
    for npu in (0, 1):
        received = npus[npu].recv("receive", size=KiB, source=1 - npu)
        npus[npu].send("send", size=KiB, to=1 - npu, after=received)
    deadlock = hang(npus)
    late = "send, node 2, waits for nodes that have not finished"
    assert told(deadlock) == {(0, 1): f"NPU 1's {late}", (1, 1): f"NPU 0's {late}"}
    assert set(causes(deadlock).values()) == {Cause.PARTNER_WAITS}


def test_a_circle_of_held_units() -> None:
    npus = builders(2)
    for npu in (0, 1):
        npus[npu].recv("receive", size=KiB, source=1 - npu)
        npus[npu].send("send", size=KiB, to=1 - npu)
    deadlock = hang(npus, "hoti2024")
    held = "send, node 2, is ready, but node 1 ('receive') holds the NPU's unit"
    assert told(deadlock) == {(0, 1): f"NPU 1's {held}", (1, 1): f"NPU 0's {held}"}
    assert set(causes(deadlock).values()) == {Cause.UNIT_HELD}


def test_both_sides_of_a_handshake_tell_the_others_tag() -> None:
    npus = builders(2)
    npus[0].send("send", size=KiB, to=1, tag=5)
    npus[1].recv("receive", size=KiB, source=0, tag=6)
    assert told(hang(npus, rendezvous=True)) == {
        (0, 1): "NPU 1's receive, node 1, has tag 6",
        (1, 1): "NPU 0's send, node 1, has tag 5",
    }


# -- collectives --------------------------------------------------------------------------------


def test_of_a_large_group_eight_members_are_shown() -> None:
    for count, listed in ((8, "0, 1, 2, 3, 4, 5, 6, 7"), (9, "0, 1, 2, 3, 4, 5, 6, 7, ... (9 in")):
        npus = builders(12)
        for builder in npus:
            builder.all_reduce("reduce", size=KiB, group=1)
        last = count - 1
        groups = {"1": range(count), "2": range(last, 12)}
        deadlock = hang(npus, "hoti2024", {key: list(group) for key, group in groups.items()})
        theirs = ", ".join(map(str, groups["2"]))
        assert told(deadlock)[0, 1].startswith(
            f"NPU {last} takes part among NPUs {theirs}, this one among NPUs {listed}"
        )
        assert deadlock.remarks == (
            f"NPU 0's node 1 and {count - 2} more that wait name their process groups (pg_name "
            "'1'), which this dialect doesn't read: --compat master does",
        )


def test_a_member_that_involves_nobody() -> None:
    npus = builders(4)
    for npu, builder in enumerate(npus):
        builder.all_reduce("reduce", size=KiB, dims=(npu != 2,))
    assert told(hang(npus)) == dict.fromkeys(
        [(0, 1), (1, 1), (3, 1)], "NPU 2's node 1 involves dimensions none, this one 0"
    )


def test_a_member_of_another_dimension() -> None:
    npus = builders(4)
    for npu, builder in enumerate(npus):
        before = builder.all_reduce("sound", size=KiB, dims=(True, False))
        dims = (True, True) if npu != 3 else (False, True)
        builder.all_reduce("reduce", size=KiB, dims=dims, after=before)
    deadlock = hang(npus, shape=TWO_ROWS)
    text = (
        "node 2 ('reduce'), ALL_REDUCE of 1,024 bytes, involves dimension 1, where the others have "
        "it with dimensions 0, 1"
    )
    assert told(deadlock) == {
        (3, 2): f"its {text}",
        **dict.fromkeys([(0, 2), (1, 2), (2, 2)], f"NPU 3's {text}"),
    }
    assert {it.npu: it.peers for it in deadlock.waits} == {
        0: (3,), 1: (3,), 2: (3,), 3: (0, 1, 2)
    }  # fmt: skip
    assert set(causes(deadlock).values()) == {Cause.COLLECTIVE_MISMATCH}


def test_a_member_of_another_group() -> None:
    npus = builders(4)
    for npu, builder in enumerate(npus):
        builder.all_reduce("reduce", size=KiB, group=1 if npu != 3 else 2)
    deadlock = hang(npus, groups=ALL_OF_4)
    text = (
        "node 1 ('reduce'), ALL_REDUCE of 1,024 bytes, names process group 2, where the others "
        "have it with process group 1"
    )
    assert told(deadlock) == {
        (3, 1): f"its {text}",
        **dict.fromkeys([(0, 1), (1, 1), (2, 1)], f"NPU 3's {text}"),
    }
    assert set(causes(deadlock).values()) == {Cause.GROUP_MISMATCH}


def test_a_member_that_names_no_group() -> None:
    npus = builders(4)
    for npu, builder in enumerate(npus):
        builder.all_reduce("reduce", size=KiB, group=1 if npu != 3 else None)
    assert told(hang(npus, groups=ALL_OF_4))[3, 1].endswith(
        "names no process group, where the others have it with process group 1"
    )


def test_a_member_that_begins_another_size() -> None:
    npus = builders(4)
    for npu, builder in enumerate(npus):
        before = builder.all_gather("sound", size=KiB)
        builder.all_reduce("reduce", size=KiB * (1 + (npu == 3)), after=before)
    text = "as collective number 2 NPU {} has node 2, ALL_REDUCE of {:,} bytes"
    deadlock = hang(npus)
    assert told(deadlock) == {
        (3, 2): text.format(0, 1024),
        **dict.fromkeys([(0, 2), (1, 2), (2, 2)], text.format(3, 2048)),
    }
    assert deadlock.remarks == ()


def test_a_group_that_is_read_is_no_remark_and_one_alone_is_named_in_the_singular() -> None:
    npus = builders(2)
    for npu, builder in enumerate(npus):
        builder.all_reduce("reduce", size=KiB * (1 + npu), group=1)
    assert hang(npus, groups={"1": [0, 1]}).remarks == ()
    alone = builders(2)
    alone[0].all_reduce("reduce", size=KiB, group=1)
    alone[1].compute("c", micros=1)
    assert hang(alone, "hoti2024").remarks == (
        "NPU 0's node 1 names its process group (pg_name '1'), which this dialect doesn't read: "
        "--compat master does",
    )


def test_of_a_members_collectives_that_are_left_the_one_that_is_alike_is_awaited() -> None:
    """NPU 1 has four left, each behind a computation of its own; NPU 0 waits for the last."""
    npus = builders(2)
    kinds = [("all_gather", 3), ("all_gather", 1), ("all_reduce", 3), ("all_reduce", 1)]
    for number, (kind, size) in enumerate(kinds):
        before = npus[1].recv(f"before {number}", size=KiB, source=0, tag=number)
        getattr(npus[1], kind)(f"{kind} {size}", size=size * KiB, after=before)
    last: Node | tuple[()] = ()
    for kind, size in reversed(kinds):
        last = getattr(npus[0], kind)(f"{kind} {size}", size=size * KiB, after=last)
    waits = told(hang(npus))
    assert waits[0, 1] == "NPU 1 hasn't come to it and is at node 7 ('before 3')"


def test_a_member_that_is_stuck_before() -> None:
    npus = builders(4)
    for npu, builder in enumerate(npus):
        stuck = builder.recv("stuck", size=KiB, source=0) if npu == 3 else ()
        builder.all_reduce("reduce", size=KiB, after=stuck)
    deadlock = hang(npus)
    late = "NPU 3 hasn't come to it and is at node 1 ('stuck')"
    assert told(deadlock) == {
        (3, 1): "NPU 0 has no send to NPU 3 that matches",
        **dict.fromkeys([(0, 1), (1, 1), (2, 1)], late),
    }
    assert [it.npu for it in deadlock.waits] == [3, 0, 1, 2]  # who is the cause comes first
    assert deadlock.cycle == (0, 3)


# -- one too few, one too many ------------------------------------------------------------------


def between(*, more: bool, count: int = 4) -> list[TraceBuilder]:
    """Three collectives one after the other, of which 2 has the second alone, or hasn't it."""
    npus = builders(count)
    for npu, builder in enumerate(npus):
        before = builder.all_reduce("first", size=KiB)
        if (npu == min(2, count - 1)) is more:
            before = builder.all_gather("second", size=3 * KiB, after=before)
        builder.reduce_scatter("third", size=5 * KiB, after=before)
    return npus


def test_a_member_that_leaves_one_out() -> None:
    deadlock = hang(between(more=False))
    has = "has 2 collectives where the others have 3"
    assert told(deadlock) == {
        (2, 2): f"the others are at ALL_GATHER of 3,072 bytes: this NPU {has}",
        **dict.fromkeys([(0, 2), (1, 2), (3, 2)], f"NPU 2 never comes to it: it {has}"),
    }
    assert {it.npu: it.peers for it in deadlock.waits}[2] == (0, 1, 3)


def test_a_member_that_has_one_more() -> None:
    has = "has 3 collectives where the others have 2"
    other = f"NPU 2 has begun another one, ALL_GATHER of 3,072 bytes: it {has}"
    assert told(hang(between(more=True))) == {
        (2, 2): f"the others never come to it: this NPU {has}",
        **dict.fromkeys([(0, 2), (1, 2), (3, 2)], other),
    }


def test_of_two_members_the_one_with_fewer_lacks_one() -> None:
    assert told(hang(between(more=True, count=2))) == {
        (0, 2): "the others are at ALL_GATHER of 3,072 bytes: this NPU has 2 collectives where "
        "NPU 1 has 3",
        (1, 2): "NPU 0 never comes to it: it has 2 collectives where NPU 1 has 3",
    }


def test_one_left_out_among_several_that_are_alike() -> None:
    npus = builders(4)
    for npu, builder in enumerate(npus):
        before = builder.all_reduce("0", size=KiB)
        for number in range(1, 3 if npu != 3 else 2):
            before = builder.all_reduce(str(number), size=KiB, after=before)
        builder.reduce_scatter("last", size=5 * KiB, after=before)
    has = "has 3 collectives where the others have 4"
    assert told(hang(npus)) == {
        (3, 3): f"the others are at ALL_REDUCE of 1,024 bytes: this NPU {has}",
        **dict.fromkeys([(0, 3), (1, 3), (2, 3)], f"NPU 3 never comes to it: it {has}"),
    }


def test_one_left_out_along_another_dimension() -> None:
    npus = builders(4)
    for npu, builder in enumerate(npus):
        before = builder.all_reduce("row", size=KiB, dims=(True, False))
        if npu != 3:
            before = builder.all_reduce("column", size=KiB, dims=(False, True), after=before)
        builder.all_reduce("row again", size=KiB, dims=(True, False), after=before)
    has = "0 collectives along dimension 1 where NPU 1 has 1"
    assert told(hang(npus, shape=TWO_ROWS)) == {
        (1, 2): f"NPU 3 never comes to it: it has {has}",
        (3, 2): f"this NPU has {has}",
        (2, 3): "NPU 3 has begun 2 of them and has none left and this is number 3",
        (0, 3): "NPU 1 hasn't come to it and is at node 2 ('column')",
    }


def test_a_member_that_has_finished_with_fewer() -> None:
    npus = builders(4)
    for npu, builder in enumerate(npus):
        first = builder.all_reduce("first", size=KiB)
        if npu != 3:
            builder.all_reduce("second", size=2 * KiB, after=first)
    deadlock = hang(npus)
    assert told(deadlock) == dict.fromkeys(
        [(0, 2), (1, 2), (2, 2)], "NPU 3 has finished with 1 of them and this is number 2"
    )
    assert (deadlock.unfinished, deadlock.cycle) == ((0, 1, 2), ())
