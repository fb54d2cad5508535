"""Which way a result was computed: event by event, or by a shortcut that gives the same."""

from dataclasses import dataclass
from enum import StrEnum


class Shortcut(StrEnum):
    """The ways to a result that are shorter than event by event."""

    FOLD = "fold"
    """NPUs that stay alike are simulated as one."""

    MEMO = "memo"
    """A collective that has been simulated once is looked up."""

    SKEW = "skewed ring"
    """Rings whose members start at different times are computed a step at a time, for all NPUs."""

    COMPILED = "compiled loop"
    """Every event happens, in its order, in a loop that numba has compiled."""


@dataclass(frozen=True, slots=True)
class ShortcutUse:
    """A shortcut that was considered.

    Attributes:
        shortcut: which.
        taken: whether it was.
        reason: what it did, or why it doesn't apply.
        order_is_known: whether it tells in which order NPUs finish in the same nanosecond; they
            are listed by number otherwise.
    """

    shortcut: Shortcut
    taken: bool
    reason: str
    order_is_known: bool = True

    def __str__(self) -> str:
        return f"{'' if self.taken else 'no '}{self.shortcut}: {self.reason}"
