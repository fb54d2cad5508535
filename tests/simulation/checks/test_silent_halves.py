"""Halves that nothing fits and collectives that members don't share: told though nobody hangs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, system

from simastra.config import CommGroups
from simastra.notices import Notice, Severity
from simastra.result import Result
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder, write_trace
from simastra.units import KiB

NPUS = 4
A2A, RS, AG = CollectiveType.ALL_TO_ALL, CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_GATHER
DIRECT = system(["direct"])
"""Its all-to-alls and reduce-scatters send messages of the same sizes."""


def simulated(
    npus: Sequence[TraceBuilder | Sequence[Node]],
    dialect: str = "hoti2024",
    groups: Mapping[str, Sequence[int]] | None = None,
    shortcuts: str = "off",
    shape: tuple[tuple[str, int], ...] = (("FullyConnected", NPUS),),
) -> Simulation:
    return Simulation(
        Trace.of(npus),
        system(["direct"] * len(shape)),
        network(*shape),
        comm_groups=CommGroups.parse(groups) if groups else None,
        options=Options(
            dialect=dialect_named(dialect, extended_collectives=True), shortcuts=shortcuts
        ),
    )


def builders() -> list[TraceBuilder]:
    """Each with something to do."""
    made = [TraceBuilder(npu) for npu in range(NPUS)]
    for builder in made:
        builder.compute("idle", micros=1)
    return made


def warnings(notices: Sequence[Notice]) -> dict[str, Notice]:
    return {it.code: it for it in notices if it.severity is Severity.WARNING}


def chains(*kinds: Sequence[CollectiveType], size: int = 16 * KiB) -> list[TraceBuilder]:
    """For each NPU its collectives, one after the other."""
    made = builders()
    for builder, own in zip(made, kinds, strict=True):
        last: Node | tuple[()] = ()
        for kind in own:
            last = builder.collective(kind, kind.name, size=size, after=last)
    return made


# -- messages -----------------------------------------------------------------------------------


def test_a_send_that_nobody_receives_ends_with_a_warning() -> None:
    npus = builders()
    npus[0].send("lost", size=KiB, to=2, tag=7)
    simulation = simulated(npus)
    assert len(simulation.run().finishes) == NPUS
    (notice,) = warnings(simulation.notices).values()
    assert notice.code == "missing-receive"
    assert notice.where == "NPU 0"
    assert "NPU 0's node 2 ('lost') sends 1024 bytes with tag 7 to NPU 2" in notice.message


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
    assert f"('receive') waits for {size} bytes with tag {tag}" in notice.message


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
    simulation.run()
    left = len(simulation.mailbox.unclaimed_messages)
    assert left == sum(over.values())
    assert ("missing-receive" in told) == bool(left)


# -- collectives --------------------------------------------------------------------------------


def finished(simulation: Simulation) -> Result:
    result = simulation.run()
    assert len(result.finishes) == NPUS
    return result


def test_another_type_on_one_npu_is_told_though_all_finish() -> None:
    simulation = simulated(chains([RS], [A2A], [RS], [RS]))
    finished(simulation)
    (notice,) = warnings(simulation.notices).values()
    assert notice.code == "unlike-collectives"
    assert notice.where == "NPU 1"
    assert notice.message == (
        "members ask for unlike collectives: ALL_TO_ALL of 16384 bytes on NPU 1 (node 2) and "
        "REDUCE_SCATTER of 16384 bytes on NPUs 0, 2 and 3 (node 2); such a simulation hangs, or "
        "ends without meaning anything"
    )


@pytest.mark.parametrize("shortcuts", ["off", "always"])
def test_another_order_is_told_where_dependencies_leave_but_one(shortcuts: str) -> None:
    simulation = simulated(chains([RS, A2A], [A2A, RS], [RS, A2A], [A2A, RS]), shortcuts=shortcuts)
    (notice,) = warnings(simulation.notices).values()
    assert notice.code == "collective-order"
    told = "as number 1 NPU 0 asks for REDUCE_SCATTER of 16384 bytes (node 2) and NPU 1 asks for"
    assert told in notice.message
    assert finished(simulation).notices == simulation.notices


def out_of_order() -> list[TraceBuilder]:
    """The computation that is first decides which collective NPUs come to first."""
    made = [TraceBuilder(npu) for npu in range(NPUS)]
    for npu, builder in enumerate(made):
        for kind in (RS, A2A) if npu % 2 == 0 else (A2A, RS):
            builder.collective(kind, kind.name, size=16 * KiB, after=builder.compute("c", micros=1))
    return made


@pytest.mark.parametrize("shortcuts", ["off", "always"])
def test_an_order_that_the_run_decides_is_told_at_the_end(shortcuts: str) -> None:
    simulation = simulated(out_of_order(), "master", shortcuts=shortcuts)
    assert not warnings(simulation.notices)
    result = finished(simulation)
    (notice,) = warnings(result.notices).values()
    assert notice.code == "collective-order"
    assert notice == warnings(simulation.end_notices)["collective-order"]
    assert "NPU 1 ALL_TO_ALL of 16384 bytes as number 1" in notice.message
    assert "NPU 0 REDUCE_SCATTER of 16384 bytes as number 1" in notice.message


def test_a_fold_is_refused_where_its_npus_begin_collectives_in_different_order() -> None:
    simulation = simulated(out_of_order(), "master", shortcuts="always")
    reasons = [path.reason for path in finished(simulation).paths]
    assert "NPUs begin collectives in different order" in reasons


def test_a_collective_that_one_npu_lacks_is_told() -> None:
    npus = chains([RS, AG], [RS, AG], [RS], [RS, AG])
    notice = warnings(simulated(npus).notices)["uneven-collectives"]
    assert notice.where == "NPU 2"
    assert "ALL_GATHER of 16384 bytes, NPU 2 has none and NPUs 0, 1 and 3 have 1" in notice.message


def test_a_gather_of_nothing_may_be_left_out() -> None:
    npus = chains([RS], [RS], [RS], [RS])
    npus[2].all_gather("nothing", size=0)
    assert "uneven-collectives" not in warnings(simulated(npus).notices)


def test_rows_may_differ_and_columns_too() -> None:
    npus = builders()
    for npu, builder in enumerate(npus):
        builder.all_reduce("row", size=KiB * (1 + npu // 2), dims=(True, False))
        builder.all_reduce("column", size=KiB * (5 + npu % 2), dims=(False, True))
    rows = (("Ring", 2), ("Ring", 2))
    assert not warnings(simulated(npus, shape=rows).notices)
    npus[3].all_reduce("more", size=KiB, dims=(True, False))
    notice = warnings(simulated(npus, shape=rows).notices)["uneven-collectives"]
    told = "ALL_REDUCE of 1024 bytes along dimension 0, NPU 3 has 1 (node 4) and NPU 2 has none"
    assert told in notice.message


def test_other_dimensions_are_told() -> None:
    npus = builders()
    for npu, builder in enumerate(npus):
        builder.all_reduce("reduce", size=KiB, dims=(True, npu != 0))
    notice = warnings(simulated(npus, shape=(("Ring", 2), ("Ring", 2))).notices)
    assert "along dimension 0" in notice["uneven-collectives"].message


def test_groups_are_told_apart() -> None:
    groups = {"1": [0, 1], "2": [2, 3], "3": [1, 2]}
    npus = builders()
    for npu, builder in enumerate(npus):
        builder.all_reduce("reduce", size=KiB * (1 + npu // 2), group=1 + npu // 2)
    assert not warnings(simulated(npus, "master", groups).notices)
    npus[1].all_gather("alone", size=KiB, group=3)
    notice = warnings(simulated(npus, "master", groups).notices)["uneven-collectives"]
    told = "ALL_GATHER of 1024 bytes in process group 3, NPU 1 has 1 (node 3) and NPU 2 has none"
    assert told in notice.message


def test_groups_that_nodes_dont_name_are_told_by_their_members() -> None:
    npus = chains([RS], [RS], [RS], [])
    notice = warnings(simulated(npus, groups={"1": [0, 1], "2": [3, 2]}).notices)
    told = "among NPUs 3, 2, NPU 2 has 1 (node 2) and NPU 3 has none"
    assert told in notice["uneven-collectives"].message


@pytest.mark.parametrize(("roots", "alike"), [((None, 0, 0, None), True), ((1, 1, None, 1), False)])
def test_roots_must_agree_and_the_first_may_be_left_out(
    roots: Sequence[int | None],
    alike: bool,  # noqa: FBT001  # pytest gives it
) -> None:
    kind = CollectiveType.GATHER
    nodes = [
        [Node(1, "b", NodeType.COMM_COLL, comm_type=kind, comm_size=KiB, comm_src=root)]
        for root in roots
    ]
    found = warnings(simulated(nodes, "master").notices)
    assert ("unlike-collectives" not in found) == alike
    assert (
        alike
        or (
            "GATHER of 1024 bytes on NPU 2 (node 1) and GATHER of 1024 bytes with root 1 on NPUs "
            "0, 1 and 3 (node 1)"
        )
        in found["unlike-collectives"].message
    )


programs = st.lists(st.lists(st.sampled_from([RS, A2A]), max_size=3), min_size=4, max_size=4)


@given(programs, st.booleans())
@settings(max_examples=30, deadline=None)
def test_what_is_known_without_simulating_is_what_a_run_comes_to(
    kinds: list[list[CollectiveType]],
    chained: bool,  # noqa: FBT001  # hypothesis gives it
) -> None:
    """Collectives of messages of one size always meet; they are told unless all are alike."""
    npus = chains(*kinds)
    if not chained:
        npus = builders()
        for builder, own in zip(npus, kinds, strict=True):
            for kind in own:
                builder.collective(kind, kind.name, size=16 * KiB)
    simulation = simulated(npus, "master")
    alike = all(own == kinds[0] for own in kinds)
    if chained:
        assert bool(warnings(simulation.notices)) != alike
    if all(len(own) == len(kinds[0]) for own in kinds):
        assert bool(warnings(finished(simulation).notices)) != alike
    else:
        assert "uneven-collectives" in warnings(simulation.notices)


# -- whole traces -------------------------------------------------------------------------------


def test_an_empty_trace_is_told() -> None:
    npus: list[TraceBuilder | Sequence[Node]] = [*builders()]
    npus[2] = ()
    assert "NPU 2 has no nodes" in warnings(simulated(npus).notices)["empty-trace"].message


@pytest.mark.parametrize("files", [4, 5, 8])
def test_trace_files_of_npus_that_the_network_lacks_are_told(files: int, tmp_path: Path) -> None:
    trace = TraceBuilder()
    trace.all_reduce("reduce", size=KiB)
    write_trace(tmp_path / "wl", Trace.uniform(trace, files))
    write_trace(tmp_path / "wl.more", Trace.uniform(trace, 9))
    simulation = Simulation(tmp_path / "wl", system(), network(("Ring", NPUS)))
    found = warnings(simulation.notices)
    assert ("surplus-traces" in found) == (files > NPUS)
    if files > NPUS:
        message = found["surplus-traces"].message
        assert f"{files - NPUS} more file" in message
        assert "wl.4.et" in message


def test_a_hole_in_the_numbers_hides_no_surplus_trace(tmp_path: Path) -> None:
    trace = TraceBuilder()
    trace.all_reduce("reduce", size=KiB)
    for path in write_trace(tmp_path / "wl", Trace.uniform(trace, 9))[4:8]:
        path.unlink()
    simulation = Simulation(tmp_path / "wl", system(), network(("Ring", NPUS)))
    assert "wl.8.et is not simulated" in warnings(simulation.notices)["surplus-traces"].message


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
    assert "rank 1's node 2 ('lost') sends 1024 bytes with tag 9 to rank 3" in notice.message
    assert len(finished(simulation).finishes) == NPUS
