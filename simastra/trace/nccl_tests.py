"""algbw and busbw: bandwidths of a collective as nccl-tests defines them (its PERFORMANCE.md).

algbw is size over time. busbw is what algbw means for the hardware: multiplied by a factor for how
often the data must pass a link at least, it can be compared with the links' bandwidth, whatever the
number of NPUs. Both are in GB/s of 10^9 bytes, which are bytes/ns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simastra.errors import OptionError
from simastra.suggestions import unknown_name
from simastra.trace.nodes import CollectiveType
from simastra.units import Bytes, BytesPerNs, Ns


def _once(npus: int) -> float:
    return 1.0


def _all_but_own_part(npus: int) -> float:
    return (npus - 1) / npus


def _both_ways(npus: int) -> float:
    return 2 * (npus - 1) / npus


BUS_FACTORS: Mapping[CollectiveType, Callable[[int], float]] = MappingProxyType(
    {
        CollectiveType.ALL_REDUCE: _both_ways,
        CollectiveType.ALL_GATHER: _all_but_own_part,
        CollectiveType.REDUCE_SCATTER: _all_but_own_part,
        CollectiveType.REDUCE_SCATTER_BLOCK: _all_but_own_part,
        CollectiveType.ALL_TO_ALL: _all_but_own_part,
        CollectiveType.BROADCAST: _once,
        CollectiveType.REDUCE: _once,
        CollectiveType.GATHER: _all_but_own_part,
        CollectiveType.SCATTER: _all_but_own_part,
    }
)
"""busbw / algbw by the number of NPUs; a barrier has none, since it moves no data."""

_SIZED_BY_SHARE = (CollectiveType.ALL_GATHER, CollectiveType.GATHER)
"""Collectives whose ET nodes give one member's share, where nccl-tests gives all members'."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Bandwidths of one collective, in bytes/ns, which are GB/s.

    Attributes:
        algbw: size over time.
        busbw: that, made comparable with the bandwidth of a link.
    """

    algbw: BytesPerNs
    busbw: BytesPerNs


def rates(collective: CollectiveType, size: Bytes, npus: int, time: Ns) -> Rates | None:
    """Return the bandwidths; None for a barrier, and for what took no time.

    Args:
        collective: which.
        size: as nccl-tests counts it: see `total_size`.
        npus: how many take part.
        time: that it took.

    >>> rates(CollectiveType.ALL_REDUCE, 1_000_000, 8, 10_000)
    Rates(algbw=100.0, busbw=175.0)
    """
    factor = BUS_FACTORS.get(collective)
    if factor is None or not time:
        return None
    algbw = size / time
    return Rates(algbw, algbw * factor(npus))


def total_size(collective: CollectiveType, comm_size: Bytes, npus: int) -> Bytes:
    """Turn an ET node's comm_size into the size that nccl-tests shows.

    They differ for all-gather and gather, where nccl-tests counts what is gathered from all.

    >>> total_size(CollectiveType.ALL_GATHER, 1024, 8), total_size(CollectiveType.REDUCE, 1024, 8)
    (8192, 1024)
    """
    return comm_size * npus if collective in _SIZED_BY_SHARE else comm_size


def comm_size_for(collective: CollectiveType, size: Bytes, npus: int) -> Bytes:
    """Turn nccl-tests' size into an ET node's comm_size, at least one byte."""
    return max(size // npus, 1) if collective in _SIZED_BY_SHARE else max(size, 1)


def collective_name(kind: CollectiveType) -> str:
    """Its name, as in "all-reduce"."""
    return kind.name.lower().replace("_", "-")


def collective_names() -> tuple[str, ...]:
    """The names that `collective_named` knows, as in "all-reduce"."""
    return tuple(map(collective_name, BUS_FACTORS))


def collective_named(name: str) -> CollectiveType:
    """Look up a collective that has a bandwidth, by its letters, whatever is between them.

    >>> {collective_named(it) for it in ("all-reduce", "AllReduce", "all_reduce_perf")}
    {<CollectiveType.ALL_REDUCE: 0>}

    Raises:
        OptionError: there is none of that name.
    """
    found = _BY_LETTERS.get(letters(name).removesuffix("perf"))
    if found is None:
        raise OptionError("collective", unknown_name("collective", name, collective_names()))
    return found


def letters(name: str) -> str:
    """A name without what tells spellings of it apart: small letters, and digits.

    >>> letters("All_Reduce")
    'allreduce'
    """
    return "".join(filter(str.isalnum, name.casefold()))


_BY_LETTERS = {letters(collective_name(it)): it for it in BUS_FACTORS}
