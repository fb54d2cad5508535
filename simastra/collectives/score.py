"""What a machine does, as a list: what follows its n-th arrival, and its n-th admission.

Most machines only count: what they do when a message is here, or a packet has passed, follows from
how many of each there have been. Such a machine can be written down once, and played by whoever
plays lists, for all members, chunks and collectives that are alike. It is written down by driving
the machine itself with an `Exchange` that only notes, so that no algorithm is said twice.

An action of an admission may have to wait for arrivals: it is then done at the first later
admission at which there have been so many (the second half of direct's all-reduce, behaviour 3.6).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from simastra.units import Bytes, NpuId

from .machine import Exchange, Packet, PhaseMachine


@dataclass(frozen=True, slots=True)
class Send:
    """Send a message."""

    to: NpuId
    size: Bytes


@dataclass(frozen=True, slots=True)
class Receive:
    """Expect a message."""

    source: NpuId
    size: Bytes


@dataclass(frozen=True, slots=True)
class Finish:
    """The part in the phase is over."""


Action: TypeAlias = Packet | Send | Receive | Finish
"""What a machine has done: a packet is let in."""

Actions: TypeAlias = tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """What is done at an admission.

    Attributes:
        admissions: how many packets have passed then, at the least.
        arrivals: how many messages have to be here by then; the step waits for a later admission
            otherwise.
        actions: what is done.
    """

    admissions: int
    arrivals: int
    actions: Actions


@dataclass(frozen=True, slots=True)
class Score:
    """What one member does in one phase.

    Attributes:
        start: at the start.
        at_arrivals: at each arrival.
        at_admissions: at admissions, in this order; one step may follow another at once.
    """

    start: Actions
    at_arrivals: tuple[Actions, ...]
    at_admissions: tuple[ScoreStep, ...]


class NotCounting(ValueError):  # noqa: N818  # it says what the machine isn't
    """A machine's reactions depend on more than counts, so that it has no score."""


MakeMachine: TypeAlias = Callable[[], PhaseMachine]
"""Makes one machine, as often as it is asked."""

Choose: TypeAlias = Callable[[bool, bool], bool]
"""Whether a message arrives next: of whether one can, and whether a packet can pass instead."""

_INTERLEAVINGS = 2
_MORE = "what it does depends on more than how many messages and packets came"


def score_of(make: MakeMachine) -> Score:
    """Write a machine down.

    It is driven twice, once with messages as early and once with them as late as can be, and then
    in some other orders to see that the score tells what it does.

    Raises:
        NotCounting: if it has no score.
    """
    early, late = drive(make(), _arrivals_first), drive(make(), _admissions_first)
    score = Score(early.start, tuple(early.arrivals), _steps(early, late))
    for seed in range(_INTERLEAVINGS):
        check_score(score, make, seed)
    _compare(score, late, _admissions_first)
    return score


def _arrivals_first(_arrival: bool, _admission: bool) -> bool:  # noqa: FBT001  # as of `Choose`
    return True


def _admissions_first(_arrival: bool, admission: bool) -> bool:  # noqa: FBT001  # as of `Choose`
    return not admission


def random_order(seed: int) -> Choose:
    """An order of arrivals and admissions that is the same for a seed."""
    random = Random(seed)
    return lambda arrival, admission: arrival and not (admission and random.random() < 0.5)  # noqa: PLR2004  # evenly


def check_score(score: Score, make: MakeMachine, seed: int) -> None:
    """Compare a score with its machine, in one order of what happens.

    Raises:
        NotCounting: if they differ.
    """
    _compare(score, drive(make(), random_order(seed)), random_order(seed))


def _compare(score: Score, driven: Driven, choose: Choose) -> None:
    try:
        played = drive(ScorePlayer(score), choose)
    except NotCounting:
        raise NotCounting(_MORE) from None
    if played != driven:
        raise NotCounting(_MORE)


@dataclass(slots=True)
class Driven:
    """What a machine has done in one order of what happens.

    Attributes:
        start: at the start.
        arrivals: at each arrival.
        admissions: at each admission, and how many messages were here then.
    """

    start: Actions = ()
    arrivals: list[Actions] = field(default_factory=list)
    admissions: list[tuple[int, Actions]] = field(default_factory=list)


def drive(machine: PhaseMachine, choose: Choose) -> Driven:
    """Let a machine do all that it has to, every message being here as soon as `choose` says.

    Raises:
        NotCounting: if it doesn't finish, or not with everything else over.
    """
    notes, driven = _Notes(), Driven()
    machine.start(notes)
    driven.start = notes.take()
    while not notes.finished and (notes.expected or notes.entered):
        if notes.expected and choose(True, notes.entered > 0):  # noqa: FBT003  # whether one can
            notes.expected -= 1
            machine.received(notes)
            driven.arrivals.append(notes.take())
        elif notes.entered:
            notes.entered -= 1
            machine.admitted(notes)
            driven.admissions.append((len(driven.arrivals), notes.take()))
        else:
            raise AssertionError("what is chosen can happen")
    if not notes.finished or notes.expected or notes.entered or Finish() in driven.start:
        raise NotCounting("it doesn't end when all that it asked for has happened")
    return driven


def messages_sent(machine: PhaseMachine) -> int:
    """How many messages a machine sends, as long as it ends."""
    driven = drive(machine, _arrivals_first)
    lists = (driven.start, *driven.arrivals, *(actions for _, actions in driven.admissions))
    return sum(isinstance(action, Send) for actions in lists for action in actions)


class _Notes(Exchange):
    """Notes what a machine asks for.

    Attributes:
        expected: messages that may arrive.
        entered: packets that may pass.
        finished: whether the machine has said so.
    """

    __slots__ = ("_actions", "entered", "expected", "finished")

    def __init__(self) -> None:
        self._actions: list[Action] = []
        self.expected = self.entered = 0
        self.finished = False

    def take(self) -> Actions:
        """What has been noted since the last time."""
        taken = tuple(self._actions)
        self._actions.clear()
        return taken

    def admit(self, packet: Packet) -> None:
        self.entered += 1
        self._note(packet)

    def send(self, to: NpuId, size: Bytes) -> None:
        self._note(Send(to, size))

    def receive(self, source: NpuId, size: Bytes) -> None:
        self.expected += 1
        self._note(Receive(source, size))

    def finish(self) -> None:
        self._note(Finish())
        self.finished = True

    def _note(self, action: Action) -> None:
        if self.finished:
            raise NotCounting("it goes on after its end")
        self._actions.append(action)


def _steps(early: Driven, late: Driven) -> tuple[ScoreStep, ...]:
    """What belongs to which admission, and for how many arrivals it waits.

    With messages as early as can be nothing waits, so that each action is at its own admission;
    with messages as late as can be, an action that comes later than that has waited.
    """
    waited = _arrivals_when_done(late)
    steps = []
    done = 0
    for number, (_, actions) in enumerate(early.admissions, start=1):
        if not actions:
            continue
        when, arrivals = waited[done] if done < len(waited) else (number, 0)
        steps.append(ScoreStep(number, arrivals if when > number else 0, actions))
        done += len(actions)
    return tuple(steps)


def _arrivals_when_done(driven: Driven) -> Sequence[tuple[int, int]]:
    """For each action of an admission: at which it was done, and how many messages were here."""
    return [
        (number, arrivals)
        for number, (arrivals, actions) in enumerate(driven.admissions, start=1)
        for _ in actions
    ]


class ScorePlayer(PhaseMachine):
    """A machine that does what a score says: what a player of scores has to do."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._arrivals = self._admissions = self._at = 0

    def start(self, exchange: Exchange) -> None:
        """Do what is done at the start."""
        perform(self._score.start, exchange)

    def received(self, exchange: Exchange) -> None:
        """Do what is done at the next arrival."""
        if self._arrivals < len(self._score.at_arrivals):
            perform(self._score.at_arrivals[self._arrivals], exchange)
        self._arrivals += 1

    def admitted(self, exchange: Exchange) -> None:
        """Do the steps that may be done by now."""
        self._admissions += 1
        steps = self._score.at_admissions
        while self._at < len(steps) and self._may_be_done(steps[self._at]):
            perform(steps[self._at].actions, exchange)
            self._at += 1

    def _may_be_done(self, step: ScoreStep) -> bool:
        return step.admissions <= self._admissions and step.arrivals <= self._arrivals

    def blocks(self) -> Sequence[Sequence[int]]:
        """Nothing: a score doesn't know them."""
        return ()


def perform(actions: Actions, exchange: Exchange) -> None:
    """Have actions done."""
    for action in actions:
        match action:
            case Packet():
                exchange.admit(action)
            case Send(to, size):
                exchange.send(to, size)
            case Receive(source, size):
                exchange.receive(source, size)
            case Finish():
                exchange.finish()
