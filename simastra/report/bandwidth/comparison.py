"""The algorithms of one collective on one machine, size after size: which is fastest where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import final

from simastra.collectives import UnknownAlgorithm, choose, runs_instead, tree_named
from simastra.config import NetworkConfig, SystemConfig
from simastra.errors import ConfigError, OptionError
from simastra.simulation import Options
from simastra.system.algorithms import IMPLEMENTATION_KEYS, ROOTED_KEYS, choose_algorithms
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import comm_size_for, total_size
from simastra.units import Bytes

from .sweep import SweepRow, sweep

_KEYS = {**IMPLEMENTATION_KEYS, **ROOTED_KEYS}
_FINE = 64
"""Crossovers are found to so small a part of their sizes."""


@dataclass(frozen=True, slots=True)
class AlgorithmRow:
    """All algorithms at one size.

    Attributes:
        size: bytes, as nccl-tests counts them.
        rows: of each algorithm, by name.
    """

    size: Bytes
    rows: Mapping[str, SweepRow]

    @property
    def fastest(self) -> str:
        """The algorithm of the least time; of equals, the one listed first."""
        return min(self.rows, key=lambda name: self.rows[name].time)


@dataclass(frozen=True, slots=True)
class Crossover:
    """Where another algorithm becomes the fastest.

    Attributes:
        size: the smallest at which it is known to be, to a 64th; as nccl-tests counts it.
        before: which is fastest at smaller sizes.
        after: which is at this one.
    """

    size: Bytes
    before: str
    after: str

    def to_dict(self) -> dict[str, object]:
        """Ready for JSON."""
        return {"size": self.size, "before": self.before, "after": self.after}


@final
class AlgorithmComparison:
    """Simulates a collective among all NPUs with one algorithm after the other.

    Args:
        collective: which.
        system: the system configuration; what it lists for the collective is compared, too.
        network: the network configuration.
        options: the rest.
        names: of the algorithms; all that there are, if it is empty.

    Attributes:
        unable: algorithms that can't run it, and why, as far as they have been tried.

    Raises:
        OptionError: there is no algorithm of such a name.
    """

    def __init__(
        self,
        collective: CollectiveType,
        system: SystemConfig,
        network: NetworkConfig,
        options: Options,
        names: Sequence[str] = (),
    ) -> None:
        self.collective = collective
        self.network = network
        self._options = options
        self._systems = dict(_systems(collective, system, network, options, names))
        self.unable: dict[str, str] = {}
        self._known: dict[tuple[str, Bytes], SweepRow | None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The algorithms, but for those that have turned out to be unable."""
        return tuple(name for name in self._systems if name not in self.unable)

    def row(self, size: Bytes) -> AlgorithmRow:
        """All of them at one size.

        Raises:
            InputError: an input is wrong, or none can run it.
        """
        size = self._whole(size)
        found = {name: self._timed(name, size) for name in self.names}
        rows = {name: row for name, row in found.items() if row is not None}
        if not rows:
            name, why = next(iter(self.unable.items()))
            raise OptionError("compare", f"no algorithm can run it; {name}: {why}")
        return AlgorithmRow(size, rows)

    def crossovers(self, rows: Sequence[AlgorithmRow]) -> Iterator[Crossover]:
        """Where the fastest changes between sizes that follow each other."""
        for smaller, larger in pairwise(rows):
            before, after = smaller.fastest, larger.fastest
            if before != after:
                size = self._first(smaller.size, larger.size, before, after)
                yield Crossover(size, before, after)

    def _first(self, low: Bytes, high: Bytes, before: str, after: str) -> Bytes:
        """From which size on `after` is faster, between one where it isn't and one where it is."""
        while high - low > max(1, low // _FINE):
            middle = self._whole((low + high) // 2)
            if not low < middle < high:
                break
            first, second = (self._timed(name, middle) for name in (before, after))
            is_after = first is None or (second is not None and second.time < first.time)
            low, high = (low, middle) if is_after else (middle, high)
        return high

    def _whole(self, size: Bytes) -> Bytes:
        """A size that is one: of what is gathered from all, each has whole bytes."""
        npus = self.network.npus
        return total_size(self.collective, comm_size_for(self.collective, size, npus), npus)

    def _timed(self, name: str, size: Bytes) -> SweepRow | None:
        """What one takes; None if it can't run it."""
        key = name, size
        if key not in self._known:
            self._known[key] = self._simulated(name, size)
        return self._known[key]

    def _simulated(self, name: str, size: Bytes) -> SweepRow | None:
        given = self._systems[name], self.network, self._options
        another = self._runs_instead(name)
        if another is not None:
            self.unable[name] = another
            return None
        try:
            (row,) = sweep(self.collective, [size], *given)
        except ConfigError as error:
            if not (error.key or "").startswith(_KEYS[self.collective]):
                raise
            self.unable[name] = error.problem
            return None
        return row

    def _runs_instead(self, name: str) -> str | None:
        """Which collective it is that would be timed, where that is another one."""
        if self.collective in ROOTED_KEYS:
            return None
        system, table = self._systems[name], self._options.tables.algorithms
        choices = choose_algorithms(system, self.network.dimensions, table)[self.collective]
        others = (runs_instead(it.algorithm, self.collective) for it in choices)
        return next(filter(None, others), None)


def _systems(
    collective: CollectiveType,
    system: SystemConfig,
    network: NetworkConfig,
    options: Options,
    names: Sequence[str],
) -> Iterator[tuple[str, SystemConfig]]:
    """The system with each algorithm in all dimensions, and as it stands."""
    if collective in ROOTED_KEYS:
        yield from _with_trees(collective, system, names)
        return
    table = options.tables.algorithms
    for name in names or table:
        try:
            choose(name, table)
        except UnknownAlgorithm as unknown:
            raise OptionError("algorithms", str(unknown)) from None
        yield name, system.model_copy(update={_field(collective): [name] * network.dimensions})
    if not names:
        yield from _as_listed(collective, system, network, options)


_TREES = ("linear", "binomial", "knomial4", "knomial8")


def _with_trees(
    collective: CollectiveType, system: SystemConfig, names: Sequence[str]
) -> Iterator[tuple[str, SystemConfig]]:
    """The system with each tree of a rooted collective, and as it stands."""
    for name in names or _TREES:
        try:
            tree_named(name)
        except UnknownAlgorithm as unknown:
            raise OptionError("algorithms", str(unknown)) from None
        yield name, system.model_copy(update={_field(collective): [name]})
    told = [str(it) for it in getattr(system, _field(collective)) if str(it) not in _TREES]
    if told and not names:
        yield told[0], system


def _as_listed(
    collective: CollectiveType, system: SystemConfig, network: NetworkConfig, options: Options
) -> Iterator[tuple[str, SystemConfig]]:
    """The system as it stands, if that is none of those with one algorithm in all dimensions.

    Nor is it compared where it leaves dimensions out: it does less then, among fewer NPUs.
    """
    table = options.tables.algorithms
    choices = choose_algorithms(system, network.dimensions, table)[collective]
    listed = [str(it) for it in getattr(system, _field(collective))]
    is_whole = len(listed) == network.dimensions or any(it.over_all_npus for it in choices)
    is_one = len({*listed}) == 1 and listed[0] in table
    if is_whole and not is_one and not any(it.algorithm.contenders for it in choices):
        yield " + ".join(listed), system


def _field(collective: CollectiveType) -> str:
    """The field of the system configuration that lists its algorithms."""
    return _KEYS[collective].replace("-", "_")
