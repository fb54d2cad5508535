"""A row as a log has it, before it is checked; and what the log says of its run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS, collective_name, letters
from simastra.units import Bytes

_NUMBER = re.compile(
    r"[+-]?(?:(?P<digits>[0-9]+)(?:\.(?P<decimals>[0-9]*))?(?:e(?P<exponent>[+-]?[0-9]{1,3}))?|nan|inf)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it was printed.

    Attributes:
        value: the number.
        slack: how much rounding may have taken or added.
    """

    value: float
    slack: float

    @classmethod
    def read(cls, token: str) -> "Printed | None":
        """Read a number; None if it isn't one, as N/A.

        >>> Printed.read("35.9"), Printed.read("N/A")
        (Printed(value=35.9, slack=0.05), None)
        """
        match = _NUMBER.fullmatch(token)
        if match is None:
            return None
        decimals = len(match["decimals"] or "")
        exponent = int(match["exponent"] or 0)
        return cls(float(token), float(f"0.5e{exponent - decimals}") if match["digits"] else 0.0)


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """What a log says of the run that a row is of.

    Attributes:
        tool: what measured.
        collective: the test's name, such as all_reduce; None if it isn't said.
        npus: how many GPUs; None if that isn't said.
        nodes: of how many nodes, likewise.
        library: what was measured, likewise.
    """

    tool: str
    collective: str | None = None
    npus: int | None = None
    nodes: int | None = None
    library: str | None = None


@dataclass(frozen=True, slots=True)
class LogRow:
    """One time.

    Attributes:
        line: where, from 1.
        run: of which run.
        size: bytes.
        us: time, in microseconds.
        algbw: as printed, in GB/s; None if it isn't.
        busbw: likewise.
        wrong: elements that came out wrong, or in old logs their relative error, below 1; None if
            nobody checked.
    """

    line: int
    run: MeasuredRun
    size: Bytes
    us: Printed
    algbw: Printed | None = None
    busbw: Printed | None = None
    wrong: float | None = None


_TESTED: Mapping[str, CollectiveType] = MappingProxyType(
    {
        letters(collective_name(it)): it
        for it in BUS_FACTORS
        if it is not CollectiveType.REDUCE_SCATTER_BLOCK  # MPI's, which nothing tests
    }
)
"""Collectives by their names' letters."""


def collective_tested(name: str) -> CollectiveType | None:
    """The collective that a test, a library or a table calls so; None for what is no collective.

    >>> {collective_tested(it) for it in ("AllReduce", "all-reduce", "nccl_all_reduce_perf")}
    {<CollectiveType.ALL_REDUCE: 0>}
    """
    plain = _plain(name)
    return _TESTED.get("broadcast" if plain == "bcast" else plain)


def collective_in_name(name: str) -> CollectiveType | None:
    """The collective that a file's name has in it; None for none, or several.

    >>> collective_in_name("reduce_scatter-8.log"), collective_in_name("all_reduce, alltoall.log")
    (<CollectiveType.REDUCE_SCATTER: 7>, None)
    """
    rest = letters(name)
    found = []
    for plain in sorted(_TESTED, key=len, reverse=True):  # all-gather has gather in it
        if plain in rest:
            found.append(_TESTED[plain])
            rest = rest.replace(plain, " ")
    return found[0] if len(found) == 1 else None


def is_sendrecv(name: str) -> bool:
    """Whether a test sends messages from each NPU to the next."""
    return _plain(name) == "sendrecv"


def _plain(name: str) -> str:
    return letters(name).removeprefix("nccl").removeprefix("rccl").removesuffix("perf")
