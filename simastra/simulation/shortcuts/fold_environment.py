"""The event queue of a folded run: every event knows which events it stands for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import MethodType
from typing import TypeAlias

from simpy.events import Event

from simastra.engine import Agenda, Call, Environment
from simastra.units import NpuId, Ns

from .frame import Frame
from .lineage import Entry, compare
from .refusal import Refused


class FoldEnvironment(Environment):
    """An environment in which each event keeps its lineage.

    Args:
        frame: the renumberings that are folded.

    Attributes:
        running: the entry that is being run.
        acting: where what it does takes place, as a renumbering of the place of the entry itself;
            not the identity where an arrival at one NPU is told to another.
        ties: watches over the order inside each nanosecond.
    """

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame
        self.running = Entry.start(0)
        self.acting = 0
        self.ties = Ties(self)
        self._npus: dict[Agenda, NpuId] = {}
        self._number = 0

    def start(self, npu: NpuId, agenda: Agenda) -> None:
        """Say that what follows is the start of an NPU's process, and which agenda is its."""
        self.running = Entry.start(npu)
        self._npus[agenda] = npu

    def call_later(self, delay: Ns, call: Call | Event) -> None:
        """As in the base class; it happens in the place where this is called."""
        if isinstance(call, Event):  # the end of a process, for which nobody waits
            super().call_later(delay, call)  # type: ignore[arg-type]  # as the base class has it
        else:
            self.call_from(self.acting and self.frame.inverse(self.acting), delay, call)

    def call_at(self, place: int, delay: Ns, call: Call) -> None:
        """Run `call` in `delay` ns in another place, the renumbering `place` away from here."""
        self.call_from(self.frame.inverse(self.frame.move(self.acting, place)), delay, call)

    def call_from(self, origin: int, delay: Ns, call: Call) -> Entry:
        """Run `call` in `delay` ns, as coming from the place `origin` away from its own."""
        self._number += 1
        entry = Entry(call, self._now, self.running, self._number)
        if origin:
            entry.comes_from(origin, self.frame)
        super().call_later(delay, partial(self._run_entry, entry))
        return entry

    @contextmanager
    def acting_at(self, place: int) -> Iterator[None]:
        """Let what is done here take place the renumbering `place` away."""
        before = self.acting
        self.acting = self.frame.move(before, place)
        try:
            yield
        finally:
            self.acting = before

    def _run_entry(self, entry: Entry) -> None:
        self.running = entry
        self.acting = 0
        call = entry.call
        assert call is not None  # only starts have none, and they aren't scheduled
        if isinstance(call, MethodType) and isinstance(call.__self__, Agenda):
            self.ties.touch_npu(self._npus[call.__self__])
        call()


_Touch: TypeAlias = tuple[Entry, int, Hashable]
"""An event that has touched something, its place, and the kind of touch."""


class Ties:
    """Refuses to go on where the numbers of NPUs decide what comes first.

    The argument of a folded run is that all NPUs of an orbit see the same events in the same order.
    Where two events of one nanosecond concern the same NPU or link, and nothing but the numbers of
    the NPUs that they go back to tells which is first, that argument fails.

    Attributes:
        listener: is called with the number of each NPU that something happens to.
        has_rivals: whether any entry has a rival.
    """

    def __init__(self, env: FoldEnvironment) -> None:
        self._env = env
        self._time: Ns = -1
        self._touched: dict[Hashable, list[_Touch]] = {}
        self.listener: Callable[[NpuId], None] | None = None
        self.has_rivals = False

    def touch_npu(self, npu: NpuId, kind: Hashable = None) -> None:
        """Something happens to an NPU. Equal kinds, None aside, may come in any order."""
        if self.listener is not None:
            self.listener(npu)
        self._touch(npu, kind)

    def touch_link(self, link: Hashable) -> None:
        """Something happens to a link."""
        self._touch(link, None)

    def _touch(self, what: Hashable, kind: Hashable) -> None:
        env = self._env
        if env.now != self._time:
            self._time = env.now
            self._touched.clear()
        touch = (env.running, env.acting and self._place, kind)
        before = self._touched.get(what)
        if before is None:
            self._touched[what] = [touch]
            return
        self._compare(what, kind, before)
        before.append(touch)

    def _compare(self, what: Hashable, kind: Hashable, before: Sequence[_Touch]) -> None:
        """Compare the event that is being run with those that have touched the same before it."""
        entry, place = self._env.running, self._place
        rival = None
        for other, there, its_kind in before:
            if other is entry and there == place:
                continue
            if kind is None or kind != its_kind:
                self._check(other, there, what)
                if its_kind is None:
                    rival = None  # what followed from those before it doesn't wait for this one
            else:
                rival = other, there
        # Those whose lineages are alike come one after the other: the last of a kind is enough.
        if rival is not None and (rival[0].has_rival or self._is_by_number(*rival)):
            rival[0].has_rival = entry.has_rival = self.has_rivals = True

    def _check(self, other: Entry, there: int, what: Hashable) -> None:
        if self._is_by_number(other, there):
            name = f"NPU {what}" if isinstance(what, int) else str(what)
            raise Refused(
                f"at {self._time} ns the numbers of the NPUs decide what comes first at {name}"
            )

    def _is_by_number(self, other: Entry, there: int) -> bool:
        env = self._env
        return compare(env.frame, other, there, env.running, self._place).by_number

    @property
    def _place(self) -> int:
        """The place of the event that is being run, seen from where it acts."""
        return self._env.frame.inverse(self._env.acting)
