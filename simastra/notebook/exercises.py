"""Exercises that check themselves: what the last line of an exercise cell in a notebook calls.

The reader replaces the blank, ``...``, and runs the cell again:

>>> answer = ...  # how many messages does an all-reduce on a ring of 8 take for each NPU?
>>> check("0.1", answer, seal("0.1", 14), hint="7 to reduce, and as many again")
○ exercise 0.1: not answered yet; replace the ... above and run this cell again
>>> check("0.1", 15, seal("0.1", 14), hint="7 to reduce, and as many again")
✗ exercise 0.1: not right yet. Hint: 7 to reduce, and as many again
>>> check("0.1", 14, seal("0.1", 14))
✓ exercise 0.1: right

A stored notebook has the seal itself, which doesn't show the answer: ``check("0.1", answer,
"7c2a05832dab")``. Where there are many right answers, a function tells them:

>>> def works(answer):
...     return True if answer % 2 == 0 else f"{answer} isn't even"
>>> check("0.2", 3, works)
✗ exercise 0.2: not right yet. 3 isn't even

Whatever the answer is, and whatever goes wrong while it is looked at, no exception comes out.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import Enum, StrEnum
from hashlib import sha256
from numbers import Integral, Real
from typing import Any, TypeAlias

from simastra.view.html import element


@dataclass(frozen=True, slots=True)
class Marks:
    """What a judge says of an answer that may be right in part.

    Attributes:
        points: 1 for what couldn't be better, 0 for what is wrong, something between for the rest.
        remark: why, in words; shown with a right answer, too.
    """

    points: float
    remark: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.points <= 1:
            raise ValueError(f"points are {self.points}; something from 0 to 1 is wanted")


Judge: TypeAlias = Callable[[Any], bool | str | Marks]
"""Returns True for a right answer; False, or what is wrong with it in words, for another one; or
`Marks`."""


VERDICT_TYPE = "application/vnd.simastra.verdict+json"
"""The MIME type of a verdict as data, which notebooks store beside what they show."""


class Outcome(StrEnum):
    """What became of an exercise."""

    OPEN = "open"
    WRONG = "wrong"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `check` answers; a notebook shows it as a coloured line.

    Attributes:
        name: the exercise's, such as ``"3.2"``.
        outcome: open, wrong or right.
        remark: what is wrong, or what to do, in words; may be empty.
        points: from 0 to 1: 1 for a right answer, unless its judge gives a part of it.
    """

    name: str
    outcome: Outcome
    remark: str = ""
    points: float = 0

    @property
    def text(self) -> str:
        """The verdict in words, without the exercise's name."""
        words, remark = _WORDS[self.outcome], self.remark
        joint = "; " if self.outcome is Outcome.OPEN else ". "
        return f"{words}{joint}{remark}" if remark else words

    def __repr__(self) -> str:
        return f"{_SIGNS[self.outcome]} exercise {self.name}: {self.text}"

    def _repr_html_(self) -> str:
        """For a notebook."""
        colour = _COLOURS[self.outcome]
        name = element("b", f"{_SIGNS[self.outcome]} {self.name}")
        style = f"border-left: 4px solid {colour}; padding: 0.3em 0.8em"
        return element("div", name, f" {self.text}", style=style)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, dict[str, str | float]]:
        """For who marks an executed notebook: what a stored cell has beside the coloured line."""
        verdict = {"exercise": self.name, "outcome": self.outcome.value, "points": self.points}
        return {VERDICT_TYPE: verdict}


_SIGNS = {Outcome.OPEN: "○", Outcome.WRONG: "✗", Outcome.RIGHT: "✓"}
_WORDS = {
    Outcome.OPEN: "not answered yet",
    Outcome.WRONG: "not right yet",
    Outcome.RIGHT: "right",
}
_COLOURS = {Outcome.OPEN: "#9aa5b1", Outcome.WRONG: "#d9534f", Outcome.RIGHT: "#3c9d4e"}
_TO_DO = "replace the ... above and run this cell again"


def check(name: str, answer: object, right: str | Judge, *, hint: str = "") -> Verdict:
    """Say whether an answer is right.

    Args:
        name: the exercise's number, notebook first, such as ``"3.2"``.
        answer: the reader's; ``...``, or something that contains ``...``, if still blank.
        right: the seal of the right answer (see `seal`), or a function that judges: it returns
            True, or False, or a text that says what is wrong, or `Marks`. If it raises an
            exception, the answer is wrong, and an AssertionError's text is shown as it is.
        hint: shown with a wrong answer.
    """
    try:
        is_blank = _is_blank(answer)
    except RecursionError:  # it contains itself
        is_blank = False
    if is_blank:
        return Verdict(name, Outcome.OPEN, _TO_DO)
    marks = _marks(name, answer, right)
    if marks.points:
        return Verdict(name, Outcome.RIGHT, marks.remark, marks.points)
    helped = f"Hint: {hint}" if hint else ""
    return Verdict(name, Outcome.WRONG, _sentences(marks.remark, helped))


def seal(name: str, answer: object) -> str:
    """Return the seal of a right answer, by which `check` knows it without showing it.

    Equal answers have equal seals in any of these forms: whole numbers as int or float, other
    numbers to 6 significant digits, texts without regard to case and outer spaces, lists as tuples,
    sets in any order, members of an enumeration by name.

    Args:
        name: the exercise's.
        answer: the right answer.

    Raises:
        TypeError: the answer is something else.
    """
    return sha256(f"{name}: {_canonical(answer)}".encode()).hexdigest()[:12]


def near(expected: float, *, within: float = 0.01) -> Judge:
    """A judge for numbers that accepts `expected` and what differs by a part of it, 1 % by default.

    >>> check("0.3", 99.5, near(100))
    ✓ exercise 0.3: right
    """

    def is_near(answer: Any) -> bool | str:
        if isinstance(answer, bool) or not isinstance(answer, Real):
            return "A number is wanted."
        return abs(float(answer) - expected) <= within * abs(expected)

    return is_near


def _marks(name: str, answer: object, right: str | Judge) -> Marks:
    try:
        if isinstance(right, str):
            return Marks(int(seal(name, answer) == right))
        judgement = right(answer)
        if isinstance(judgement, Marks):
            return judgement
        if isinstance(judgement, str):
            return Marks(0, judgement)
        # A judge may return numpy's or anything's truth.
        return Marks(int(bool(judgement)))
    except AssertionError as error:
        return Marks(0, f"{error}")
    except Exception as error:  # a reader's answer may do anything
        return Marks(0, f"Looking at it ended with {_told(error)}.")


def _told(error: Exception) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # a reader's own may not be able to say what it is
        return type(error).__name__


def _sentences(remark: str, helped: str) -> str:
    """Both, with a full stop between them."""
    stop = "" if not (remark and helped) or remark.endswith((".", "?", "!")) else "."
    return " ".join(filter(None, (f"{remark}{stop}", helped)))


def _is_blank(answer: object) -> bool:
    if isinstance(answer, dict):
        return any(map(_is_blank, answer.values()))
    if isinstance(answer, tuple | list | set | frozenset):
        return any(map(_is_blank, answer))
    return answer is ...


def _canonical(answer: object) -> str:
    match answer:
        case Mapping():
            pairs = sorted((_canonical(key), _canonical(value)) for key, value in answer.items())
            return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        case Set():
            return "{" + ", ".join(sorted(map(_canonical, answer))) + "}"
        case Sequence() if not isinstance(answer, str | bytes):
            return "(" + ", ".join(map(_canonical, answer)) + ")"
        case _:
            return _canonical_value(answer)


def _canonical_value(answer: object) -> str:
    match answer:
        case Enum():
            return _canonical_value(answer.name)
        case bool() | None:
            return f"{answer}"
        case str():
            return f"'{answer.strip().casefold()}'"
        case Integral():
            return f"{int(answer)}"
        case Real():
            number = float(answer)
            return f"{int(number)}" if number.is_integer() else f"{number:.6g}"
        case _:
            raise TypeError(
                f"a number, a text, or several of them are wanted, not {type(answer).__name__}"
            )
