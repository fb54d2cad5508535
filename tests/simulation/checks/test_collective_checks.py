"""Collectives that members don't ask for alike, or in different order: told though nobody hangs."""

from collections.abc import Sequence

import pytest
from four_npus import A2A, AG, NPUS, RS, builders, chains, finished, simulated, warnings
from hypothesis import given, settings
from hypothesis import strategies as st

from simastra.simulation.shortest import shortest_run
from simastra.trace import CollectiveType, Node, NodeType, TraceBuilder
from simastra.units import KiB


def test_another_type_on_one_npu_is_told_though_all_finish() -> None:
    simulation = simulated(chains([RS], [A2A], [RS], [RS]))
    finished(simulation)
    (notice,) = warnings(simulation.notices).values()
    assert notice.code == "unlike-collectives"
    assert notice.where == "NPU 1"
    assert notice.message == (
        "members ask for unlike collectives: ALL_TO_ALL of 16,384 bytes on NPU 1 (node 2) and "
        "REDUCE_SCATTER of 16,384 bytes on NPUs 0, 2 and 3 (node 2); such a simulation hangs, or "
        "ends without meaning anything"
    )


@pytest.mark.parametrize("shortcuts", ["off", "always"])
def test_another_order_is_told_where_dependencies_leave_but_one(shortcuts: str) -> None:
    simulation = simulated(chains([RS, A2A], [A2A, RS], [RS, A2A], [A2A, RS]), shortcuts=shortcuts)
    (notice,) = warnings(simulation.notices).values()
    assert notice.code == "collective-order"
    told = "as number 1 NPU 0 asks for REDUCE_SCATTER of 16,384 bytes (node 2) and NPU 1 asks for"
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
    run = shortest_run(simulation.experiment)
    assert run.run() == result
    assert notice == warnings(run.end_notices)["collective-order"]
    assert "NPU 1 ALL_TO_ALL of 16,384 bytes as number 1" in notice.message
    assert "NPU 0 REDUCE_SCATTER of 16,384 bytes as number 1" in notice.message


def test_a_fold_is_refused_where_its_npus_begin_collectives_in_different_order() -> None:
    simulation = simulated(out_of_order(), "master", shortcuts="always")
    reasons = [use.reason for use in finished(simulation).shortcuts]
    assert "NPUs begin collectives in different order" in reasons


def test_a_collective_that_one_npu_lacks_is_told() -> None:
    npus = chains([RS, AG], [RS, AG], [RS], [RS, AG])
    notice = warnings(simulated(npus).notices)["uneven-collectives"]
    assert notice.where == "NPU 2"
    assert "ALL_GATHER of 16,384 bytes, NPU 2 has none and NPUs 0, 1 and 3 have 1" in notice.message


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
    told = "ALL_REDUCE of 1,024 bytes along dimension 0, NPU 3 has 1 (node 4) and NPU 2 has none"
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
    told = "ALL_GATHER of 1,024 bytes in process group 3, NPU 1 has 1 (node 3) and NPU 2 has none"
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
            "GATHER of 1,024 bytes on NPU 2 (node 1) and GATHER of 1,024 bytes with root 1 on NPUs "
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
