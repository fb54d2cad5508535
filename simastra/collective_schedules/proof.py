"""Whether a schedule computes the collective that it claims to, in every order of its steps.

The steps are carried out once, in an order that their dependencies allow, with each chunk standing
for the contributions that are in it. Where no two steps use a chunk in no order, all other orders
come to the same, as in Kahn's networks of processes (1974); where some do, that is told. Messages
are taken to find room: the few slots of a connection that NCCL has aren't looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .claims import Cell, Claim, Contribution, Contributions
from .order import Order, StepIndex
from .races import MOST_STEPS, Race, races
from .schedule import ChunkRange, Schedule
from .values import Spoilt, Value, contributions_words, reduced, unwritten
from .verdict import Fault, FaultKind, ProofVerdict
from .wrong import ScheduleError


def prove(schedule: Schedule, collective: str | None = None) -> ProofVerdict:
    """Say whether a schedule computes what it says.

    Args:
        schedule: is looked at.
        collective: what it is to compute instead, such as "all-gather".

    Raises:
        ScheduleError: what it is to compute isn't known, or its buffers don't fit that, or it has
            more steps than can be looked at.
    """
    claim = Claim(schedule, collective)
    claim.check_places()
    order = Order(schedule)
    if len(order.steps) > MOST_STEPS:
        raise ScheduleError(
            f"has {len(order.steps)} steps, and {MOST_STEPS} at most can be looked at",
            source=schedule.source,
        )
    return ProofVerdict(
        source=schedule.source,
        collective=claim.name,
        ranks=schedule.ranks,
        steps=len(order.steps),
        messages=sum(_messages(order)),
        faults=tuple(_stuck(order) if order.stuck else _faults(schedule, claim, order)),
    )


def _messages(order: Order) -> Iterator[int]:
    for placed in order.steps:
        spans = (*placed.step.sources, *placed.step.targets)
        yield (placed.step.sends is not None) + sum(it.rank != placed.rank for it in spans)


def _stuck(order: Order) -> Iterator[Fault]:
    """Why steps never begin: those for which something is missing, or else a cycle."""
    lacking = [it for it in order.stuck if order.steps[it].missing is not None]
    stuck = set(order.stuck)
    foremost = [it for it in lacking if not order.steps[it].all_before & stuck]
    for index in foremost or lacking:
        placed = order.steps[index]
        problem = f"{placed.step} never begins: {placed.missing}"
        yield Fault(FaultKind.DEADLOCK, problem, placed.step.place)
    if not lacking:
        steps = [str(order.steps[it].step) for it in order.cycle()]
        waits = ", which waits for ".join([*steps, steps[0]])
        yield Fault(FaultKind.DEADLOCK, f"waits in a circle: {waits}", steps[0])


def _faults(schedule: Schedule, claim: Claim, order: Order) -> Iterator[Fault]:
    for race in races(schedule, claim, order):
        yield _unordered(race, order)
    position = {index: at for at, index in enumerate(order.sequence)}
    wrong = list(_wrong_results(claim, order))
    wrong.sort(key=lambda it: -1 if it[0] is None else position[it[0]])
    yield from (fault for _, fault in wrong)
    for index in order.unreceived:
        step = order.steps[index].step
        problem = f"{step} sends a message that nobody receives"
        yield Fault(FaultKind.LEFT_OVER, problem, step.place)
    for index, semaphore in order.unawaited:
        step = order.steps[index].step
        problem = f"{step} raises {semaphore}, which nobody awaits"
        yield Fault(FaultKind.LEFT_OVER, problem, step.place)


def _unordered(race: Race, order: Order) -> Fault:
    first = order.steps[race.first].step
    does = "is written" if race.writes else "is read"
    if race.second is None:
        then = "which may be after the end of that rank's own part"
        return Fault(FaultKind.UNORDERED, f"{race.span} {does} by {first}, {then}", first.place)
    second = order.steps[race.second].step
    problem = f"{race.span} {does} by {first}, in no order with its use by {second}"
    return Fault(FaultKind.UNORDERED, problem, first.place)


def _wrong_results(claim: Claim, order: Order) -> Iterator[tuple[StepIndex | None, Fault]]:
    end = _carried_out(claim, order)
    for span, wanted in claim.results():
        cell = claim.cell(span, 0)
        value = end.memory.get(cell)
        if value is None:
            problem = f"{span} is never written; it is to be {contributions_words(wanted)}"
            yield None, Fault(FaultKind.UNWRITTEN, problem)
        elif value.twice or value.spoilt is not None or value.contributions != wanted:
            at, told = _first_wrong(wanted, value, end, end.writers.get(cell))
            kind, problem = _difference(wanted, value)
            if at is None:
                yield None, Fault(kind, f"{span} {problem}; nothing is written there")
            else:
                step = order.steps[at].step
                problem = f"{span} {problem}; {told.format(step)}"
                yield at, Fault(kind, problem, step.place)


def _first_wrong(
    wanted: Contributions, value: Value, end: _End, writer: StepIndex | None
) -> tuple[StepIndex | None, str]:
    """The step at which a chunk of the result went wrong first, and how it did; ``{}`` is the step.

    That something was overwritten is only a reason if it isn't in the value that came of it.
    """
    if value.spoilt is not None:
        return value.spoilt.step, f"it went wrong first where {{}} {value.spoilt.problem}"
    lost = [end.lost[it] for it in wanted - value.contributions if it in end.lost]
    if lost and len(value.contributions & wanted) > 0:
        return min(lost), "it went wrong first where {} overwrites that"
    if value.made_by is not None:
        return value.made_by, "it was reduced last by {}"
    return writer, "it was written last by {}"


def _difference(wanted: Contributions, value: Value) -> tuple[FaultKind, str]:
    missing, excess = wanted - value.contributions, value.contributions - wanted
    if value.twice:
        return FaultKind.TWICE, f"has {contributions_words(value.twice)} more than once"
    if excess and missing:
        words = f"has {contributions_words(excess)}, and lacks {contributions_words(missing)}"
        return FaultKind.WRONG, words
    if excess:
        return FaultKind.WRONG, f"has {contributions_words(excess)} besides"
    if missing:
        return FaultKind.MISSING, f"lacks {contributions_words(missing)}"
    return FaultKind.UNWRITTEN, "has what nobody has written"


@dataclass(frozen=True, slots=True)
class _End:
    """What has become of all when everything is carried out.

    Attributes:
        memory: what is where.
        writers: the step that wrote that.
        lost: for a contribution, the first step that overwrites it by what hasn't got it.
    """

    memory: dict[Cell, Value]
    writers: dict[Cell, StepIndex] = field(default_factory=dict)
    lost: dict[Contribution, StepIndex] = field(default_factory=dict)

    def write(self, cell: Cell, value: Value, step: StepIndex) -> None:
        before = self.memory.get(cell)
        if before is not None:
            for it in before.contributions - value.contributions:
                self.lost.setdefault(it, step)
        self.memory[cell], self.writers[cell] = value, step


def _carried_out(claim: Claim, order: Order) -> _End:
    end = _End({cell: Value(frozenset({it})) for cell, it in claim.inputs()})
    sent: dict[StepIndex, list[Value]] = {}
    for index in order.sequence:
        placed = order.steps[index]
        operands = [_read(span, end.memory, claim, index) for span in placed.step.sources]
        if placed.sender is not None:
            operands.append(_received(sent.pop(placed.sender), index, order))
        values = [reduced(chunk, index) for chunk in zip(*operands, strict=True)]
        for span in placed.step.targets:
            for offset, value in enumerate(values):
                end.write(claim.cell(span, offset), value, index)
        if placed.step.sends is not None:
            sent[index] = values
    return end


def _read(
    span: ChunkRange, memory: dict[Cell, Value], claim: Claim, index: StepIndex
) -> list[Value]:
    values = []
    for offset in range(span.length):
        value = memory.get(claim.cell(span, offset))
        one = ChunkRange(span.rank, span.buffer, span.start + offset, 1)
        values.append(unwritten(index, str(one)) if value is None else value)
    return values


def _received(values: list[Value], index: StepIndex, order: Order) -> list[Value]:
    """What a step takes of a message, which may be of another size."""
    wanted = order.steps[index].step.count
    if len(values) == wanted:
        return values
    said = f"takes {wanted} chunks from a message of {len(values)}"
    spoilt = Spoilt(index, said)
    return [Value(it.contributions, it.twice, it.made_by, spoilt) for it in values[:wanted]] + [
        Value(frozenset(), spoilt=spoilt)
    ] * (wanted - len(values))
