"""Collectives: chunks become streams, and their end becomes one event (behaviour 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.collectives import QueueTurns, plan_phases, split
from simastra.config import CollectiveOptimization, SchedulingPolicy, SystemConfig
from simastra.engine import Completion, Environment
from simastra.trace import CollectiveType
from simastra.units import Bytes

from .communicator import Communicator
from .scheduler import StreamScheduler
from .stream import Ports, Stream


@dataclass(frozen=True, slots=True)
class CollectiveRequest:
    """What a collective ET node asks for.

    Attributes:
        collective: what is to be done.
        size: the buffer; for all-gather one member's shard (behaviour 2.4).
        involved: which network dimensions take part; None for all.
        priority: larger first, under the policy EXPLICIT.
    """

    collective: CollectiveType
    size: Bytes
    involved: Sequence[bool] | None = None
    priority: int = 0


class CollectiveUnit:
    """Runs the collectives of one NPU.

    Args:
        env: the environment.
        ports: what streams act upon.
        config: chunks, policy and optimisation.
        npus: in the whole system.
        dimensions: of the network.
        queues_per_dimension: logical queues of each dimension.
    """

    def __init__(  # all of it describes one machine
        self,
        env: Environment,
        ports: Ports,
        config: SystemConfig,
        *,
        npus: int,
        dimensions: int,
        queues_per_dimension: int,
    ) -> None:
        self.env = env
        self.ports = ports
        self.config = config
        self.npus = npus
        self.turns = QueueTurns(dimensions, queues_per_dimension)
        running = -(-config.active_chunks_per_dimension // queues_per_dimension)
        self.scheduler = StreamScheduler(dimensions * queues_per_dimension, running)
        self._issued = 0

    def run(self, request: CollectiveRequest, communicator: Communicator) -> Completion:
        """Begin a collective; the event fires when this NPU's last chunk has ended.

        A collective in which no dimension takes part ends at once, by an event of this tick
        (where ASTRA-sim never ends it, behaviour 9.2 #13).
        """
        finished = Completion(self.env)
        active = communicator.active(request.collective, request.involved)
        nothing_to_gather = request.collective is CollectiveType.ALL_GATHER and not request.size
        priority = self._priority(request)
        if not active or nothing_to_gather:
            self.env.call_later(0, finished.fire)
            return finished
        chunks = split(
            request.collective, request.size, self.config.preferred_dataset_splits, self.npus
        )
        countdown = _Countdown(chunks.count, finished)
        for _ in range(chunks.count):
            phases = plan_phases(
                request.collective,
                chunks.size,
                communicator.dimensions(request.collective),
                active,
                self.turns,
                bandwidth_aware=self._bandwidth_aware,
            )
            number = communicator.take_stream_number()
            stream = Stream(number, priority, phases, self.ports, countdown.chunk_finished)
            self.scheduler.proceed(stream)
        return finished

    @property
    def _bandwidth_aware(self) -> bool:
        return self.config.collective_optimization is CollectiveOptimization.LOCAL_BW_AWARE

    def _priority(self, request: CollectiveRequest) -> int:
        """LIFO puts newer collectives first, FIFO older ones."""
        number = self._issued
        self._issued += 1
        match self.config.scheduling_policy:
            case SchedulingPolicy.LIFO:
                return number
            case SchedulingPolicy.FIFO:
                return -number
            case SchedulingPolicy.EXPLICIT:
                return request.priority


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
