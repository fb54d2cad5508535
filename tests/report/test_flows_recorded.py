"""What is recorded of messages that share links: their parts of the bandwidth, and their time."""

import json

import pytest
from support.machines import network, one_collective, system

from simastra.config import NetworkConfig
from simastra.report.run_records import RunRecorder, RunRecords
from simastra.result import Result
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

SIZE = 50_000  # 1,000 ns at 50 GB/s
SWITCH = NetworkConfig(topology=["Switch"], npus_count=[4], bandwidth=["50GB/s"], latency=[500])


def recorded(trace: Trace | TraceBuilder, shape: NetworkConfig) -> tuple[Result, RunRecords]:
    simulation = Simulation(trace, system(["direct"]), shape, options=Options("fluid"))
    recorder = RunRecorder(simulation)
    return simulation.run(probes=[recorder]), recorder.records()


def incast() -> Trace:
    builders = [TraceBuilder(npu) for npu in range(4)]
    for src in (1, 2):
        builders[src].send("send", to=0, size=SIZE, tag=src)
        builders[0].recv("receive", source=src, size=SIZE, tag=src)
    return Trace.of(builders)


def test_a_link_is_in_use_by_the_part_that_flows_have_of_it() -> None:
    _, records = recorded(incast(), SWITCH)
    width = records.load.width
    use = {(it.src, it.dst): it.busy for it in records.load.links}
    assert {link: sum(busy.values()) for link, busy in use.items()} == {
        (4, 0): 2000,
        (1, 4): 1000,
        (2, 4): 1000,
    }
    assert use[1, 4][0] == width / 2
    assert use[4, 0][0] == width


def test_a_message_is_on_all_its_links_from_its_sending_until_it_leaves_them() -> None:
    _, records = recorded(incast(), SWITCH)
    found = [(it.src, it.dst, it.start, it.end) for it in records.transmissions.records]
    assert sorted(found) == [(1, 4, 0, 2000), (2, 4, 0, 2000), (4, 0, 0, 2000), (4, 0, 0, 2000)]


@pytest.mark.parametrize("topology", ["Switch", "Ring"])
def test_all_use_sums_to_what_links_were_busy(topology: str) -> None:
    trace = one_collective(CollectiveType.ALL_TO_ALL, 64 * KiB)
    result, records = recorded(trace, network((topology, 8)))
    busy = {(it.src, it.dst): it.busy for it in result.links}
    for link in records.load.links:
        assert sum(link.busy.values()) == pytest.approx(busy[link.src, link.dst], abs=10, rel=0.01)
    starts = [it.start for it in records.transmissions.records]
    assert starts == sorted(starts)
    assert json.dumps(result.to_dict())
