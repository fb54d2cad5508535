"""Dependencies of communication that no kernel does: gloo's, and NCCL's in a trace without device.

The backend communicates in threads of its own, or on the device: such a node is no part of the
host's threads. It starts when the program has asked for it. The program waits for it at once, or
where it uses the buffer.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from simastra.trace import CollectiveType
from simastra.units import Ns

from .communications import Communication
from .edges import EdgeReason, Edges
from .host_time import HostWait
from .names import FUNCTIONAL
from .operators import Operator, storages
from .threads import HostThread

_WAIT = "::wait_tensor"


def order_host_communication(
    communications: Iterable[Communication], threads: Sequence[HostThread], edges: Edges
) -> list[HostWait]:
    """Order communications of the host; return when threads waited for them.

    Collectives run in the order in which they were asked for: so they do on every NPU.
    """
    mine = sorted(
        (item for item in communications if not item.operator.on_device),
        key=lambda item: (item.operator.rf_id, item.operator.id),
    )
    if not mine:
        return []
    users = _Users(threads)
    by_tid = {thread.tid: thread for thread in threads}
    waits: list[HostWait] = []
    previous: int | None = None
    for item in mine:
        issuer = _issuer(item, by_tid)
        if issuer is not None:
            edges.add(item.operator.id, issuer.id, EdgeReason.LAUNCH)
        if isinstance(item.kind, CollectiveType):
            if previous is not None:
                edges.add(item.operator.id, previous, EdgeReason.COLLECTIVES)
            previous = item.operator.id
        for result in _results(item, issuer, by_tid, users):
            edges.add(result.operator.id, item.operator.id, EdgeReason.RESULT)
            waits += result.waits
    return waits


def _issuer(item: Communication, by_tid: dict[int, HostThread]) -> Operator | None:
    """The operator that asked for a communication; that before it if it did so itself."""
    request = item.request
    if request is not None and request.tid in by_tid and by_tid[request.tid].has(request):
        return request
    thread = by_tid.get(item.operator.tid)
    if thread is None:
        return None
    start = item.operator.start if thread.spans else item.operator.id
    return None if start is None else thread.last_before(start)


@dataclass(frozen=True, slots=True)
class _Result:
    """An operator that waits for a communication.

    Attributes:
        operator: the first that does in its thread.
        waits: when the thread waited for it before.
    """

    operator: Operator
    waits: tuple[HostWait, ...]


def _results(
    item: Communication,
    issuer: Operator | None,
    by_tid: dict[int, HostThread],
    users: "_Users",
) -> Iterator[_Result]:
    """Who waits for a communication, and when it did."""
    end = item.operator.end
    if issuer is not None:
        thread = by_tid[issuer.tid]
        called = _within_wait(item.operator, thread)
        if called is not None:
            yield called
            return
        asynchronous = _asynchronous(item)
        following = None if asynchronous is True else thread.first_after(issuer)
        if following is not None and _waited(following.start, end, asynchronous=asynchronous):
            yield _Result(following, _wait(item.operator, thread, following))
            return
    after = end if end is not None else item.operator.id if issuer is None else issuer.id + 1
    for thread, operator in users.first_users(item, after):
        yield _Result(operator, _wait(item.operator, thread, operator))


def _within_wait(communication: Operator, thread: HostThread) -> _Result | None:
    """What follows the ``wait_tensor`` in which a thread was when a communication ended."""
    end = communication.end
    if communication.start is None or end is None or not thread.spans:
        return None
    position = bisect_right(thread.moments, end)
    if not 0 < position < len(thread.operators):
        return None
    call = thread.operators[position - 1]
    if not (call.name.startswith(FUNCTIONAL) and call.name.endswith(_WAIT)):
        return None
    if call.start is None or call.end is None or call.end < end:
        return None
    wait = HostWait(thread.tid, max(call.start, communication.start), end)
    return _Result(thread.operators[position], (wait,))


def _waited(start: Ns | None, end: Ns | None, *, asynchronous: bool | None) -> bool:
    """Whether who began next waited: times tell best, then what the request says."""
    if start is None or end is None:
        return asynchronous is False
    return start >= end


def _asynchronous(item: Communication) -> bool | None:
    """What the request's argument ``async_op`` says; older traces don't have it."""
    if item.request is None:
        return None
    flags = [value for value in item.request.inputs.values if isinstance(value, bool)]
    return flags[-1] if flags else None


def _wait(communication: Operator, thread: HostThread, operator: Operator) -> tuple[HostWait, ...]:
    span = thread.before.get(operator.id)
    if span is None or communication.start is None or communication.end is None:
        return ()
    start: Ns = max(span.start, communication.start)
    return (HostWait(thread.tid, start, min(span.end, communication.end)),)


class _Users:
    """Which operators use which storages, found once for all communications."""

    def __init__(self, threads: Sequence[HostThread]) -> None:
        self._threads = threads
        self._positions: list[dict[int, list[int]]] = []
        for thread in threads:
            positions: dict[int, list[int]] = {}
            for position, operator in enumerate(thread.operators):
                for storage in storages(operator):
                    positions.setdefault(storage, []).append(position)
            self._positions.append(positions)

    def first_users(self, item: Communication, after: Ns) -> Iterable[tuple[HostThread, Operator]]:
        """In each thread, the first operator from a moment on that uses the same storages."""
        wanted = storages(item.operator)
        if item.request is not None:
            wanted |= storages(item.request)
        for thread, positions in zip(self._threads, self._positions, strict=True):
            first: int | None = None
            for storage in wanted:
                for position in positions.get(storage, ()):
                    if thread.moments[position] >= after:
                        first = position if first is None else min(first, position)
                        break
            if first is not None:
                yield thread, thread.operators[first]
