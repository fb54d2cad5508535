"""Which of an NPU's streams run: queues, priorities, active chunks (behaviour 3.4)."""

from bisect import insort_right

from .stream import Stream


class StreamScheduler:
    """An NPU's logical queues of streams.

    Args:
        queues: number of queues, those of dimension 0 first.
        running_per_queue: how many streams of a queue may run at once.
    """

    def __init__(self, queues: int, running_per_queue: int) -> None:
        self.running_per_queue = running_per_queue
        self.queues: list[list[Stream]] = [[] for _ in range(queues)]
        """Streams in each queue, those that run included, in the order in which they start."""
        self.running = [0] * queues
        """How many streams of each queue run."""

    def proceed(self, stream: Stream) -> None:
        """Take up a new stream, or take one on whose phase has ended.

        The order of the steps is ASTRA-sim's: a finished chunk is announced, and may have new
        collectives issued, before it leaves its queue.
        """
        previous = stream.phase.queue if stream.phase else None
        if not stream.has_more_phases:
            self._finish(stream)
            if previous is not None:
                self.queues[previous].remove(stream)
                self._one_less_runs(previous)
            return
        if previous is not None:
            self.queues[previous].remove(stream)
        queue = self._enter(stream)
        if previous is not None:
            self._one_less_runs(previous)
        self._start(queue)

    def _finish(self, stream: Stream) -> None:
        """Announce a chunk's end, upon which there may be new streams."""
        stream.chunk_finished()

    def _enter(self, stream: Stream) -> int:
        """Put a stream into the queue of its next phase, and say which that is."""
        queue = stream.enter_next_phase().queue
        insort_right(self.queues[queue], stream, key=_place)
        return queue

    def _one_less_runs(self, queue: int) -> None:
        self.running[queue] -= 1
        self._start(queue)

    def _start(self, queue: int) -> None:
        """Begin the next streams of a queue, as many as may run."""
        line = self.queues[queue]
        place = self.running[queue]
        while place < len(line) and self.running[queue] < self.running_per_queue:
            self._begin(line[place], queue)
            self.running[queue] += 1
            place += 1

    def _begin(self, stream: Stream, _queue: int) -> None:
        """Begin the phase that a stream has entered, in that queue."""
        stream.begin_phase(self.proceed)


def _place(stream: Stream) -> tuple[bool, int]:
    """Order in a queue: those that run, then by priority; a newcomer goes behind its equals."""
    return not stream.begun, -stream.priority
