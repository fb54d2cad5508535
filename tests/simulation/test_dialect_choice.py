"""Which dialect a trace is read in where that is left to it, and who is told why."""

import json
from dataclasses import replace

import pytest
from support.machines import network, system

from simastra import (
    CommGroups,
    MiB,
    Node,
    NodeType,
    OptionError,
    Options,
    Simulation,
    Trace,
    TraceBuilder,
    TraceError,
)
from simastra.dialect import AUTO, DIALECTS, HOTI2024, MASTER
from simastra.notices import Severity
from simastra.simulation import dialect_named

RING = network(("Ring", 4))
HALVES = CommGroups.parse({"1": [0, 1], "2": [2, 3]})


def simulation(
    nodes: list[Node] | TraceBuilder,
    groups: CommGroups | None = None,
    options: Options | None = None,
) -> Simulation:
    trace = Trace.uniform(nodes, 4)
    return Simulation(trace, system(), RING, comm_groups=groups, options=options)


def all_reduces(*names: str) -> TraceBuilder:
    builder = TraceBuilder()
    for number, name in enumerate(names):
        group = int(name) if name else None
        builder.all_reduce(f"ar {number}", size=MiB, group=group)
    return builder


def lists(groups: dict[str, list[int]]) -> Node:
    items = [{"pg_name": name, "ranks": ranks} for name, ranks in groups.items()]
    text = f"['{json.dumps(items)}']"
    return Node(99, "## groups", NodeType.METADATA, is_cpu_op=True, metadata=text)


def told(made: Simulation) -> list[str]:
    return [str(it) for it in made.notices if it.code == "dialect-by-trace"]


def test_a_trace_without_groups_is_hoti2024s_and_nothing_is_told() -> None:
    made = simulation(all_reduces("", ""))
    assert made.options.dialect == HOTI2024
    assert str(made.experiment.dialect_choice) == "hoti2024: no node names a process group"
    assert told(made) == []


def test_a_collective_that_names_its_group_makes_it_masters() -> None:
    two = [all_reduces("", "1"), all_reduces("", "2")]
    made = Simulation(
        Trace.of([two[0], two[0], two[1], two[1]]), system(), RING, comm_groups=HALVES
    )
    assert made.options.dialect == MASTER
    (notice,) = (it for it in made.notices if it.code == "dialect-by-trace")
    assert notice.severity is Severity.INFO
    assert notice.where == "NPU 0, node 2"
    assert notice.message.startswith("'ar 1' names process group '1' (pg_name), which only")
    explicit = replace(made.options, dialect=dialect_named("master"))
    assert made.run() == replace(
        Simulation(made.trace, system(), RING, comm_groups=HALVES, options=explicit).run(),
        notices=made.run().notices,
    )


@pytest.mark.parametrize("name", ["", "0", "00", "tp"])
def test_a_name_that_master_takes_for_all_npus_or_refuses_decides_nothing(name: str) -> None:
    (node,) = all_reduces("").nodes
    assert simulation([replace(node, pg_name=name)]).options.dialect == HOTI2024


def test_a_group_of_what_is_no_collective_decides_nothing() -> None:
    nodes = [
        Node(1, "c", NodeType.COMP, is_cpu_op=False, duration=1000, pg_name="1"),
    ]
    assert simulation(nodes).options.dialect == HOTI2024


def test_a_list_of_groups_makes_it_masters() -> None:
    made = simulation([lists({"1": [0, 1]}), *all_reduces("").nodes])
    assert made.options.dialect == MASTER
    assert "NPU 0, node 99: '## groups' lists process groups, which only" in told(made)[0]


@pytest.mark.parametrize("metadata", ["", "['{\"pg_name\": }']", "['[{\"other\": 1}]']"])
def test_metadata_that_list_none_decide_nothing(metadata: str) -> None:
    node = Node(9, "m", NodeType.METADATA, is_cpu_op=True, metadata=metadata)
    assert simulation([node, *all_reduces("").nodes]).options.dialect == HOTI2024
    listing_all = lists({"0": []})
    assert simulation([listing_all, *all_reduces("").nodes]).options.dialect == HOTI2024


def test_a_file_of_groups_that_no_node_names_is_read_as_hoti2024_does_and_told() -> None:
    made = simulation(all_reduces(""), HALVES)
    assert made.options.dialect == HOTI2024
    assert len(made.platform.groups) == 2
    (line,) = told(made)
    assert line.startswith("comm groups: no node names a process group, so that groups are read as")
    assert told(simulation(all_reduces(""), CommGroups.parse({}))) == []


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_an_explicit_choice_stays(dialect: object) -> None:
    options = Options(dialect=dialect)  # type: ignore[arg-type]  # a value of the table
    for builder in (all_reduces(""), all_reduces("1")):
        made = simulation(builder, CommGroups.parse({"1": [0, 1, 2, 3]}), options)
        assert made.options.dialect is dialect
        assert told(made) == []
        assert str(made.experiment.dialect_choice) == made.options.dialect.name


def test_what_is_added_to_the_default_stays_whichever_is_chosen() -> None:
    auto = dialect_named("auto", extended_collectives=True, exact_durations=True)
    groups = CommGroups.parse({"1": [0, 1, 2, 3]})
    for builder, chosen in ((all_reduces(""), HOTI2024), (all_reduces("1"), MASTER)):
        made = simulation(builder, groups, Options(dialect=auto))
        expected = replace(chosen, extended_collectives=True, exact_durations=True)
        assert made.options.dialect == expected


def test_groups_that_nobody_lists_are_asked_for() -> None:
    with pytest.raises(TraceError, match=r"pg_name '1', .*--comm-groups, or use --compat hoti2024"):
        simulation(all_reduces("1"))
    made = simulation(all_reduces("1"), options=Options(dialect=HOTI2024))
    assert made.run().makespan


@pytest.mark.parametrize("name", ["astra2", "ASTRA-sim", "2.0", "v2", "2"])
def test_versions_of_astra_sim_are_told_apart(name: str) -> None:
    with pytest.raises(
        OptionError, match="there are hoti2024, as in its tutorial, and master; auto"
    ):
        dialect_named(name)


def test_the_default_is_auto() -> None:
    assert Options().dialect is AUTO
    assert dialect_named("auto") == AUTO
