"""Collectives: chunks become streams, and their end becomes one event (behaviour 3.2)."""

from collections.abc import Callable, Sequence

from simastra.collectives import (
    Chunks,
    Phase,
    QueueTurns,
    plan_phases,
    split,
)
from simastra.config import CollectiveOptimization, SchedulingPolicy, SystemConfig
from simastra.engine import Call, Completion, Environment
from simastra.trace import CollectiveType

from .communicator import Collective, Communicator, Participants
from .custom import CustomPhase
from .custom_collectives import CustomCollectives
from .npu_collectives import NpuCollectives
from .ports import Ports
from .scheduler import StreamScheduler
from .stream import Stream


class CollectiveUnit(NpuCollectives):
    """Runs the collectives of one NPU, chunk by chunk and message by message.

    Args:
        env: the environment.
        ports: what streams act upon.
        config: chunks, policy and optimisation.
        custom: collectives that are played from ETs.
        npus: in the whole system.
        dimensions: of the network.
        queues_per_dimension: logical queues of each dimension.
    """

    def __init__(  # noqa: PLR0913  # all of it describes one machine
        self,
        env: Environment,
        ports: Ports,
        config: SystemConfig,
        custom: CustomCollectives,
        *,
        npus: int,
        dimensions: int,
        queues_per_dimension: int,
    ) -> None:
        self.env = env
        self.ports = ports
        self.config = config
        self.custom = custom
        self.npus = npus
        self.turns = QueueTurns(dimensions, queues_per_dimension)
        running = running_per_queue(config, queues_per_dimension)
        self.scheduler = StreamScheduler(dimensions * queues_per_dimension, running)
        self._issued = 0

    def run(self, collective: Collective, communicator: Communicator) -> Completion:
        """Begin a collective; the event fires when this NPU's last chunk has ended.

        A collective in which no dimension takes part ends at once, by an event of this tick
        (where ASTRA-sim never ends it, behaviour 7.2 #13).
        """
        finished = Completion(self.env)
        communicator.issued.append(collective)
        priority = self._priority(collective)
        prefix = self.custom.prefix(collective)
        if prefix is not None:
            # One stream, whatever the number of splits: an ET is about all of the data.
            phase = self._custom_phase(prefix, communicator)
            self._begin((phase,), priority, communicator, finished.fire, collective)
            return finished
        plan = self.plan(collective, communicator)
        if not plan:
            self.env.call_later(0, finished.fire)
            return finished
        countdown = _Countdown(len(plan), finished)
        for phases in plan:
            self._begin(phases, priority, communicator, countdown.chunk_finished, collective)
        return finished

    @property
    def queues(self) -> Sequence[Sequence[Stream]]:
        """Chunks in flight, by logical queue."""
        return self.scheduler.queues

    def reschedule(self, scheduler: Callable[[StreamScheduler], StreamScheduler]) -> None:
        """Have another scheduler, made of the present one."""
        self.scheduler = scheduler(self.scheduler)

    def plan(self, collective: Collective, communicator: Communicator) -> Sequence[Sequence[Phase]]:
        """The phases of each chunk; nothing where no dimension takes part.

        It is a collective's turn at the logical queues: the next plan may be another one.
        """
        along = communicator.participants(collective)
        chunks = chunks_of(collective, along, self.config.preferred_dataset_splits, self.npus)
        return [
            plan_phases(
                collective.kind,
                chunks.size,
                along.for_chunk(collective, chunk, chunks.count),
                along.active,
                self.turns,
                bandwidth_aware=self._bandwidth_aware,
            )
            for chunk in range(chunks.count)
        ]

    def _begin(
        self,
        phases: Sequence[Phase | CustomPhase],
        priority: int,
        communicator: Communicator,
        chunk_finished: Call,
        collective: Collective,
    ) -> None:
        number = communicator.take_stream_number()
        stream = Stream(number, priority, phases, self.ports, chunk_finished, collective)
        self.scheduler.proceed(stream)

    def _custom_phase(self, prefix: str, communicator: Communicator) -> CustomPhase:
        members = communicator.members
        graphs = self.custom.graphs(prefix, len(members))
        return CustomPhase(graphs[members.index(self.ports.npu)], members)

    @property
    def _bandwidth_aware(self) -> bool:
        return self.config.collective_optimization is CollectiveOptimization.LOCAL_BW_AWARE

    def _priority(self, collective: Collective) -> int:
        """LIFO puts newer collectives first, FIFO older ones."""
        number = self._issued
        self._issued += 1
        match self.config.scheduling_policy:
            case SchedulingPolicy.LIFO:
                return number
            case SchedulingPolicy.FIFO:
                return -number
            case SchedulingPolicy.EXPLICIT:
                return collective.priority


def chunks_of(collective: Collective, along: Participants, splits: int, npus: int) -> Chunks:
    """The chunks of a collective; none where nobody else takes part, or there is nothing to gather.

    Args:
        collective: what is asked for.
        along: who takes part.
        splits: ``preferred-dataset-splits``.
        npus: in the whole system.
    """
    if not along.active or collective.gathers_nothing:
        return Chunks(0, 0)
    if collective.kind is CollectiveType.BARRIER:
        return Chunks(1, 0)
    return split(collective.kind, collective.size, splits, npus)


class _Countdown:
    """Fires an event when the last of a collective's chunks has ended."""

    __slots__ = ("_finished", "_left")

    def __init__(self, chunks: int, finished: Completion) -> None:
        self._left = chunks
        self._finished = finished

    def chunk_finished(self) -> None:
        self._left -= 1
        if not self._left:
            self._finished.fire()


def running_per_queue(config: SystemConfig, queues_per_dimension: int) -> int:
    """How many streams of a logical queue may run at once: a dimension's active chunks, shared."""
    return -(-config.active_chunks_per_dimension // queues_per_dimension)
