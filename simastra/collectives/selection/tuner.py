"""``tuner``: the algorithm by a collective's size, from a table as NCCL's tuner reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from simastra.collectives.algorithm import (
    Algorithm,
    CollectiveCall,
)
from simastra.collectives.options import AlgorithmOptions, AlgorithmSetting
from simastra.config.fields import TextField
from simastra.errors import ConfigError
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import total_size

from .selector import AlgorithmSelector
from .tuner_table import TunerRow, read_tuner_table

NCCL_NAMES = {"tree": "doubleBinaryTree"}
"""NCCL's names of algorithms where ours is another."""

_IN_SWITCHES = frozenset({"nvls_tree", "nvlstree", "collnet_direct", "collnet_chain"})
"""NCCL's algorithms that have switches reduce in ways of their own."""


class TunerOptions(AlgorithmOptions):
    """Keys beside `name` in a list of the system file."""

    paths: ClassVar[tuple[str, ...]] = ("table",)

    table: TextField
    """CSV file with a row for each range of sizes; its path begins at the system file's folder"""

    otherwise: TextField = "ring"
    """the algorithm where no row fits"""

    node: int | None = Field(default=None, ge=1)
    """members next to each other that are a node, for the column nNodes; all, if left out"""

    def algorithm(self, setting: AlgorithmSetting) -> Algorithm:
        """The algorithms of the table.

        Raises:
            ConfigError: the table can't be read, or is wrong.
            UnknownAlgorithm: there is no algorithm that is called as `otherwise`.
        """
        path = setting.folder / self.table
        rows = read_tuner_table(path)
        known = {row.algorithm: _named(row, path, setting.named) for row in rows}
        otherwise = setting.named(self.otherwise)
        table = _Table(rows, known, otherwise, self.node)
        candidates = dict.fromkeys((otherwise, *known.values()))
        return AlgorithmSelector(
            tuple(candidates), table.select, table.may_select, "tuner", files=(str(path),)
        )


def _named(row: TunerRow, path: Path, named: Callable[[str], Algorithm]) -> Algorithm:
    key = f"line {row.line}"
    if row.algorithm in _IN_SWITCHES:
        problem = (
            f"{row.algorithm} isn't simulated; of what reduces in switches, nvls, sharp and "
            "hierarchical are: name one of these, or another"
        )
        raise ConfigError(problem, source=path, key=key)
    try:
        return named(NCCL_NAMES.get(row.algorithm, row.algorithm))
    except ValueError as unknown:
        raise ConfigError(str(unknown), source=path, key=key) from None


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows, and the algorithms that they name.

    Attributes:
        rows: in order; the first that fits decides.
        algorithms: by their names in the rows.
        otherwise: where none fits.
        node: members of a node; None if all are in one.
    """

    rows: Sequence[TunerRow]
    algorithms: Mapping[str, Algorithm]
    otherwise: Algorithm
    node: int | None

    def select(self, asked: CollectiveCall) -> Algorithm:
        """That of the first row that fits."""
        npus = len(asked.ring)
        total = total_size(asked.collective, asked.size, npus)
        for row in self._suitable(asked.collective, npus):
            if row.covers(total):
                return self.algorithms[row.algorithm]
        return self.otherwise

    def may_select(self, collective: CollectiveType, npus: int) -> Iterator[Algorithm]:
        """Those of the rows that are for so many, and that of all others."""
        for row in self._suitable(collective, npus):
            yield self.algorithms[row.algorithm]
        yield self.otherwise

    def _suitable(self, collective: CollectiveType, npus: int) -> Sequence[TunerRow]:
        nodes = -(-npus // (self.node or npus))
        return [row for row in self.rows if row.suits(collective, npus, nodes)]
