"""What is recorded of a run for pictures: messages, phases, and the load of links over time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cases import load_cases, simulation_of
from support.machines import all_reduce_on_ring_of_8
from support.recorded_runs import collective_on, recorded, two_senders

from simastra.engine import Envelope
from simastra.errors import DeadlockError
from simastra.report.run_records import MessageRecord, RunRecorder, Transmission
from simastra.report.run_records.load import LoadBins
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder

INTERVALS = st.lists(
    st.tuples(st.sampled_from([(0, 1), (1, 0)]), st.integers(0, 3000), st.integers(0, 900)),
    max_size=30,
)


def test_a_message_that_waits_at_a_switch_is_recorded_hop_by_hop() -> None:
    records = two_senders().records
    assert records.messages.records == (
        MessageRecord(0, 2, 5000, 0, 0, 7000),
        MessageRecord(1, 2, 5000, 0, 0, 9500),
    )
    first, second = Envelope(0, 0, 2, 5000), Envelope(0, 1, 2, 5000)
    assert records.transmissions.records == (
        Transmission(0, 3, 5000, 0, 2500, first),
        Transmission(1, 3, 5000, 0, 2500, second),
        Transmission(3, 2, 5000, 3500, 6000, first),
        Transmission(3, 2, 5000, 6000, 8500, second),
    )
    down = records.load.links[2]
    assert (down.src, down.dst) == (3, 2)
    assert sum(down.busy.values()) == 5000
    assert sum(down.waiting.values()) == 2500


def test_loads_lie_in_the_bins_in_which_they_happened() -> None:
    load = two_senders().records.load
    assert (load.width, load.bins) == (32, 266)  # 8500 ns in at most 512 bins
    down = load.links[2]
    assert down.busy[3500 // 32] == 32 - 3500 % 32
    assert down.busy[200] == 32
    assert down.waiting[200 - 32] == 32
    assert 200 not in down.waiting


@given(INTERVALS, st.integers(1, 40))
def test_bins_keep_every_sum_however_often_they_widen(
    intervals: list[tuple[tuple[int, int], int, int]], most_bins: int
) -> None:
    narrow, wide = LoadBins(most_bins=10_000), LoadBins(most_bins=most_bins)
    for link, start, duration in intervals:
        narrow.add_busy(link, start, start + duration)
        wide.add_busy(link, start, start + duration)
    exact, binned = narrow.record(), wide.record()
    assert binned.bins <= most_bins
    for before, after in zip(exact.links, binned.links, strict=True):
        summed: dict[int, int] = {}
        for place, length in before.busy.items():  # a bin of 1 ns: its place is its time
            summed[place // binned.width] = summed.get(place // binned.width, 0) + length
        assert dict(after.busy) == summed
    coarser = exact.coarser(most_bins)
    assert coarser.bins <= most_bins
    assert exact.coarser(0) == exact.coarser(1)
    total = sum(duration for _, _, duration in intervals)
    assert sum(sum(link.busy.values()) for link in coarser.links) == total


def test_the_first_records_are_kept_and_the_rest_counted() -> None:
    every = collective_on(("Ring", 4)).records
    few = collective_on(("Ring", 4), most_records=10).records
    assert few.messages.total == every.messages.total == 4 * 4 * 6  # chunks, NPUs, steps
    assert few.messages.records == every.messages.records[:10]
    assert few.messages.left_out == every.messages.total - 10
    assert few.messages.complete_until == every.messages.records[10].start
    assert (every.messages.left_out, every.messages.complete_until) == (0, None)
    assert few.load == every.load  # which is always complete


def test_phases_say_what_a_chunk_went_through() -> None:
    records = collective_on(("Ring", 2), ("Switch", 4), algorithms=("ring", "direct")).records
    phases = [it for it in records.phases.records if it.npu == 5 and it.stream == 0]
    assert [(it.place, it.name, it.algorithm, it.node) for it in phases] == [
        (0, "REDUCE_SCATTER", "Ring", 1),
        (1, "ALL_REDUCE", "Direct", 1),
        (2, "ALL_GATHER", "Ring", 1),
    ]
    assert [it.size for it in phases] == [2**18, 2**17, 2**17]
    assert all(it.end is not None and it.start < it.end for it in phases)
    assert all(a.end is not None and a.end <= b.start for a, b in pairwise(phases))


def test_the_load_adds_up_to_what_the_result_says_of_each_link() -> None:
    case = next(it for it in load_cases("hoti2024") if it["backend"] == "aware")
    run = recorded(simulation_of(case))
    assert {(it.src, it.dst): sum(it.busy.values()) for it in run.records.load.links} == {
        (it.src, it.dst): it.busy for it in run.result.links
    }
    assert run.records.transmissions.total == sum(it.messages for it in run.result.links)


def test_recording_changes_no_result() -> None:
    assert recorded(all_reduce_on_ring_of_8()).result == all_reduce_on_ring_of_8().run()


def test_what_never_finished_is_known_too(deadlock: Simulation) -> None:
    recorder = RunRecorder(deadlock)
    with pytest.raises(DeadlockError):
        deadlock.run(probes=[recorder])
    records = recorder.records()
    assert [(it.npu, it.name, it.start) for it in records.unfinished] == [(1, "never sent", 0)]


@pytest.fixture
def deadlock() -> Simulation:
    shape = all_reduce_on_ring_of_8()
    traces = [TraceBuilder(npu) for npu in range(8)]
    for npu, trace in enumerate(traces):
        if npu == 1:
            trace.recv("never sent", size=64, source=0)
        else:
            trace.compute("work", micros=npu + 1)
    return Simulation(Trace.of(traces), shape.system, shape.network)


def test_a_backend_without_links_has_messages_and_no_load() -> None:
    ring = all_reduce_on_ring_of_8()
    options = Options(backend="congestion-unaware")
    records = recorded(Simulation(ring.trace, ring.system, ring.network, options=options)).records
    assert records.load.links == ()
    assert records.messages.total == 4 * 14 * 8
    assert all(it.end is not None and it.end > it.start for it in records.messages.records)


@pytest.mark.parametrize("collective", [CollectiveType.ALL_GATHER, CollectiveType.ALL_TO_ALL])
def test_every_message_that_is_sent_arrives(collective: CollectiveType) -> None:
    records = collective_on(("FullyConnected", 5), collective=collective, size=1000).records
    assert all(it.end is not None for it in records.messages.records)
