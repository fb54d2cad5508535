"""An NPU's agenda in a folded run: each call knows who registered it.

All that an NPU registers for one nanosecond runs where the first of it was inserted. Of two streams
that register something in a nanosecond, other NPUs may see the one or the other first. Then neither
what comes first within the entry, nor whose place the entry has, is the same everywhere; but each
stream does the same. So each stream's calls run as a part of the entry, told apart from the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from types import MethodType

from simastra.engine import Agenda, Call, Category, Environment
from simastra.system.endpoint import PacketOwner
from simastra.units import NpuId, Ns

from .alternatives import AgendaRun, Registration
from .ties import Ties


class FoldedAgenda(Agenda):
    """The events that a representative schedules for itself.

    Args:
        env: the environment.
        ties: watch over what happens to the NPU.
        npu: whose agenda it is.
    """

    __slots__ = ("_npu", "_registrations", "_running_call", "_ties")

    def __init__(self, env: Environment, ties: Ties, npu: NpuId) -> None:
        super().__init__(env)
        self._ties = ties
        self._npu = npu
        self._running_call = -1
        self._registrations: dict[Ns, list[Registration]] = {}

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        """As in the base class."""
        by = self._running_call if not delay else -1
        if not delay and by < 0:
            self._ties.note_registration(self._npu)
        registration = Registration(self._ties.act(), by)
        self._registrations.setdefault(self.env.now + delay, []).append(registration)
        super().call_later(delay, call, spent_on)

    def _run_due(self, rest: Iterator[Call] | None = None) -> None:
        ties, fold = self._ties, self._ties.env
        now, entry = fold.now, fold.running
        calls, registrations = self._due[now], self._registrations[now]
        apart: AgendaRun | None = None
        if self._are_apart(calls, registrations):
            entry.mark()
            entry.alternatives = apart = AgendaRun(entry, registrations)
        ties.note_run(self._npu)
        for self._running_call, call in enumerate(calls):  # which sees what is appended meanwhile
            tag = tag_of(call)
            if apart is not None:
                fold.running = apart.begin(tag, fold.turn)
            ties.note_stream(self._npu, tag)
            call()
        self._running_call = -1
        fold.running = entry
        del self._due[now], self._registrations[now]

    def _are_apart(self, calls: Sequence[Call], registered: Sequence[Registration]) -> bool:
        """Whether only numbers say which of different streams' calls comes first."""
        if len(calls) == 1 or not self._ties.streams_commute:
            return False
        positions: dict[int, set[tuple[int, ...]]] = {}
        tags: dict[int, set[int | None]] = {}
        for call, (act, _) in zip(calls, registered, strict=True):
            cohort, *rest = act.entry.position(act.place, self._ties.env.symmetries)
            positions.setdefault(cohort, set()).add(tuple(rest))
            tags.setdefault(cohort, set()).add(tag_of(call))
        return any(len(found) > 1 and len(tags[it]) > 1 for it, found in positions.items())


def tag_of(call: Call) -> int | None:
    """The tag of the stream for which something is called; None where it is for none."""
    owner = call.__self__ if type(call) is MethodType else None
    if type(call) is partial and call.args:
        owner = call.args[-1]
    return owner.tag if isinstance(owner, PacketOwner) else None
