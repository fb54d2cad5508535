"""What a step has to do with the NPUs that share a mixture's experts, by how tensors are cut."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from .communication import Change
from .layout import PARTIAL, Layout
from .symbols import SymbolicExpression
from .tensors import TensorOperator

EXPERTS = SymbolicExpression.parse("Experts")
"""How many experts there are: along that dimension tensors are cut by experts."""


class ExpertRole(Enum):
    """What a step has to do with the NPUs that share a mixture's experts."""

    DISPATCH = auto()
    """It brings tokens to their experts."""
    COMBINE = auto()
    """It brings what experts have made back."""
    WORK = auto()
    """It works on the tokens of the NPU's own experts."""


def role_of_operator(operator: TensorOperator) -> ExpertRole | None:
    """What an operator has to do with experts; None for nothing."""
    return ExpertRole.WORK if any(map(_by_experts, _layouts(operator))) else None


def _layouts(operator: TensorOperator) -> Iterable[Layout]:
    return (*(use.layout for use in operator.inputs), *(it.layout for it in operator.outputs))


def _by_experts(layout: Layout) -> bool:
    """Whether each NPU has what is its own experts'."""
    place = layout.place("ep")
    return place not in {None, PARTIAL} and layout.extents[place or 0] == EXPERTS


def role_of_change(change: Change) -> ExpertRole | None:
    """What a change of layout has to do with experts; None for nothing."""
    before, after = _by_experts(change.before), _by_experts(change.after)
    if before and after:
        return ExpertRole.WORK
    if after:
        return ExpertRole.DISPATCH
    return ExpertRole.COMBINE if before else None
