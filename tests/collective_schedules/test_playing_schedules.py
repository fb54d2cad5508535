"""Schedules are played in the time that one works out by hand: a switch, 50 GB/s, 500 ns."""

import json
from pathlib import Path

import pytest
from msccl_plans import VALID, Plan, chain_broadcast, direct_all_to_all, ring_all_reduce
from mscclpp_plans import PLANS, get_all_gather, put_all_gather, switch_all_reduce, written
from support.machines import network, system
from test_timed_transfers import ring

from simastra import KiB, Options, Simulation, Trace, TraceBuilder
from simastra.collective_schedules import Playing, ScheduleError, read_schedule, traces_of
from simastra.errors import OptionError
from simastra.simulation import dialect_named
from simastra.trace import CollectiveType, NodeType, write_trace

MASTER = Options(dialect=dialect_named("master"))
SIZE = 1024 * KiB


def hop(size: int) -> int:
    """Over one of the two links to and from the switch."""
    return int(500 + size / 53.6870912)


def traced(text: str, folder: Path, playing: Playing | None = None) -> Trace:
    (folder / "schedule").write_text(text)
    return traces_of(read_schedule(folder / "schedule"), playing or Playing(SIZE))


def played(trace: Trace, collective: CollectiveType, folder: Path) -> int:
    """The makespan of one collective, played so."""
    write_trace(folder / "played", trace)
    key = f"{collective.name.lower()}_implementation"
    custom = {f"{key}_custom": [str(folder / "played")], key: ["direct"]}
    et = TraceBuilder()
    et.collective(collective, "it", size=SIZE)
    wires = network(("Switch", len(trace.npus)))
    return Simulation(et, system(**custom), wires, options=MASTER).run().makespan


def test_a_ring_takes_a_hop_for_each_step_and_a_nanosecond_for_each_reduction(
    tmp_path: Path,
) -> None:
    trace = traced(ring_all_reduce(4).xml(), tmp_path)
    expected = 6 * 2 * hop(SIZE // 4) + 3
    assert played(trace, CollectiveType.ALL_REDUCE, tmp_path) == expected


def test_without_reductions_there_are_only_messages(tmp_path: Path) -> None:
    trace = traced(ring_all_reduce(4).xml(), tmp_path, Playing(SIZE, reductions=False))
    assert played(trace, CollectiveType.ALL_REDUCE, tmp_path) == 6 * 2 * hop(SIZE // 4)
    assert {it.type for it in trace.npus[0]} == {NodeType.COMM_SEND, NodeType.COMM_RECV}


def test_two_loops_go_one_after_the_other_in_a_thread_block(tmp_path: Path) -> None:
    trace = traced(ring_all_reduce(4).xml(), tmp_path, Playing(SIZE, loops=2))
    # While a rank waits for the end of one loop, its neighbour begins the next one: each step of
    # every rank takes a message, and the ring has two loops of six.
    assert played(trace, CollectiveType.ALL_REDUCE, tmp_path) == 2 * (6 * 2 * hop(SIZE // 8) + 3)


def test_an_all_to_all_fills_each_port(tmp_path: Path) -> None:
    trace = traced(direct_all_to_all(4).xml(), tmp_path)
    part = SIZE // 4
    behind = int(part / 53.6870912)
    first = 2 * hop(part)
    # Three messages leave each rank one behind the other, and as many come to each.
    makespan = played(trace, CollectiveType.ALL_TO_ALL, tmp_path)
    assert first + 2 * behind <= makespan <= first + 4 * behind


def test_puts_that_are_signalled_take_an_empty_message_before_and_one_hop_each(
    tmp_path: Path,
) -> None:
    trace = traced(written(put_all_gather(2)), tmp_path)
    # The relaxed signal comes first, with nothing before it; the second goes with what was put.
    expected = 2 * hop(0) + 2 * hop(SIZE)
    assert played(trace, CollectiveType.ALL_GATHER, tmp_path) == expected


def test_a_get_asks_first_and_tells_when_it_has(tmp_path: Path) -> None:
    trace = traced(written(get_all_gather(2)), tmp_path)
    expected = 2 * hop(0) + 2 * hop(SIZE) + 2 * hop(0)
    assert played(trace, CollectiveType.ALL_GATHER, tmp_path) == expected


def test_timed_transfers_of_a_ring_are_played_as_a_ring(tmp_path: Path) -> None:
    document = {"collective": "all-gather", "ranks": 4, "transfers": ring(4)}
    trace = traced(json.dumps(document), tmp_path)
    assert played(trace, CollectiveType.ALL_GATHER, tmp_path) == 3 * 2 * hop(SIZE)


@pytest.mark.parametrize("name", [*VALID, *PLANS])
def test_each_sends_what_is_received_and_has_an_end(name: str, tmp_path: Path) -> None:
    text = VALID[name]().xml() if name in VALID else written(PLANS[name]())
    trace = traced(text, tmp_path, Playing(1000, loops=2))
    nodes = [node for npu in trace.npus for node in npu]
    ends = {
        kind: sorted(
            (it.comm_src, it.comm_dst, it.comm_tag, it.comm_size) for it in nodes if it.type is kind
        )
        for kind in (NodeType.COMM_SEND, NodeType.COMM_RECV)
    }
    assert ends[NodeType.COMM_SEND] == ends[NodeType.COMM_RECV]
    assert len({it[:3] for it in ends[NodeType.COMM_SEND]}) == len(ends[NodeType.COMM_SEND])
    assert played(trace, CollectiveType.ALL_REDUCE, tmp_path) > 0


def test_bytes_are_those_of_the_chunks(tmp_path: Path) -> None:
    trace = traced(chain_broadcast(3, 4).xml(), tmp_path, Playing(4096))
    sent = [it.comm_size for it in trace.npus[0] if it.type is NodeType.COMM_SEND]
    assert sent == [1024] * 4
    uneven = traced(chain_broadcast(3, 4).xml(), tmp_path, Playing(10))
    sizes = {it.comm_size for it in uneven.npus[0] if it.type is NodeType.COMM_SEND}
    assert sizes == {3}  # what is cut into parts is rounded up
    gathered = traced(VALID["ring all-gather of two chunks each"]().xml(), tmp_path, Playing(4096))
    assert {it.comm_size for it in gathered.npus[0] if it.type is NodeType.COMM_SEND} == {4096}


def test_a_switchs_work_is_said_to_be_approximated(tmp_path: Path) -> None:
    (tmp_path / "nvls.json").write_text(written(switch_all_reduce()))
    assert read_schedule(tmp_path / "nvls.json").approximated == {"glres"}


def test_what_never_begins_isnt_played(tmp_path: Path) -> None:
    plan: Plan = ring_all_reduce(3)
    plan.ranks[1][0].ops.pop()
    plan.ranks[0][0].ops.append(plan.ranks[0][0].ops[-1])
    with pytest.raises(ScheduleError, match=r"gpu 0, tb 0, step 5, line 9 \(r\): never begins"):
        traced(plan.xml(), tmp_path)


def test_numbers_are_positive() -> None:
    with pytest.raises(OptionError, match="size: must be 1 byte or more, not 0"):
        Playing(0)
    with pytest.raises(OptionError, match="loops: must be 1 or more, not 0"):
        Playing(1, loops=0)
