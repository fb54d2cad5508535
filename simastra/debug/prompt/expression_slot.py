"""An expression as what is left of a line, and what may be typed in one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from simastra.debug.network_state import LinkState
from simastra.debug.npu_state import NpuState

from .evaluation import FUNCTIONS, fields_of
from .expression import EXPLAINED, Expression
from .grammar import Slot
from .reader import Offer, Reader

_TYPED = re.compile(r"(?:(\w+)(\([^()]*\))?\.)?(\w*)$")
_HAVE: Mapping[str, type] = {"npu": NpuState, "link": LinkState}
"""What the lookups give."""


def _expression(reader: Reader) -> Expression:
    return Expression(reader.rest())


def _known(reader: Reader) -> Iterator[Offer]:
    typed = reader.typed or ""
    match = _TYPED.search(reader.line[reader.place :] + typed)
    assert match
    of, called, word = match.groups()
    before = typed[: len(typed) - len(word)]
    for name, meaning in _names(of, called=called is not None).items():
        yield Offer(before + name, meaning, name)


def _names(of: str | None, *, called: bool) -> dict[str, str]:
    """What may follow, with its meaning: behind a dot, or anywhere."""
    if of is not None and called:
        kind = _HAVE.get(of)
        return {} if kind is None else dict.fromkeys(fields_of(kind), f"of {kind.__name__}")
    if of not in {None, "state"}:
        return {}
    if of is not None:
        return EXPLAINED
    functions = dict.fromkeys([*FUNCTIONS, "dir"], "a function")
    return {**EXPLAINED, "state": "has all of these", **functions}


def _is_no_view(reader: Reader) -> bool:
    """Whether it isn't what `print` shows as the commands of those names do."""
    return not _VIEW.match(reader.line[reader.place :].strip())


_VIEW = re.compile(r"(?:npu|link|messages)(?:\s+[0-9].*)?$")

EXPRESSION = Slot("EXPRESSION", "an expression", _expression, _known, is_rest=True)
"""An expression."""
PRINTED = Slot("EXPRESSION", "an expression", _expression, _known, _is_no_view, is_rest=True)
"""An expression where `npu 3` and their like mean what the commands show."""
