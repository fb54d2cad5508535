"""What sharing links costs, and with whom: to the nanosecond, beside what a message takes alone."""

from collections.abc import Sequence

import pytest
from support.machines import network, one_collective, system

from simastra.config import NetworkConfig
from simastra.engine import Category
from simastra.explain import Explanation
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

SIZE = 50_000  # 1,000 ns at 50 GB/s
SWITCH = NetworkConfig(topology=["Switch"], npus_count=[5], bandwidth=["50GB/s"], latency=[500])
SHARING = Category.SHARING


def explained(
    sends: Sequence[tuple[int, int]], late: float = 0, shape: NetworkConfig = SWITCH
) -> Explanation:
    """Sends of a sender and a receiver; the first sender computes first for `late` µs."""
    builders = [TraceBuilder(npu) for npu in range(5)]
    for number, (src, dst) in enumerate(sends):
        before = [] if number or not late else [builders[src].compute("own", micros=late)]
        builders[src].send(f"to {dst}", to=dst, size=SIZE, tag=number, after=before)
        builders[dst].recv(f"from {src}", source=src, size=SIZE, tag=number)
    return Simulation(Trace.of(builders), system(), shape, options=Options("fluid")).explain()


def told(explanation: Explanation, npu: int) -> list[tuple[int, int, str]]:
    return [(it.start, it.end, it.category.value) for it in explanation.timeline(npu)]


def test_a_message_that_shares_nothing_takes_wire_and_latency() -> None:
    assert told(explained([(1, 0)]), 1) == [(0, 1000, "serialisation"), (1000, 2000, "latency")]


def test_what_an_incast_costs_is_told_with_the_link_and_the_npus() -> None:
    explanation = explained([(1, 0), (2, 0), (3, 0)])
    assert told(explanation, 1) == [
        (0, 1000, "serialisation"),
        (1000, 3000, "sharing"),
        (3000, 4000, "latency"),
    ]
    (shared,) = (it for it in explanation.timeline(1) if it.category is SHARING)
    assert (shared.link, shared.sharers, shared.npu, shared.peer) == ((5, 0), (1, 2, 3), 1, 0)
    assert explanation.attribution(1).sharers == {2: 1000, 3: 1000}
    assert "sharing 2000 (with NPU 1, 2)" in str(explanation)


def test_who_shares_only_for_a_while_loses_only_then() -> None:
    """The second has half its bytes on the wire when the first sets out, half a µs late."""
    both = explained([(1, 0), (2, 0)], late=0.5)
    lost = [(0, 1000, "serialisation"), (1000, 1500, "sharing"), (1500, 2500, "latency")]
    assert told(both, 2) == lost
    assert told(both, 1)[1:] == [(start + 500, end + 500, what) for start, end, what in lost]


def test_messages_of_one_npu_to_several_share_its_own_port() -> None:
    slow = explained([(1, 0), (2, 1), (3, 1)])
    assert slow.attribution(2).sharers == {3: 1000}
    assert slow.attribution(1).times[SHARING] == 0


@pytest.mark.parametrize("algorithm", ["ring", "direct", "halvingDoubling"])
@pytest.mark.parametrize("chunks", [1, 4])
@pytest.mark.parametrize("npus", [4, 8])
def test_all_times_sum_to_the_nanosecond(algorithm: str, chunks: int, npus: int) -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, 64 * KiB),
        system([algorithm], active_chunks_per_dimension=chunks),
        network(("Switch", npus)),
        options=Options("fluid"),
    )
    explanation, result = simulation.explain(), simulation.run()
    assert explanation.makespan == result.makespan
    for attribution in explanation.attributions:
        assert attribution.total == result.makespan
        assert sum(attribution.sharers.values()) == attribution.times[SHARING]
        spans = explanation.timeline(attribution.npu)
        assert [it.start for it in spans[1:]] == [it.end for it in spans[:-1]]
    path = explanation.critical_path()
    assert (path[0].start, path[-1].end) == (0, result.makespan)
    assert all(it.link and it.sharers for it in path if it.category is SHARING)


def test_the_record_of_an_explanation_names_them_too() -> None:
    record = explained([(1, 0), (2, 0)]).record()
    spans = [it for it in record.to_dict()["critical_path"]["spans"] if it["category"] == "sharing"]
    assert [it["sharers"] for it in spans] == [[1, 2]]
    assert record.to_dict()["attributions"][1]["sharers"] == {"2": 1000}
    assert "sharers" not in record.to_dict()["attributions"][4]
