"""Halves of messages that nothing fits: told though nobody hangs."""

from pathlib import Path

import pytest
from four_npus import NPUS, builders, finished, simulated, warnings
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, system

from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import Trace, TraceBuilder, write_trace
from simastra.units import KiB


def test_a_send_that_nobody_receives_ends_with_a_warning() -> None:
    npus = builders()
    npus[0].send("lost", size=KiB, to=2, tag=7)
    simulation = simulated(npus)
    assert len(simulation.run().finishes) == NPUS
    (notice,) = warnings(simulation.notices).values()
    assert notice.code == "missing-receive"
    assert notice.where == "NPU 0"
    assert "NPU 0's node 2 ('lost') sends 1,024 bytes with tag 7 to NPU 2" in notice.message


def test_the_last_of_two_sends_is_the_one_that_nobody_receives() -> None:
    npus = builders()
    npus[0].send("first", size=KiB, to=2)
    npus[0].send("second", size=KiB, to=2)
    npus[2].recv("only", size=KiB, source=0)
    assert "('second')" in warnings(simulated(npus).notices)["missing-receive"].message


@pytest.mark.parametrize(("size", "tag"), [(KiB, 6), (2 * KiB, 5)])
def test_halves_of_another_size_or_tag_are_told_together(size: int, tag: int) -> None:
    npus = builders()
    npus[1].send("send", size=KiB, to=3, tag=5)
    npus[3].recv("receive", size=size, source=1, tag=tag)
    (notice,) = warnings(simulated(npus).notices).values()
    assert notice.code == "unlike-halves"
    assert f"('receive') waits for {size:,} bytes with tag {tag}" in notice.message


def test_halves_between_other_npus_are_told_apart() -> None:
    npus = builders()
    npus[1].send("send", size=KiB, to=2)
    npus[3].recv("receive", size=KiB, source=1)
    assert set(warnings(simulated(npus).notices)) == {"missing-receive", "missing-send"}


def test_tags_that_master_takes_for_the_same_fit() -> None:
    npus = builders()
    npus[1].send("send", size=KiB, to=3, tag=500_000_005)
    npus[3].recv("receive", size=KiB, source=1, tag=5)
    simulation = simulated(npus, "master")
    assert not warnings(simulation.notices)
    assert len(simulation.run().finishes) == NPUS
    assert "unlike-halves" in warnings(simulated(npus, "hoti2024").notices)


def test_what_is_replayed_has_no_halves() -> None:
    npus = builders()
    npus[1].send("send", size=KiB, to=3)
    replayed = Simulation(Trace.of(npus), system(replay_only=1), network(("Ring", NPUS)))
    assert not warnings(replayed.notices)


messages = st.lists(
    st.tuples(st.sampled_from([(0, 1), (1, 0), (2, 3)]), st.sampled_from([KiB, 64]), st.booleans()),
    max_size=8,
)


@given(messages)
@settings(max_examples=30, deadline=None)
def test_sends_are_lost_as_they_are_told(halves: list[tuple[tuple[int, int], int, bool]]) -> None:
    """Whoever has no half too few ends; what stays in the mailbox is what was told before."""
    npus = builders()
    for (src, dst), size, sends in halves:
        if sends:
            npus[src].send("send", size=size, to=dst)
        else:
            npus[dst].recv("receive", size=size, source=src)
    simulation = simulated(npus, "master")
    told = set(warnings(simulation.notices))
    kinds = {(ends, size) for ends, size, _ in halves}
    over = {kind: halves.count((*kind, True)) - halves.count((*kind, False)) for kind in kinds}
    assert bool(told) == any(over.values())
    if any(count < 0 for count in over.values()):
        assert told & {"missing-send", "unlike-halves"}
        return
    run = simulation.start()
    run.run()
    left = len(run.mailbox.unexpected_messages)
    assert left == sum(over.values())
    assert ("missing-receive" in told) == bool(left)


def test_sends_in_a_custom_collective_that_nobody_receives_are_told(tmp_path: Path) -> None:
    ranks = [TraceBuilder(rank) for rank in range(NPUS)]
    for rank in ranks:
        rank.compute("work", micros=1)
    ranks[1].send("lost", size=KiB, to=3, tag=9)
    write_trace(tmp_path / "play", Trace.of(ranks))
    trace = TraceBuilder()
    trace.all_reduce("reduce", size=KiB)
    simulation = Simulation(
        trace,
        system(all_reduce_implementation_custom=[str(tmp_path / "play")]),
        network(("Ring", NPUS)),
        options=Options(dialect=dialect_named("master")),
    )
    notice = warnings(simulation.notices)["missing-receive"]
    assert notice.where == str(tmp_path / "play.1.et")
    assert "rank 1's node 2 ('lost') sends 1,024 bytes with tag 9 to rank 3" in notice.message
    assert len(finished(simulation).finishes) == NPUS
