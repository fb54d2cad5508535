"""Which of the host's operators are the same communication.

A request may call another: ``_c10d_functional::all_reduce`` (DTensor, torch.compile, FSDP2) calls
``c10d::allreduce_``, which calls the backend. The outermost is the communication that the program
asked for, and the only one that names its group. A backend may do several things for one request,
as gloo does for a coalesced reduce-scatter.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from .names import is_backend, is_request
from .operators import Operator


class Requests:
    """The requests of a trace.

    Args:
        operators: all of a trace.

    Attributes:
        outermost: those that no other request called, in order of id.
    """

    def __init__(self, operators: Sequence[Operator]) -> None:
        self._by_id: Mapping[int, Operator] = {operator.id: operator for operator in operators}
        self._outer = {
            operator.id: self._outermost(operator)
            for operator in operators
            if not operator.on_device and is_request(operator.name)
        }
        self.outermost = [op for op in operators if self.of(op) is op]
        self._parts: dict[int, list[Operator]] = {}
        for request in sorted((op for op in operators if op.id in self._outer), key=_call):
            self._parts.setdefault(self._outer[request.id].id, []).insert(0, request)

    def of(self, operator: Operator) -> Operator | None:
        """The outermost request that a request is part of; None of what is no request."""
        return self._outer.get(operator.id)

    def parts(self, outermost: Operator) -> list[Operator]:
        """The requests that are part of an outermost one, the innermost first, itself last."""
        return self._parts[outermost.id]

    def callers(self, operator: Operator) -> Iterator[Operator]:
        """Yield the operators that an operator runs in, the innermost first."""
        seen = {operator.id}
        while operator.parent is not None and operator.parent not in seen:
            seen.add(operator.parent)
            parent = self._by_id.get(operator.parent)
            if parent is None:
                return
            yield parent
            operator = parent

    def paired(self, backends: Iterable[Operator]) -> dict[int, Operator]:
        """Return the outermost request that each backend's operator works for, by its id.

        gloo works in threads of its own, so the operator that called it isn't always its parent.
        But operators are numbered in order of the calls, in all threads.
        """
        order = sorted([*self.outermost, *backends], key=_call)
        pairs: dict[int, Operator] = {}
        waiting: dict[int, Operator] = {}
        last: dict[int, Operator] = {}  # request of each thread
        for operator in order:
            if operator.id in self._outer:
                waiting[operator.id] = last[operator.tid] = operator
                continue
            request = self._request(operator, waiting, last.get(operator.tid))
            if request is not None:
                waiting.pop(request.id, None)
                pairs[operator.id] = request
        return pairs

    def _request(
        self, backend: Operator, waiting: dict[int, Operator], last: Operator | None
    ) -> Operator | None:
        parent = None if backend.parent is None else self._by_id.get(backend.parent)
        called = None if parent is None else self.of(parent)
        for request in (called, last):
            if request is not None and (request.id in waiting or self._within(backend, request)):
                return request
        return waiting[next(reversed(waiting))] if waiting else None

    def _within(self, backend: Operator, request: Operator) -> bool:
        """Whether a request was still running when a further operator of the backend was called.

        The operator that its thread called before tells: it is the request, or runs in it.
        """
        before = self._called_before(backend)
        return before is not None and (
            before is request or any(caller is request for caller in self.callers(before))
        )

    def _called_before(self, backend: Operator) -> Operator | None:
        calls = self._calls.get(backend.tid, [])
        position = bisect_left(calls, _call(backend), key=_call)
        return calls[position - 1] if position else None

    @cached_property
    def _calls(self) -> dict[int, list[Operator]]:
        """What each thread called, without the backend's operators."""
        calls: dict[int, list[Operator]] = {}
        for operator in sorted(self._by_id.values(), key=_call):
            if not operator.on_device and not is_backend(operator.name):
                calls.setdefault(operator.tid, []).append(operator)
        return calls

    def _outermost(self, request: Operator) -> Operator:
        outer = request
        for caller in self.callers(request):
            # gloo's operators stay open while the thread goes on: what runs in them isn't theirs.
            if is_backend(caller.name) or caller.ended_before(request):
                break
            if is_request(caller.name):
                outer = caller
        return outer


def _call(operator: Operator) -> tuple[int, int]:
    return operator.rf_id or operator.id, operator.id
