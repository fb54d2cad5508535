"""An NPU that stands still or computes more slowly for some time, or whose messages are held back.

While it stands still nothing of its own goes on: neither what it computes nor its endpoint, it
issues no nodes and sends nothing. What others have sent to it arrives, and it goes on with that
afterwards; what it has sent before is on its way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial

from simpy.events import Event

from simastra.engine import Agenda, Call, Category, Completion, Envelope, Lapse
from simastra.network import Mailbox
from simastra.scenario import Hours, MessageDelays
from simastra.scenario.hours import Stretch
from simastra.units import Bytes, NpuId, Ns

from .communicator import Collective, Communicator
from .npu import Npu, NpuSetup


class HeldAgenda(Agenda):
    """The calls that an NPU schedules for itself, as late as its hours make them.

    Args:
        plain: of the NPU, on which they are registered.
        hours: when it works.
    """

    __slots__ = ("_hours", "_plain")

    def __init__(self, plain: Agenda, hours: Hours) -> None:
        super().__init__(plain.env)
        self._plain = plain
        self._hours = hours

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        """Run `call` once the NPU has worked for `delay` ns; never if it doesn't any more."""
        is_computation = spent_on is Category.COMPUTE
        found = self._hours.stretches(self.env.now, delay, is_computation=is_computation)
        if found is not None and not any(it.because for it in found):
            self._plain.call_later(delay, call, spent_on)
        elif found is not None:
            self._plain.call_after([_lapse(it, spent_on) for it in found], call)

    def hold_back(self, delay: Ns, call: Call) -> None:
        """Run `call` once the NPU has worked for `delay` ns, which are lost to jitter."""
        found = self._hours.stretches(self.env.now, delay, is_computation=False)
        if found:
            self._plain.call_after([_lapse(it, Category.FAULT, _JITTER) for it in found], call)
        elif found is not None:
            self._plain.call_later(0, call)

    def pass_on(self, call: Call) -> None:
        """Run `call` now; if the NPU stands still, as soon as it doesn't any more."""
        if self._hours.standing(self.env.now) is None:
            call()
        else:
            self.call_later(0, call)


_JITTER = "jitter.messages"
"""What messages are held back by, as the scenario names it."""


def _lapse(stretch: Stretch, spent_on: Category, because: str = "") -> Lapse:
    """A time of an NPU's hours, as its work or as what it loses."""
    if stretch.because:
        return Lapse(stretch.time, Category.FAULT, stretch.because)
    return Lapse(stretch.time, spent_on, because)


class HeldMailbox(Mailbox):
    """What an NPU sends and receives: held back, and heard of when it doesn't stand still.

    Args:
        shared: of all NPUs.
        agenda: of the NPU.
        delays: how long messages are held back; None for not at all.
    """

    def __init__(self, shared: Mailbox, agenda: HeldAgenda, delays: MessageDelays | None) -> None:
        self.env, self.network, self.probe = shared.env, shared.network, shared.probe
        self._shared = shared
        self._agenda = agenda
        self._delays = delays
        self._sent: Counter[Envelope] = Counter()

    def send(self, envelope: Envelope, then: Call | None = None) -> None:
        """Send, after what holds the message back."""
        heard = None if then is None else partial(self._agenda.pass_on, then)
        if self._delays is None:
            self._shared.send(envelope, heard)
            return
        number = self._sent[envelope]
        self._sent[envelope] += 1
        tag, src, dst, size = envelope
        delay = self._delays.of((tag, src, dst, size), number)
        self._agenda.hold_back(delay, partial(self._shared.send, envelope, heard))

    def receive(self, envelope: Envelope, then: Call) -> None:
        """Receive, and hear of it when the NPU doesn't stand still."""
        self._shared.receive(envelope, partial(self._agenda.pass_on, then))

    @property
    def handshake_tag_offset(self) -> int | None:
        """As of all NPUs'."""
        return self._shared.handshake_tag_offset

    def is_handshake(self, envelope: Envelope) -> bool:
        """As of all NPUs'."""
        return self._shared.is_handshake(envelope)

    @property
    def posted_receives(self) -> list[Envelope]:
        """As of all NPUs'."""
        return self._shared.posted_receives

    @property
    def unexpected_messages(self) -> list[Envelope]:
        """As of all NPUs'."""
        return self._shared.unexpected_messages


class HeldNpu(Npu):
    """One NPU that isn't always at work.

    Args:
        npu: its number.
        setup: what it shares with the others.
        communicators: who takes part in its collectives, by number of the process group.
        hours: when it works.
        delays: how long its messages are held back; None for not at all.
    """

    def __init__(
        self,
        npu: NpuId,
        setup: NpuSetup,
        communicators: Mapping[int, Communicator],
        *,
        hours: Hours,
        delays: MessageDelays | None,
    ) -> None:
        self.hours = hours
        self._delays = delays
        super().__init__(npu, setup, communicators)

    def _agenda_and_mailbox(self, setup: NpuSetup) -> tuple[Agenda, Mailbox]:
        self._held = HeldAgenda(self.agenda, self.hours)
        return self._held, HeldMailbox(setup.mailbox, self._held, self._delays)

    def end_of(self, start: Ns, work: Ns) -> Ns | None:
        """When a computation ends; None for never."""
        found = self.hours.stretches(start, work, is_computation=True)
        return None if found is None else start + sum(it.time for it in found)

    def lost(self, start: Ns, work: Ns) -> str:
        """What such a computation loses to its events, in words; empty for nothing."""
        found = self.hours.stretches(start, work, is_computation=True) or ()
        lost = [it for it in found if it.because]
        names = ", ".join(dict.fromkeys(it.because for it in lost))
        return f"{sum(it.time for it in lost):,} ns of it lost to {names}" if lost else ""

    def standstill(self) -> str:
        """Why it stands still, in words; empty if it doesn't."""
        event = self.hours.standing(self.env.now)
        return "" if event is None else str(event)

    def waking(self) -> Completion:
        """An event that comes when it doesn't stand still any more."""
        awake = Completion(self.env)
        self._held.call_later(0, awake.fire)
        return awake

    def run_collective(self, collective: Collective) -> Completion:
        """Take part in a collective, and hear of its end when it doesn't stand still."""
        return self._heard(super().run_collective(collective))

    def access_memory(self, size: Bytes) -> Completion:
        """Load or store, whose end it hears of when it doesn't stand still."""
        return self._heard(super().access_memory(size))

    def _heard(self, done: Completion) -> Completion:
        heard = Completion(self.env)
        done.callbacks.append(partial(self._pass_on, heard))
        return heard

    def _pass_on(self, heard: Completion, _done: Event) -> None:
        self._held.pass_on(heard.fire)
