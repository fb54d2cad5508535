"""Who listens to what the model does.

The model never prints, logs or counts. It makes a record of what happens (`events`) where somebody
wants to hear of such records, and tells them; reports, timelines and the debugger are probes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar, final, get_args

from simastra.promises import states

from .events import (
    CollectiveEnded,
    CollectiveMet,
    Flowed,
    LinkChanged,
    LinkUsed,
    MessageArrived,
    MessageLost,
    MessageQueued,
    MessageSent,
    ModelEvent,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    PhaseBegun,
    PhaseEnded,
    ReceivePosted,
    Transmitting,
)


class Probe:
    """Hears everything and does nothing with it: override what you want to hear.

    For what no probe overrides, the model makes no record. A probe that overrides more than
    `on_npu_finished` has the simulation go event by event, unless it says that it can do without.
    """

    may_miss_events: bool = False
    """Whether it is content to hear of the NPUs' ends alone, at the end, if a shortcut is taken."""

    def on_node_issued(self, event: NodeIssued) -> None:
        """An NPU began an ET node."""

    def on_node_finished(self, event: NodeFinished) -> None:
        """An NPU finished an ET node."""

    def on_npu_finished(self, event: NpuFinished) -> None:
        """An NPU has finished its trace."""

    def on_phase_begun(self, event: PhaseBegun) -> None:
        """A chunk began a phase on an NPU."""

    def on_phase_ended(self, event: PhaseEnded) -> None:
        """A chunk ended a phase on an NPU."""

    def on_message_sent(self, event: MessageSent) -> None:
        """An NPU handed a message to the network."""

    def on_receive_posted(self, event: ReceivePosted) -> None:
        """An NPU asks for a message."""

    def on_message_arrived(self, event: MessageArrived) -> None:
        """A message is at its receiver."""

    def on_message_queued(self, event: MessageQueued) -> None:
        """A message waits for a link."""

    def on_transmitting(self, event: Transmitting) -> None:
        """A link puts a message on the wire."""

    def on_flowed(self, event: Flowed) -> None:
        """A message has flowed over its links at one rate."""

    def on_link_used(self, event: LinkUsed) -> None:
        """A link is used for the first time."""

    def on_link_changed(self, event: LinkChanged) -> None:
        """A link is slower from now on, down, or as usual again."""

    def on_message_lost(self, event: MessageLost) -> None:
        """A message was on a link that has gone down."""

    def on_collective_met(self, event: CollectiveMet) -> None:
        """All members have come to a collective that is priced as a whole."""

    def on_collective_ended(self, event: CollectiveEnded) -> None:
        """A collective that is priced as a whole has ended."""


_Event = TypeVar("_Event", bound=ModelEvent)


@final
class Listeners(list[Callable[[_Event], None]], Generic[_Event]):
    """Who wants to hear of one kind of event, in order.

    Mostly nobody: look whether it is empty before you make the event, which costs 10 ns and not
    some 400. It is live: who is added during a run hears of what follows.
    """

    def emit(self, event: _Event) -> None:
        """Tell all."""
        for listener in self:
            listener(event)


def hook_of(kind: type[ModelEvent]) -> str:
    """The method of a probe that hears of that kind of event.

    >>> hook_of(MessageSent)
    'on_message_sent'
    """
    return "on" + re.sub("([A-Z])", r"_\1", kind.__name__).lower()


EVENTS: tuple[type[ModelEvent], ...] = get_args(ModelEvent)
"""All kinds of events."""

_HOOKS = {kind: hook_of(kind) for kind in EVENTS}

_FORMER_HOOKS = {
    **{hook.removeprefix("on_"): hook for hook in _HOOKS.values()},
    "receive_begun": "on_receive_posted",
    "transmission": "on_transmitting",
}
"""Methods that heard the parts of an event before there were events, and those of now."""


@final
class ProbeFan(Probe):
    """Tells each of several probes, in their order.

    Args:
        probes: those to tell from the start.
    """

    def __init__(self, probes: Iterable[Probe] = ()) -> None:
        self.probes: list[Probe] = []
        self._listeners: dict[type, Listeners[Any]] = {kind: Listeners() for kind in EVENTS}
        for kind, listeners in self._listeners.items():
            setattr(self, _HOOKS[kind], listeners.emit)
        for probe in probes:
            self.add(probe)

    @classmethod
    def of(cls, probe: Probe) -> ProbeFan:
        """`probe` itself if it is a fan already, otherwise a fan with it alone."""
        return probe if isinstance(probe, cls) else cls((probe,))

    def listeners(self, kind: type[_Event]) -> Listeners[_Event]:
        """Those who want to hear of that kind of event."""
        return self._listeners[kind]

    def add(self, probe: Probe) -> None:
        """Tell `probe` too, from now on.

        Raises:
            TypeError: if it has a method ``on_...`` for what isn't a kind of event.
        """
        self.probes.append(probe)
        for kind in heard_by(probe):
            self._listeners[kind].append(getattr(probe, _HOOKS[kind]))


def heard_by(probe: Probe) -> list[type[ModelEvent]]:
    """The kinds of events that a probe wants to hear of: those whose methods it overrides.

    Raises:
        TypeError: if it has a method ``on_...`` for what isn't a kind of event, or one that would
            have heard of something in earlier versions.
    """
    hooks = _HOOKS.values()
    for name, hook in _FORMER_HOOKS.items():
        if callable(getattr(probe, name, None)):
            raise TypeError(f"{type(probe).__name__}.{name}: a probe hears by {hook}(event)")
    for name in dir(probe):
        if name.startswith("on_") and name not in hooks:
            raise TypeError(
                f"{type(probe).__name__}.{name}: there is no such event; a probe hears by "
                f"{', '.join(hooks)}"
            )
    return [kind for kind, hook in _HOOKS.items() if _overrides(probe, hook)]


def _overrides(probe: Probe, hook: str) -> bool:
    method = getattr(probe, hook)
    return getattr(method, "__func__", method) is not getattr(Probe, hook)


def needs_events(probe: Probe) -> bool:
    """Whether `probe` hears of more than the NPUs' ends, and can't do without.

    Raises:
        TypeError: as `heard_by`; of a probe that can do without, too.
    """
    heard = heard_by(probe)
    may_miss_events = probe.may_miss_events and states(probe, "may_miss_events")
    return not may_miss_events and any(kind is not NpuFinished for kind in heard)
