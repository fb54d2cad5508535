"""What a text workload doesn't say: the machine, the number of passes, and how to write."""

from dataclasses import dataclass, field
from enum import StrEnum
from math import prod

from simastra.errors import OptionError
from simastra.suggestions import unknown_name

from .workload import Strategy

_CHAKRA = (
    Strategy.MICRO,
    Strategy.DATA,
    Strategy.MODEL,
    Strategy.HYBRID_DATA_MODEL,
    Strategy.HYBRID_MODEL_DATA,
    Strategy.HYBRID_DLRM,
    Strategy.HYBRID_DLRM_ENHANCED,
)
"""The strategies that Chakra's converter takes."""

# Far beyond any machine, so that a slip of the finger doesn't fill a disk with files.
_MOST_NPUS = 1_000_000
_MOST_DIMS = 1000


class TimeUnit(StrEnum):
    """What a time in the file counts."""

    US = "us"
    """Microseconds, as Chakra's converter takes it."""
    NS = "ns"
    """Nanoseconds, which are ASTRA-sim 1.0's cycles."""


@dataclass(frozen=True, slots=True)
class TextDialect:
    """How a text workload is written: as its author means it, or as a version of Chakra does.

    Attributes:
        name: as on the command line.
        strategies: those that it takes.
        as_meant: whether nodes have all the attributes that a simulator needs, equal on all NPUs,
            and collectives of no size or among no NPUs are left out. Otherwise everything is as in
            Chakra: a word that names no collective stands for an all-reduce, and the ids of an NPU
            go on where those of the one before it end.
        with_size: whether collectives have comm_size.
        with_dims: whether they have involved_dim.
        quotes_text: whether the metadata holds the whole text and names no version.
    """

    name: str
    strategies: tuple[Strategy, ...]
    as_meant: bool = False
    with_size: bool = False
    with_dims: bool = False
    quotes_text: bool = False


SIMASTRA = TextDialect("simastra", tuple(Strategy), as_meant=True, with_size=True, with_dims=True)
"""What the author of a text means."""

HOTI2024 = TextDialect("hoti2024", _CHAKRA, with_dims=True)
"""Chakra at tutorial-hoti2024, byte for byte. ASTRA-sim of that time sends nothing then."""

V1 = TextDialect("v1", _CHAKRA, with_size=True, quotes_text=True)
"""Chakra 1.0.0, byte for byte."""

TEXT_DIALECTS = {dialect.name: dialect for dialect in (SIMASTRA, HOTI2024, V1)}
"""Dialects by their name on the command line."""


def text_dialect_named(name: str) -> TextDialect:
    """Return the dialect of this name.

    Raises:
        OptionError: there is none.
    """
    if name not in TEXT_DIALECTS:
        raise OptionError("dialect", unknown_name("dialect", name, TEXT_DIALECTS))
    return TEXT_DIALECTS[name]


@dataclass(frozen=True, slots=True)
class TextOptions:
    """How to convert.

    Attributes:
        npus: how many NPUs there are.
        dims: how many dimensions the network has.
        npus_count: NPUs of each dimension, innermost first, where known: only the transformer
            strategies ask for more than `dims`.
        passes: training passes, one after the other.
        dialect: how to write.
        time_unit: what a time in the file counts; None for nanoseconds in a text of SimAI's form,
            microseconds in any other.

    Raises:
        OptionError: a number is not positive or absurdly large, or two of them contradict one
            another.
    """

    npus: int
    dims: int = 1
    npus_count: tuple[int, ...] | None = None
    passes: int = 1
    dialect: TextDialect = field(default=SIMASTRA)
    time_unit: TimeUnit | None = None

    def __post_init__(self) -> None:
        for option, value, most in (
            ("npus", self.npus, _MOST_NPUS),
            ("dims", self.dims, _MOST_DIMS),
            ("passes", self.passes, None),
        ):
            if value < 1:
                raise OptionError(option, f"is {value}; 1 or more is wanted")
            if most is not None and value > most:
                raise OptionError(option, f"is {value}; {most} or less is wanted")
        if self.npus_count is None:
            return
        if any(count < 1 for count in self.npus_count):
            raise OptionError("npus-count", "holds a number below 1; each dimension has NPUs")
        if len(self.npus_count) != self.dims:
            raise OptionError(
                "npus-count", f"has {len(self.npus_count)} dimensions, --dims says {self.dims}"
            )
        if prod(self.npus_count) != self.npus:
            raise OptionError(
                "npus-count", f"makes {prod(self.npus_count)} NPUs, --npus says {self.npus}"
            )
