"""How generators declare their parameters: once, in the function's own signature.

From a signature come the options of the command line, their help and completion, and what Python's
own help shows. A parameter's annotation has its kind and what it means::

    k: Annotated[Count, "ports of each switch, an even number"]
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Annotated, TypeAlias, get_type_hints

from simastra.network_graph.model import NetworkGraph


class ParameterKind(Enum):
    """What a parameter's value is, and so how it is written on the command line."""

    COUNT = auto()
    """A whole number."""

    SHAPE = auto()
    """Numbers along dimensions, innermost first: ``4x4x8``, or a sequence."""

    RATIO = auto()
    """How many times as much one has as another: ``3``, ``1.5`` or ``3:1``."""

    BANDWIDTH = auto()
    """With a unit, or a number of GB/s of 10^9 bytes."""

    DURATION = auto()
    """With a unit, or a number of nanoseconds."""

    FLAG = auto()
    """Yes or no."""


Count: TypeAlias = Annotated[int, ParameterKind.COUNT]
MaybeCount: TypeAlias = Annotated[int | None, ParameterKind.COUNT]
Shape: TypeAlias = Annotated[str | Sequence[int], ParameterKind.SHAPE]
MaybeRatio: TypeAlias = Annotated[str | float | None, ParameterKind.RATIO]
Bandwidth: TypeAlias = Annotated[str | float, ParameterKind.BANDWIDTH]
MaybeBandwidth: TypeAlias = Annotated[str | float | None, ParameterKind.BANDWIDTH]
Duration: TypeAlias = Annotated[str | float, ParameterKind.DURATION]
Flag: TypeAlias = Annotated[bool, ParameterKind.FLAG]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a generator.

    Attributes:
        name: in Python; on the command line, dashes stand for the underscores.
        kind: of value.
        meaning: what it is, in a few words.
        default: the value if it is left out; None where it follows from others.
        is_required: whether it can't be left out.
    """

    name: str
    kind: ParameterKind
    meaning: str
    default: object
    is_required: bool

    @property
    def option(self) -> str:
        """Its name on the command line, without the dashes before it."""
        return self.name.replace("_", "-")


@dataclass(frozen=True)
class Generator:
    """A kind of network that can be made.

    Attributes:
        summary: what it is, in a few words.
        example: its options, in its help.
        make: makes one; raises OptionError, which names the parameter that is wrong.
        logical: the numbers of NPUs along the dimensions by which collectives best order their
            members, innermost first, from the arguments; one dimension with all NPUs where None.
    """

    summary: str
    example: str
    make: Callable[..., NetworkGraph]
    logical: Callable[[Mapping[str, object]], tuple[int, ...]] | None = None

    @cached_property
    def description(self) -> str:
        """What the function's docstring says, without its example and the part on errors."""
        text = inspect.getdoc(self.make) or self.summary
        return re.split(r"\n\n(?=>>>|Raises:)", text)[0]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """All of them, in the order in which they are declared."""
        hints = get_type_hints(self.make, include_extras=True)
        return tuple(
            _parameter(declared, *hints[name].__metadata__)
            for name, declared in inspect.signature(self.make).parameters.items()
        )

    def dimensions(self, arguments: Mapping[str, object]) -> tuple[int, ...] | None:
        """The logical dimensions of the network that `make` makes of the same arguments."""
        if self.logical is None:
            return None
        defaults = {it.name: it.default for it in self.parameters}
        return self.logical({**defaults, **arguments})


def _parameter(declared: inspect.Parameter, kind: ParameterKind, meaning: str) -> Parameter:
    is_required = declared.default is inspect.Parameter.empty
    default = None if is_required else declared.default
    return Parameter(declared.name, kind, meaning, default, is_required)
