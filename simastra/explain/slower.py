"""Waiting for an NPU that a scenario makes slower: whose slowness it is, and how much of the wait.

Whoever waits for a partner waits for the chain of events that made it late, across other NPUs, from
the last event that the waiting NPU's own chain has, too. What NPUs lose on the one, by computations
longer than usual and by events that hold them, less what is lost on the other: so much longer is
the wait than it would be as usual. That is waiting for slower NPUs, the last ones first; the rest
is waiting for the partner, as where traces are uneven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from simastra.engine import Category
from simastra.trace import Node
from simastra.units import NpuId, Ns

from .causal_event import CausalEvent, Lapsed, Spent
from .spans import Span

Longer: TypeAlias = Callable[[NpuId, Node], tuple[Ns, Ns] | None]
"""What a computation of an NPU takes as usual, and what it takes in the scenario, in ns; None where
it takes no longer."""


class _Loss(NamedTuple):
    """What an NPU has lost in one delay."""

    event: CausalEvent
    npu: NpuId
    time: Ns


class SlowerWaits:
    """Cuts the waits of one NPU, which are told in order: no loss is waited for twice.

    Args:
        longer: says what takes longer than usual; None where nothing does.
    """

    def __init__(self, longer: Longer | None) -> None:
        self._longer = longer
        self._told: dict[int, Ns] = {}
        """How much of each loss has been waited for, by identity of its event."""

    def spans(self, wait: Span, own: CausalEvent, sent: CausalEvent) -> Iterator[Span]:
        """A wait for a partner, whose end is waiting for slower NPUs; in order.

        Args:
            wait: it is.
            own: the event from which the NPU waited.
            sent: the event in which what was waited for was sent, or came.
        """
        parts = self._parts(wait, own, sent)
        at = wait.end - sum(time for _, time in parts)
        if at > wait.start:
            yield Span(wait.start, at, Category.PARTNER, wait.npu, wait.node, wait.peer)
        for npu, time in reversed(parts):
            yield Span(at, at + time, Category.SLOWER, wait.npu, wait.node, npu)
            at += time

    def _parts(self, wait: Span, own: CausalEvent, sent: CausalEvent) -> list[tuple[NpuId, Ns]]:
        """For how long each slower NPU is waited for, the last one first; nobody for oneself."""
        if self._longer is None:
            return []
        losses, spared = _losses(own, sent, self._longer)
        left = min(wait.duration, sum(it.time for it in losses) - spared)
        parts = []
        for loss in (it for it in losses if it.npu != wait.npu):
            part = min(loss.time - self._told.get(id(loss.event), 0), left)
            if part > 0:
                self._told[id(loss.event)] = self._told.get(id(loss.event), 0) + part
                parts.append((loss.npu, part))
                left -= part
        return parts


def _losses(own: CausalEvent, sent: CausalEvent, longer: Longer) -> tuple[list[_Loss], Ns]:
    """What was lost by whom on the way to `sent`, the last first, and in all on that to `own`.

    Both since the last event that they have in common.
    """
    losses: list[_Loss] = []
    spared: Ns = 0
    one: CausalEvent | None = own
    other: CausalEvent | None = sent
    while one is not None and other is not None:
        now = max(one.time, other.time)
        here: dict[int, CausalEvent] = {}
        while one is not None and one.time == now:
            here[id(one)] = one
            spared += sum(it.time for it in _lost(one, longer))
            one = one.cause
        while other is not None and other.time == now:
            if id(other) in here:
                # What comes before it is common, and so is what it has lost itself.
                return losses, spared - _since(here[id(other)], now, longer)
            losses.extend(_lost(other, longer))
            other = other.cause
    return losses, spared


def _since(event: CausalEvent | None, now: Ns, longer: Longer) -> Ns:
    """What was lost up to an event and others of that nanosecond before it."""
    lost: Ns = 0
    while event is not None and event.time == now:
        lost += sum(it.time for it in _lost(event, longer))
        event = event.cause
    return lost


def _lost(event: CausalEvent, longer: Longer) -> Iterator[_Loss]:
    """What of a delay that an NPU's unit set is more than usual, and whose it is."""
    if not isinstance(event, Spent) or event.npu is None or event.cause is None:
        return
    time = event.time - event.cause.time
    if isinstance(event, Lapsed) and event.because:
        yield _Loss(event, event.npu, time)
    elif event.category is Category.COMPUTE and event.node is not None:
        times = longer(event.npu, event.node)
        if times is not None and time:
            usual, now = times
            # In parts, if something came between.
            yield _Loss(event, event.npu, time - -(-time * usual // now))
