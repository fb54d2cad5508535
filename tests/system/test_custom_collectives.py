"""Collectives played from Chakra ETs (behaviour 3.13)."""

from pathlib import Path

import pytest
from support.machines import network, one_collective, system

from simastra import (
    CommGroups,
    ConfigError,
    MiB,
    Options,
    Simulation,
    SystemConfig,
    Trace,
    TraceBuilder,
)
from simastra.errors import TraceError
from simastra.simulation import dialect_named
from simastra.trace import CollectiveType, write_trace

MASTER = Options(dialect=dialect_named("master"))
PART = 65536
HOP = int(500 + PART / 53.6870912)


def write_ring(prefix: Path, npus: int, *, micros: int = 0) -> None:
    """A ring all-reduce: 2 (N - 1) sends, each after the receive before it and a computation."""
    parts = []
    for npu in range(npus):
        trace = TraceBuilder(npu)
        arrived = []
        for step in range(2 * (npus - 1)):
            to, source = (npu + 1) % npus, (npu - 1) % npus
            trace.send(f"send {step}", size=PART, to=to, tag=step, after=arrived)
            received = trace.recv(f"recv {step}", size=PART, source=source, tag=step, after=arrived)
            arrived = [trace.compute(f"reduce {step}", micros=micros, after=received)]
        parts.append(trace)
    write_trace(prefix, Trace.of(parts))


@pytest.mark.parametrize("splits", [1, 4])
@pytest.mark.parametrize("micros", [0, 3])
def test_an_et_takes_its_own_time_whatever_the_splits(
    splits: int, micros: int, tmp_path: Path
) -> None:
    write_ring(tmp_path / "ring", 4, micros=micros)
    config = system(
        preferred_dataset_splits=splits,
        all_reduce_implementation_custom=[str(tmp_path / "ring")],
    )
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE), config, network(("Ring", 4)), options=MASTER
    )
    reduction = micros * 1000 or 1
    assert set(simulation.run().cycles.values()) == {6 * (HOP + reduction)}


def test_ranks_are_positions_in_the_process_group(tmp_path: Path) -> None:
    write_ring(tmp_path / "ring", 2)
    config = system(all_reduce_implementation_custom=[str(tmp_path / "ring")])
    trace = TraceBuilder()
    trace.all_reduce("pairs", size=MiB, group=1)
    pairs = TraceBuilder()
    pairs.all_reduce("pairs", size=MiB, group=2)
    result = Simulation(
        Trace.of([trace, pairs, pairs, trace]),
        config,
        network(("FullyConnected", 4)),
        comm_groups=CommGroups.parse({"1": [3, 0], "2": [1, 2]}),
        options=MASTER,
    ).run()
    assert set(result.cycles.values()) == {2 * (HOP + 1)}
    assert {(link.src, link.dst) for link in result.links} == {(0, 3), (3, 0), (1, 2), (2, 1)}


def test_a_single_node_can_have_an_et_of_its_own(tmp_path: Path) -> None:
    write_ring(tmp_path / "ring", 4)
    (tmp_path / "per_node.yml").write_text(f"2: {tmp_path / 'ring'}\n")
    config = system(per_node_custom_implementation=str(tmp_path / "per_node.yml"))
    trace = TraceBuilder()
    first = trace.all_reduce("native", size=MiB)
    trace.all_reduce("custom", size=MiB, after=first)
    result = Simulation(trace, config, network(("Ring", 4)), options=MASTER).run()
    native, custom = result.nodes[0]
    assert native.finished == 88720  # behaviour, section 7: 1 MiB on 4 NPUs
    assert custom.finished - custom.issued == 6 * (HOP + 1)


def test_their_messages_never_meet_those_of_the_workload(tmp_path: Path) -> None:
    write_ring(tmp_path / "ring", 2)
    config = system(all_reduce_implementation_custom=[str(tmp_path / "ring")])
    parts = []
    for npu in range(2):
        trace = TraceBuilder(npu)
        trace.all_reduce("custom", size=MiB)
        trace.recv("same tag and size", size=PART, source=1 - npu, tag=0)
        work = trace.compute("work", micros=50)
        trace.send("late", size=PART, to=1 - npu, tag=0, after=work)
        parts.append(trace)
    result = Simulation(Trace.of(parts), config, network(("Ring", 2)), options=MASTER).run()
    finished = {record.name: record.finished for record in result.nodes[0]}
    assert finished["custom"] == 2 * (HOP + 1)
    assert finished["same tag and size"] == finished["late"] == 50_000 + HOP


def test_a_missing_et_is_named_before_anything_runs(tmp_path: Path) -> None:
    config = system(all_reduce_implementation_custom=[str(tmp_path / "nowhere")])
    with pytest.raises(TraceError, match=r"nowhere\.0\.et"):
        Simulation(
            one_collective(CollectiveType.ALL_REDUCE), config, network(("Ring", 4)), options=MASTER
        )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("two: ring\n", "two: isn't the id of an ET node"),
        ("2: [a, b]\n", "2: must be the prefix of ET files"),
        ("- 2\n", "must have keys that are ids"),
    ],
)
def test_a_wrong_per_node_file_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "per_node.yml").write_text(text)
    config = system(per_node_custom_implementation=str(tmp_path / "per_node.yml"))
    with pytest.raises(ConfigError, match=problem):
        Simulation(
            one_collective(CollectiveType.ALL_REDUCE), config, network(("Ring", 4)), options=MASTER
        )


def test_a_missing_et_is_said_with_the_file_and_the_key_that_name_it(tmp_path: Path) -> None:
    keys = {"preferred-dataset-splits": 1, "all-reduce-implementation-custom": ["nothing"]}
    config = SystemConfig.parse(keys, tmp_path / "sys.json")
    with pytest.raises(TraceError, match=r"^nothing\.0\.et: the file does not exist") as caught:
        run(config)
    named = f"({tmp_path}/sys.json: all-reduce-implementation-custom names this custom collective)"
    assert str(caught.value).endswith(named)


def test_a_wrong_et_is_said_with_the_line_of_the_file_for_single_nodes(tmp_path: Path) -> None:
    write_ring(tmp_path / "ring", 8)
    (tmp_path / "per.yml").write_text(f"1: {tmp_path}/ring\n")
    config = system(per_node_custom_implementation=str(tmp_path / "per.yml"))
    with pytest.raises(TraceError, match="has comm_src 7, but the") as caught:
        run(config)
    assert f"({tmp_path}/per.yml: 1 names this custom collective)" in str(caught.value)
    assert caught.value.node is not None


def run(config: SystemConfig) -> None:
    trace = one_collective(CollectiveType.ALL_REDUCE)
    Simulation(trace, config, network(("Ring", 4)), options=MASTER).run()
