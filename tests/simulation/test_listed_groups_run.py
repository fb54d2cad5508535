"""Collectives in the process groups that their own trace lists, in the dialect master."""

import json
from collections.abc import Mapping, Sequence

import pytest
from support.machines import network, system

from simastra import CommGroups, MiB, Node, NodeType, Options, Simulation, Trace, TraceBuilder
from simastra.dialect import HOTI2024
from simastra.shortcut_use import Shortcut
from simastra.simulation import dialect_named

MASTER = Options(dialect=dialect_named("master"))
RING = network(("Ring", 8))


def metadata(groups: Mapping[str, Sequence[int]]) -> Node:
    items = [{"pg_name": name, "ranks": list(ranks)} for name, ranks in groups.items()]
    text = f"['{json.dumps(items)}']"
    return Node(1000, "groups", NodeType.METADATA, is_cpu_op=True, metadata=text)


def works(number: int, npu: int) -> list[Node]:
    builder = TraceBuilder(npu)
    builder.all_reduce("ar", size=MiB * (1 + npu % 2), group=number)
    builder.all_gather("ag", size=MiB, group=number)
    builder.all_reduce("world", size=MiB)
    return list(builder.nodes)


EVENS_AND_ODDS = {"1": [0, 2, 4, 6], "2": [7, 5, 3, 1]}


def by_file(options: Options = MASTER) -> Simulation:
    trace = Trace.of([works(1 + npu % 2, npu) for npu in range(8)])
    groups = CommGroups.parse(EVENS_AND_ODDS)
    return Simulation(trace, system(), RING, comm_groups=groups, options=options)


def by_trace(groups: CommGroups | None = None, options: Options = MASTER) -> Simulation:
    node = metadata({"0": range(8), **EVENS_AND_ODDS})
    trace = Trace.of([[node, *works(1 + npu % 2, npu)] for npu in range(8)])
    return Simulation(trace, system(), RING, comm_groups=groups, options=options)


def test_groups_of_metadata_nodes_are_those_of_a_file() -> None:
    wanted, result = by_file().run(), by_trace().run()
    assert result.cycles == wanted.cycles
    assert result.finish_order == wanted.finish_order


def test_npus_may_number_their_groups_for_themselves() -> None:
    trace = Trace.of(
        [[metadata({"1": EVENS_AND_ODDS[str(1 + npu % 2)]}), *works(1, npu)] for npu in range(8)]
    )
    assert Simulation(trace, system(), RING, options=MASTER).run().cycles == by_file().run().cycles


@pytest.mark.parametrize("own_numbers", [False, True])
def test_shortcuts_follow_them_too_or_refuse(*, own_numbers: bool) -> None:
    halves = {"1": [0, 1, 2, 3], "2": [4, 5, 6, 7]}
    builders = []
    for npu in range(8):
        number = 1 if own_numbers else 1 + npu // 4
        builder = TraceBuilder(npu)
        builder.all_reduce("ar", size=MiB, group=number)
        listed = {"1": halves[str(1 + npu // 4)]} if own_numbers else halves
        builders.append([metadata(listed), *builder.nodes])
    results = [
        Simulation(
            Trace.of(builders),
            system(),
            network(("FullyConnected", 8)),
            options=Options(dialect=dialect_named("master"), shortcuts=shortcuts),
        ).run()
        for shortcuts in ("always", "off")
    ]
    assert results[0].cycles == results[1].cycles
    assert results[0].nodes == results[1].nodes
    taken = {use.shortcut for use in results[0].shortcuts if use.taken}
    assert bool(taken - {Shortcut.COMPILED}) is not own_numbers


def test_they_go_before_a_file_which_is_told_where_both_differ() -> None:
    simulation = by_trace(CommGroups.parse({"1": [0, 1], "2": EVENS_AND_ODDS["2"], "3": [0, 1]}))
    assert simulation.run().cycles == by_file().run().cycles
    (notice,) = (it for it in simulation.notices if it.code == "group-overruled")
    assert notice.where == "comm groups: 1"
    assert "list other members, which count for it: 0, 2, 4, 6, not 0, 1" in notice.message


def test_hoti2024_does_not_read_them() -> None:
    simulation = by_trace(options=Options(dialect=HOTI2024))
    assert "group-not-read" in {it.code for it in simulation.notices}
    assert not simulation.platform.groups


def test_groups_that_cannot_be_read_are_told() -> None:
    builder = TraceBuilder()
    builder.all_reduce("ar", size=MiB)
    broken = Node(9, "m", NodeType.METADATA, is_cpu_op=True, metadata="['[{\"pg_name\": }]']")
    trace = Trace.uniform([broken, *builder.nodes], 8)
    simulation = Simulation(trace, system(), RING, options=MASTER)
    (notice,) = (it for it in simulation.notices if it.code == "groups-not-read")
    assert notice.where == "NPU 0, node 9"
