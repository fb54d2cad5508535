"""An NPU's queues of streams in a folded run.

Of two streams whose phases end in one nanosecond, other NPUs may see the one or the other end
first. What they do to different queues has nothing to do with each other. A queue that one of them
leaves and the other enters comes to the same either way, as long as the newcomer goes behind all
who wait; only which of the two has the next phase of that queue begin isn't the same everywhere.
"""

from __future__ import annotations

from typing import NamedTuple, final

from simastra.system import Stream
from simastra.system.scheduler import StreamScheduler
from simastra.system.tags import Tags
from simastra.units import NpuId, Ns

from .alternatives import Access
from .ties import Ties


class _Change(NamedTuple):
    """Something enters or leaves a queue: `stream`, or None where one leaves."""

    access: Access
    stream: Stream | None


@final
class FoldedScheduler(StreamScheduler):
    """Which of a representative's streams run.

    Args:
        plain: the scheduler of the plain path, in which nothing has been queued yet.
        ties: watch over what happens to the NPU.
        npu: whose streams they are.
        tags: of streams' messages.
    """

    def __init__(self, plain: StreamScheduler, ties: Ties, npu: NpuId, tags: Tags) -> None:
        super().__init__(len(plain.queues), plain.running_per_queue)
        self._ties = ties
        self._npu = npu
        self._tags = tags
        self._time: Ns = -1
        self._changes: dict[int, list[_Change]] = {}
        """What has happened to each queue in this nanosecond."""
        self._shared: set[int] = set()
        """Queues in which it isn't certain who has the next phase begin."""

    def _finish(self, stream: Stream) -> None:
        self._ties.note_end_of_chunk(self._npu)
        others = (it for line in self.queues for it in line if it is not stream)
        if not any(other.collective is stream.collective for other in others):
            self._ties.note_use(self._npu)  # the node ends, and others may begin
        super()._finish(stream)

    def _enter(self, stream: Stream) -> int:
        queue = super()._enter(stream)
        self._note(queue, stream)
        return queue

    def _one_less_runs(self, queue: int) -> None:
        self._note(queue, None)
        super()._one_less_runs(queue)

    def _begin(self, stream: Stream, queue: int) -> None:
        acting = self._ties.env
        running, entered = acting.running, None
        if acting.now == self._time and queue in self._shared:
            acting.running = running.part()
            entered = next((it.access for it in self._changes[queue] if it.stream is stream), None)
        tag = self._tags.of_stream(stream.number)
        self._ties.note_stream(self._npu, tag, entered and entered.entry)
        super()._begin(stream, queue)
        acting.running = running

    def _note(self, queue: int, stream: Stream | None) -> None:
        """Note a change of a queue, and check that it may come before others of this nanosecond."""
        ties = self._ties
        if self._time != ties.env.now:
            self._time = ties.env.now
            self._changes.clear()
            self._shared.clear()
        change = _Change(ties.access(), stream)
        before = self._changes.setdefault(queue, [])
        if any(ties.is_by_number(other.access, change.access) for other in before):
            self._share(queue, change, before)
        before.append(change)

    def _share(self, queue: int, change: _Change, before: list[_Change]) -> None:
        """Let an entry and an exit come in either order; nothing else can."""
        cohort = change.access.entry.cohort
        rivals = [other for other in before if other.access.entry.cohort == cohort]
        priorities = {stream.priority for stream in self.queues[queue]}
        if (
            len(rivals) > 1
            or (rivals[0].stream is None) == (change.stream is None)
            or len(priorities) > 1
        ):
            raise self._ties.refusal(f"a queue of NPU {self._npu}")
        self._shared.add(queue)
