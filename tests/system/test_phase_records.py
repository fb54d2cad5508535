"""What a probe hears of phases, and what a stream says of its collective."""

from support.machines import network, one_collective, system

from simastra.collectives import Phase
from simastra.engine import PhaseBegun, PhaseEnded, Probe
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, TraceBuilder
from simastra.units import MiB

RS, AG, AR = (
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_GATHER,
    CollectiveType.ALL_REDUCE,
)


class Phases(Probe):
    """The phases of one NPU."""

    def __init__(self) -> None:
        self.begun: list[tuple[int, CollectiveType, int]] = []
        self.ended: list[tuple[int, CollectiveType, int]] = []

    def on_phase_begun(self, event: PhaseBegun) -> None:
        npu, _, stream, _, phase, time = event
        if npu == 3:
            assert isinstance(phase, Phase)
            self.begun.append((stream, phase.collective, time))

    def on_phase_ended(self, event: PhaseEnded) -> None:
        npu, _, stream, _, phase, time = event
        if npu == 3:
            assert isinstance(phase, Phase)
            self.ended.append((stream, phase.collective, time))


def test_each_chunk_goes_through_its_phases_one_after_the_other() -> None:
    phases = Phases()
    config = system(["ring", "ring"], preferred_dataset_splits=2)
    shape = network(("Ring", 4), ("Ring", 2))
    result = Simulation(one_collective(AR), config, shape).run(probes=[phases])
    for stream in (0, 1):
        begun = [phase[1:] for phase in phases.begun if phase[0] == stream]
        ended = [phase[1:] for phase in phases.ended if phase[0] == stream]
        assert [kind for kind, _ in begun] == [kind for kind, _ in ended] == [RS, AR, AG]
        for (_, start), (_, end), following in zip(begun, ended, [*begun[1:], None], strict=True):
            assert start < end
            assert following is None or end <= following[1]
    assert max(time for *_, time in phases.ended) == result.cycles[3]


def test_a_stream_says_which_collective_it_is_a_chunk_of() -> None:
    et = TraceBuilder()
    first = et.all_reduce("first", size=MiB)
    et.all_gather("second", size=2 * MiB, after=first)
    run = Simulation(et, system(), network(("Ring", 4))).start()
    seen: set[tuple[str, CollectiveType, int]] = set()
    for _ in range(10_000):
        run.step()
        for queue in run.processes[0].npu.collectives.scheduler.queues:
            for stream in queue:
                it = stream.collective
                seen.add((it.node.name, it.kind, it.size))
        if run.processes[0].finish_time is not None:
            break
    assert seen == {("first", AR, MiB), ("second", AG, 2 * MiB)}


def test_an_event_of_a_phase_says_for_which_node_which_phase_and_among_whom() -> None:
    class All(Probe):
        def __init__(self) -> None:
            self.told: list[PhaseBegun | PhaseEnded] = []

        def on_phase_begun(self, event: PhaseBegun) -> None:
            self.told.append(event)

        def on_phase_ended(self, event: PhaseEnded) -> None:
            self.told.append(event)

    told = All()
    config = system(["ring", "ring"], preferred_dataset_splits=1)
    shape = network(("Ring", 4), ("Ring", 2))
    Simulation(one_collective(AR), config, shape).run(probes=[told])
    of_3 = [event for event in told.told if event.npus == (3,)]
    assert [(event.phase_index, sorted(event.phase.members)) for event in of_3[::2]] == [
        (1, [0, 1, 2, 3]),
        (2, [3, 7]),
        (3, [0, 1, 2, 3]),
    ]
    assert {(event.node.name, event.stream) for event in of_3} == {("ALL_REDUCE", 0)}
    assert [event[:5] for event in of_3[::2]] == [event[:5] for event in of_3[1::2]]
    assert f"{of_3[2]}".startswith("NPU 3 began phase 2 of stream 0 of node ")
    assert f"{of_3[3]}".startswith("NPU 3 ended phase 2 of stream 0 of node ")
    assert f"{of_3[2]}".endswith(" B among NPUs 3, 7")
