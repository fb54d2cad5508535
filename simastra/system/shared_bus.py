"""The bus between an NPU and its memory side, after the LogGP model (behaviour 3.11).

Culler et al., "LogP: towards a realistic model of parallel computation", 1993, and Alexandrov et
al., "LogGP: incorporating long messages into the LogP model", 1995. L is the latency, o the
overhead, g the gap between messages and G the gap per byte.

Each side sends its requests one after the other and can't send while it receives. The NPU's side
moves everything over a second, inner bus as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from functools import partial

from simastra.engine import Agenda, Call, Category
from simastra.quick_dataclass import dataclass
from simastra.units import Bytes, Ns

INNER_GAP_PER_BYTE = 0.0038
"""G of the inner bus, in ns a byte."""

_READS_BEFORE_YIELDING = 8
_BYTES_PER_REDUCTION_DELAY: Bytes = 100
_REDUCTION_START: Ns = 50


@dataclass(frozen=True, slots=True)
class LogGP:
    """A bus's parameters: latency, overhead and gap in ns, gap per byte in ns a byte.

    `reduction_delay` is in ns for each 100 bytes (``local-reduction-delay``).
    """

    latency: Ns
    overhead: Ns
    gap: Ns
    gap_per_byte: float
    reduction_delay: Ns


def inner_bus(parameters: LogGP) -> LogGP:
    """The parameters of the bus inside an NPU's side of a bus."""
    return replace(parameters, gap_per_byte=INNER_GAP_PER_BYTE)


@dataclass(frozen=True, slots=True)
class Request:
    """Something to move over the bus.

    Attributes:
        size: bytes.
        processed: whether the receiving side processes it first.
        send_back: whether it is then sent back to where it came from.
        then: called when all of that is done.
    """

    size: Bytes
    processed: bool
    send_back: bool
    then: Call


class SharedBus:
    """A bus with an NPU side and a memory side.

    Args:
        agenda: of the NPU.
        parameters: of the bus.
        has_inner: whether the NPU's side moves everything over an inner bus as well.
    """

    def __init__(self, agenda: Agenda, parameters: LogGP, *, has_inner: bool = True) -> None:
        inner = None
        if has_inner:
            inner = SharedBus(agenda, inner_bus(parameters), has_inner=False)
        self.npu_side = BusSide(agenda, parameters, inner)
        self.memory_side = BusSide(agenda, parameters, None)
        self.npu_side.partner = self.memory_side
        self.memory_side.partner = self.npu_side


class _State(Enum):
    FREE = auto()
    SENDING = auto()
    RECEIVING = auto()


class BusSide:
    """One end of a bus.

    Args:
        agenda: of the NPU.
        parameters: of the bus.
        inner: the bus over which everything passes before and after this one.
    """

    partner: BusSide

    def __init__(self, agenda: Agenda, parameters: LogGP, inner: SharedBus | None) -> None:
        self.agenda = agenda
        self.parameters = parameters
        self.inner = inner
        self._state = _State.FREE
        self._previous = _State.FREE
        self._last_transfer: Ns = 0
        self._reads_in_a_row = 0
        self._processing_now = False
        self._sends: deque[Request] = deque()
        self._receives: deque[Request] = deque()
        self._processing: deque[Request] = deque()

    def request(self, request: Request) -> None:
        """Move something to the other side, when its turn comes."""
        if self.inner is not None:
            moved = partial(self._queue_and_go_on, request)
            inbound = Request(request.size, processed=False, send_back=False, then=moved)
            self.inner.memory_side.request(inbound)
            return
        self._sends.append(request)
        self._go_on()

    def _go_on(self) -> None:
        """Send the next request if this side is free and needn't let the other one go first."""
        if self._state is _State.FREE and self._sends and not self._yields():
            self._send_next()

    def _yields(self) -> bool:
        """After many sends in a row, let the other side send if it has something to."""
        partner = self.partner
        yields = (
            self._reads_in_a_row > _READS_BEFORE_YIELDING
            and bool(partner._sends)
            and partner._reads_in_a_row <= _READS_BEFORE_YIELDING
        )
        if yields and partner._state is _State.FREE:
            partner._go_on()
        return yields

    def _send_next(self) -> None:
        request = self._sends.popleft()
        start = self.parameters.overhead
        if self._previous is _State.SENDING:
            elapsed = self.agenda.env.now - self._last_transfer
            if start + elapsed <= self.parameters.gap:
                start = self.parameters.gap - elapsed
        # The first byte is in the overhead: no byte is billed one less (see `_whole`).
        on_bus = self.parameters.gap_per_byte * (request.size - 1)
        self.partner._receive(request, start, on_bus)
        self._state = _State.SENDING
        self.agenda.call_later(_whole(start + on_bus), self._sent, Category.ENDPOINT)

    def _receive(self, request: Request, start: Ns, on_bus: float) -> None:
        self._receives.append(request)
        self._previous = self._state
        self._state = _State.RECEIVING
        self._reads_in_a_row = 0
        parameters = self.parameters
        # Added one by one, from the left, as ASTRA-sim does: they are floats.
        time = start + on_bus + parameters.latency + parameters.overhead
        self.agenda.call_later(_whole(time), self._received, Category.ENDPOINT)

    def _sent(self) -> None:
        self._end_transfer()
        self._state = _State.FREE
        self._reads_in_a_row += 1
        self._go_on()

    def _received(self) -> None:
        self._end_transfer()
        if len(self._receives) == 1:
            self._state = _State.FREE
        request = self._receives.popleft()
        if request.processed:
            unprocessed = replace(request, processed=False)
            self._pass_inner(unprocessed, self._process, send_back=True)
            self._start_processing()
        else:
            self._conclude(request)
        self._go_on()

    def _end_transfer(self) -> None:
        self._last_transfer = self.agenda.env.now
        self._previous = self._state

    def _conclude(self, request: Request) -> None:
        """Send it back, or be done with it."""
        if request.send_back:
            self._pass_inner(replace(request, send_back=False), self._sends.append, send_back=True)
        else:
            self._pass_inner(request, _retire, send_back=False)

    def _pass_inner(
        self, request: Request, then: Callable[[Request], None], *, send_back: bool
    ) -> None:
        """Do `then`, after moving over the inner bus where there is one."""
        if self.inner is None:
            then(request)
            return
        moved = partial(self._after_inner, request, then)
        outbound = Request(request.size, processed=False, send_back=send_back, then=moved)
        self.inner.npu_side.request(outbound)

    def _after_inner(self, request: Request, then: Callable[[Request], None]) -> None:
        then(request)
        self._go_on()

    def _queue_and_go_on(self, request: Request) -> None:
        self._sends.append(request)
        self._go_on()

    def _process(self, request: Request) -> None:
        self._processing.append(request)
        self._start_processing()

    def _start_processing(self) -> None:
        if self._processing_now or not self._processing:
            return
        self._processing_now = True
        units = self._processing[0].size // _BYTES_PER_REDUCTION_DELAY
        delay = units * self.parameters.reduction_delay + _REDUCTION_START
        self.agenda.call_later(delay, self._processed, Category.REDUCTION)

    def _processed(self) -> None:
        self._processing_now = False
        self._conclude(self._processing.popleft())
        self._start_processing()
        self._go_on()


def _whole(time: float) -> Ns:
    """A time on the bus in whole ns, truncated, and at least none.

    A packet of 0 bytes takes G less than the overhead. Where that is a ns or more below 0,
    ASTRA-sim would schedule the past, and aborts.
    """
    return max(0, int(time))


def _retire(request: Request) -> None:
    request.then()
