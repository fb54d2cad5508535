"""``xpu[0:2]``: which of the parts of a name are meant."""

from __future__ import annotations

import re
from typing import NamedTuple

from simastra.config.graph.wrong import KeyedError
from simastra.config.messages import show

_STEP = re.compile(r"([^\[\]]+)(?:\[([^\[\]]*)\])?")
_NUMBER = re.compile(r"-?[0-9]{1,9}")


class Sliced(NamedTuple):
    """A name, and which of its parts.

    Attributes:
        name: of components, instances or a nested device.
        within: what stands in the brackets; None where there are none, which means all.
    """

    name: str
    within: str | None


def sliced(text: str, key: str) -> Sliced:
    """Read a name with or without a slice.

    >>> sliced("xpu[0:2]", "component")
    Sliced(name='xpu', within='0:2')

    Raises:
        KeyedError: it is no such name.
    """
    found = _STEP.fullmatch(text.strip())
    if found is None:
        raise KeyedError(f"is {show(text)}; write a name with a slice, as xpu[0:2]", key)
    return Sliced(found[1].strip(), found[2])


def path(text: str, key: str) -> list[Sliced]:
    """Read names with slices and dots between, such as ``cx5[0:2].port[0]``.

    Raises:
        KeyedError: it is no such path.
    """
    return [sliced(step, key) for step in text.split(".")]


def chosen(step: Sliced, count: int, key: str) -> range:
    """The numbers that a slice takes of so many, by Python's rules.

    Args:
        step: with its slice.
        count: how many there are.
        key: where it stands.

    Raises:
        KeyedError: it is no slice, takes none, or reaches beyond them.
    """
    if step.within is None or not step.within.strip():
        return range(count)
    bounds = [_bound(part, step, key) for part in step.within.split(":")]
    match bounds:
        case [int() as single]:
            _refuse_beyond(single, count - 1, step, count, key)
            return range(single % count, single % count + 1)
        case [begin, end, *rest] if len(rest) < 2 and rest != [0]:  # noqa: PLR2004  # a step at most
            for bound in (begin, end):
                _refuse_beyond(bound, count, step, count, key)
            numbers = range(*slice(begin, end, *rest).indices(count))
        case _:
            raise _no_slice(step, key)
    if not numbers and count:
        raise KeyedError(f"[{step.within}] takes none of the {count} {step.name}; {_SUCH}", key)
    return numbers


_SUCH = "write begin and end as in Python, such as [0:2] for the first two"


def _bound(text: str, step: Sliced, key: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise _no_slice(step, key)
    return int(text)


def _no_slice(step: Sliced, key: str) -> KeyedError:
    return KeyedError(f"[{(step.within or '')[:30]}] is no slice; {_SUCH}", key)


def _refuse_beyond(bound: int | None, most: int, step: Sliced, count: int, key: str) -> None:
    if bound is not None and not -count <= bound <= most:
        there = f"{step.name}[0] to {step.name}[{count - 1}]" if count else "none"
        raise KeyedError(f"{step.name}[{step.within}] reaches beyond what there is: {there}", key)
