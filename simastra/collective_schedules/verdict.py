"""Whether a schedule computes what it says, as data and as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What is wrong with a schedule."""

    DEADLOCK = "deadlock"
    """A step never begins."""
    UNORDERED = "unordered"
    """Two steps use a chunk in no order, and one of them writes it."""
    UNWRITTEN = "unwritten"
    """A chunk of the result is never written, or what is never written has come into it."""
    MISSING = "missing"
    """A chunk of the result lacks a contribution."""
    TWICE = "counted-twice"
    """A contribution is in a chunk of the result more than once."""
    WRONG = "wrong-chunk"
    """A chunk of the result has contributions that don't belong there."""
    LEFT_OVER = "left-over"
    """Something is sent or signalled that nobody waits for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        kind: of what.
        problem: in words: which chunk of which rank, and what about it.
        step: where it went wrong first, as the file has it; None where no step did.
    """

    kind: FaultKind
    problem: str
    step: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """Ready for JSON."""
        return {"kind": self.kind.value, "problem": self.problem, "step": self.step}


_MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ProofVerdict:
    """What came of a proof.

    Attributes:
        source: the file.
        collective: what the schedule was to compute, as in all-reduce.
        ranks: how many take part.
        steps: how many there are.
        messages: how many messages pass between ranks.
        faults: what is wrong, those that come first in front; empty if it computes that, in every
            order that its dependencies allow.
    """

    source: str
    collective: str
    ranks: int
    steps: int
    messages: int
    faults: tuple[Fault, ...]

    @property
    def is_right(self) -> bool:
        """Whether it computes what it says, in every order."""
        return not self.faults

    @property
    def is_stuck(self) -> bool:
        """Whether some step never begins."""
        return any(it.kind is FaultKind.DEADLOCK for it in self.faults)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """The verdict, and the first of the faults."""
        what = f"{self.collective} among {self.ranks} ranks"
        if self.is_right:
            yield (
                f"{self.source}: computes {what}, in every order that its dependencies allow "
                f"({self.steps} steps, {self.messages} messages)"
            )
            return
        yield f"{self.source}: doesn't compute {what}"
        for fault in self.faults[:_MOST_SHOWN]:
            yield f"  {fault.kind}: {fault.problem}"
        if len(self.faults) > _MOST_SHOWN:
            yield f"  ... {len(self.faults) - _MOST_SHOWN} more"

    def to_dict(self) -> dict[str, object]:
        """Ready for JSON."""
        return {
            "source": self.source,
            "collective": self.collective,
            "ranks": self.ranks,
            "steps": self.steps,
            "messages": self.messages,
            "right": self.is_right,
            "faults": [it.to_dict() for it in self.faults],
        }
