"""From a row as a log has it to a measurement: whether it counts, and whether it is consistent."""

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from simastra.errors import InputError, OptionError
from simastra.notices import Severity
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS, collective_name

from .measurement import LogOptions, Measurement, SendMeasurement
from .problems import Problems
from .rows import LogRow, Printed, collective_in_name, collective_tested, is_sendrecv

_SMALLEST = 8  # bytes, as nccl-tests begins with
_SMALLEST_US = 1e-3  # a nanosecond, the smallest time that a simulation knows
_LARGEST_US = 1e12  # a fortnight
_SLACK = 0.002  # of what was computed from a time before that was rounded
_MOST_GPUS_OF_A_HOST = 16
_MOST_NPUS = 10_000_000
_LARGEST_SIZE = 2**60
_MOST_TOLD_APART = 64  # GPUs, by their busbw: of more, it is nearly the same


class RowChecker:
    """Checks the rows of a file.

    Args:
        source: the file.
        rows: all of them.
        options: what to make of what it leaves open.
        problems: hears of what is doubtful.
    """

    def __init__(
        self, source: str, rows: Sequence[LogRow], options: LogOptions, problems: Problems
    ) -> None:
        self._source = source
        self._rows = rows
        self._by_bandwidths: dict[CollectiveType, set[int]] = {}
        self._options = options
        self._problems = problems

    def measurement(self, row: LogRow) -> Measurement | SendMeasurement | None:
        """The measurement; None if the row doesn't count.

        Raises:
            OptionError: nothing says which collective it is of, or among how many GPUs.
        """
        if not self._counts(row):
            return None
        if row.run.collective is not None and is_sendrecv(row.run.collective):
            npus = row.run.npus or self._options.npus or 2
            return SendMeasurement(row.size, row.us.value, self._nodes(row, npus) == 1)
        collective = self._collective(row)
        if collective is None:
            return None
        npus = self._npus(row, collective)
        if npus <= 1 or npus > _MOST_NPUS:
            text = f"the row was measured among {npus} GPU{'' if npus == 1 else 's'}"
            fix = "several processes need nccl-tests built with MPI=1"
            self._problems.drop("one-gpu", row.line, text, fix)
            return None
        if row.run.nodes is not None and row.run.nodes > npus:
            text = f"the row was measured among {npus} GPUs of {row.run.nodes} nodes"
            self._problems.drop("no-nodes", row.line, text, "each node has one or more")
            return None
        self._check_bandwidths(row, collective, npus)
        place = f"{self._source}, line {row.line}"
        nodes = self._nodes(row, npus)
        self._check_nodes(row, npus, nodes)
        return Measurement(collective, row.size, npus, nodes, row.us.value, place)

    def _counts(self, row: LogRow) -> bool:
        drop = self._problems.drop
        if row.wrong is not None and not row.wrong < 1:
            text = f"the row has {row.wrong:g} wrong elements"
            drop("wrong-elements", row.line, text, "a library that errs isn't worth timing")
        elif not _SMALLEST_US <= row.us.value < _LARGEST_US:
            drop("no-time", row.line, f"the row takes {row.us.value:g} us", "nothing takes that")
        elif not _SMALLEST <= row.size <= _LARGEST_SIZE:
            text = f"the row is of {row.size} bytes"
            drop("tiny-size", row.line, text, f"sizes from {_SMALLEST} bytes on count")
        elif row.run.nodes == 0:
            drop("no-nodes", row.line, "the row is of 0 nodes", "of one or more it would be")
        else:
            return True
        return False

    def _collective(self, row: LogRow) -> CollectiveType | None:
        told = row.run.collective
        if told is None:
            return self._untold(row)
        found = collective_tested(told)
        if found is None:
            text = f"the row is of {told}, which isn't calibrated"
            self._problems.drop("other-test", row.line, text, "collectives are")
        return found

    def _untold(self, row: LogRow) -> CollectiveType:
        """The collective of a row whose log doesn't say it: as given, else by the file's name."""
        if self._options.collective is not None:
            return self._options.collective
        found = collective_in_name(Path(self._source).name)
        if found is None:
            problem = (
                f"is wanted: {self._source}, line {row.line} doesn't say which collective it is "
                "of, nor does the file's name; such as --collective all-reduce"
            )
            raise OptionError("collective", problem)
        name = collective_name(found)
        text = f"the log doesn't say which collective it is of; by the file's name it is {name}"
        fix = "--collective says otherwise"
        self._problems.note("collective-by-name", row.line, text, fix, Severity.INFO)
        return found

    def _npus(self, row: LogRow, collective: CollectiveType) -> int:
        if row.run.npus is not None:
            return row.run.npus
        looks = self._looks(collective)
        if len(looks) > 1:
            listed = " and ".join(map(str, sorted(looks)))
            raise InputError(
                f"{self._source}: doesn't say among how many GPUs it was measured, and by busbw / "
                f"algbw it has rows of {listed}; split it, and give --npus for each"
            )
        if self._options.npus is not None:
            return self._options.npus
        (likely,) = looks or {8}
        words = f" (by busbw / algbw, among {likely})" if looks else ""
        problem = (
            f"is wanted: {self._source}, line {row.line} doesn't say among how many GPUs it was "
            f"measured{words}; give that number, as in --npus {likely}"
        )
        raise OptionError("npus", problem)

    def _looks(self, collective: CollectiveType) -> set[int]:
        """Among how many GPUs rows that don't say it look as if they were measured."""
        if collective not in self._by_bandwidths:
            untold = (it for it in self._rows if it.run.npus is None)
            found = (npus_by_bandwidths(it, collective) for it in untold)
            counts = Counter(it for it in found if it is not None)
            # One row alone may be damaged.
            several = {npus for npus, count in counts.items() if count > 1}
            self._by_bandwidths[collective] = several or set(counts)
        return self._by_bandwidths[collective]

    def _nodes(self, row: LogRow, npus: int) -> int:
        of_node = self._options.gpus_per_node
        # Hosts of a rack-scale system share its links, which make a node.
        if row.run.nodes is not None and of_node <= _MOST_GPUS_OF_A_HOST:
            return row.run.nodes
        if self._options.nodes is not None:
            return min(self._options.nodes, npus)
        return math.ceil(npus / of_node)

    def _check_nodes(self, row: LogRow, npus: int, nodes: int) -> None:
        """Whether nodes are as large as the system's: else runs count other nodes than the log."""
        of_node = self._options.gpus_per_node
        if npus > nodes * of_node:
            text = f"the row was measured among {npus} GPUs of {nodes} node{'s' * (nodes > 1)}"
            fix = f"a node of this system has {of_node}; --gpus-per-node says otherwise"
            self._problems.note("larger-nodes", row.line, text, fix)

    def _check_bandwidths(self, row: LogRow, collective: CollectiveType, npus: int) -> None:
        fix = "look whether the log was changed"
        low, high = row.us.value - row.us.slack, row.us.value + row.us.slack
        algbw = (row.size / high / 1000, row.size / max(low, 1e-9) / 1000)
        if row.algbw is not None and not _within(row.algbw, algbw):
            text = f"algbw is {row.algbw.value:g} GB/s, and size over time {sum(algbw) / 2:.4g}"
            self._problems.note("algbw-differs", row.line, text, fix)
            return
        factor = BUS_FACTORS[collective](npus)
        busbw = (algbw[0] * factor, algbw[1] * factor)
        if row.busbw is not None and not _within(row.busbw, busbw):
            text = (
                f"busbw is {row.busbw.value:g} GB/s, and of {collective_name(collective)} among "
                f"{npus} it were {sum(busbw) / 2:.4g}"
            )
            self._problems.note("busbw-differs", row.line, text, fix)


def _within(printed: Printed, limits: tuple[float, float]) -> bool:
    low, high = limits
    slack = printed.slack * (1 + _SLACK)
    return low * (1 - _SLACK) - slack <= printed.value <= high * (1 + _SLACK) + slack


def npus_by_bandwidths(row: LogRow, collective: CollectiveType) -> int | None:
    """How many GPUs alone have such a busbw for such an algbw; None if several may have it."""
    if row.algbw is None or row.busbw is None or row.algbw.value <= row.algbw.slack:
        return None
    algbw, busbw = row.algbw, row.busbw
    least = (busbw.value - busbw.slack) / (algbw.value + algbw.slack) * (1 - _SLACK)
    most = (busbw.value + busbw.slack) / (algbw.value - algbw.slack) * (1 + _SLACK)
    factor = BUS_FACTORS[collective]
    near = [npus for npus in range(2, _MOST_TOLD_APART) if least <= factor(npus) <= most]
    return near[0] if len(near) == 1 else None
