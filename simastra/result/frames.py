"""A result as pandas DataFrames. Imports pandas only where they are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from simastra.requirement import require
from simastra.units import Ns

from .records import LinkRecord, NodeRecord, NpuFinish, type_name

if TYPE_CHECKING:
    import pandas as pd

    from simastra.metrics import Measures
    from simastra.view.devices import DeviceNames

_BEYOND_INT64 = 2**63


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """A result as pandas DataFrames; all times in ns, all sizes in bytes.

    Attributes:
        nodes: a row for each ET node that took time: npu, node, name, activity, issued, finished,
            duration, type, collective, size, group; by NPU, then in the order in which they
            finished.
        links: a row for each link that was used: src, dst, busy, bytes, messages, use (the part of
            the makespan for which it was busy); in order of first use. Where the network's file
            gives names, also from and to: what the devices are called.
        finishes: a row for each NPU that finished: npu, cycles; in that order.
        metrics: one row, what the run is worth: step_time, tokens_per_s, mfu and the other numbers
            of `Metrics`, the bound, its slack and overload; missing values where they aren't known.
        memory: what each NPU's memory holds when: npu, time, bytes, up to the next row's time; by
            NPU. Empty where the trace says nothing of memory.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    finishes: pd.DataFrame
    metrics: pd.DataFrame
    memory: pd.DataFrame


def frames(
    finishes: Sequence[NpuFinish],
    nodes: Sequence[Sequence[NodeRecord]],
    links: Sequence[LinkRecord],
    makespan: Ns,
    measures: Measures | None,
    names: DeviceNames | None = None,
) -> Frames:
    """Make the frames of what a `Result` has.

    Raises:
        MissingPackageError: if pandas isn't installed.
    """
    pandas = require("pandas", "notebook", "Result.to_pandas()")
    columns = (
        _node_columns(pandas, nodes),
        _link_columns(pandas, links, makespan) | _name_columns(pandas, links, names),
        _finish_columns(pandas, finishes),
        _metric_columns(pandas, measures),
        _memory_columns(pandas, measures),
    )
    return Frames(*map(pandas.DataFrame, columns))


def _node_columns(
    pandas: ModuleType, records: Sequence[Sequence[NodeRecord]]
) -> dict[str, pd.Series[Any]]:
    nodes = [(npu, record) for npu, finished in enumerate(records) for record in finished]
    return {
        "npu": _whole_numbers(pandas, (npu for npu, _ in nodes)),
        "node": _whole_numbers(pandas, (it.node for _, it in nodes)),
        "name": pandas.Series([it.name for _, it in nodes], dtype=str),
        "activity": pandas.Series([it.activity.value for _, it in nodes], dtype=str),
        "issued": _whole_numbers(pandas, (it.issued for _, it in nodes)),
        "finished": _whole_numbers(pandas, (it.finished for _, it in nodes)),
        "duration": _whole_numbers(pandas, (it.duration for _, it in nodes)),
        "type": pandas.Series([type_name(it.type) for _, it in nodes], dtype=object),
        "collective": pandas.Series([type_name(it.collective) for _, it in nodes], dtype=object),
        "size": pandas.Series([it.size for _, it in nodes], dtype="Int64"),
        "group": pandas.Series([it.group for _, it in nodes], dtype=object),
    }


def _link_columns(
    pandas: ModuleType, links: Sequence[LinkRecord], makespan: Ns
) -> dict[str, pd.Series[Any]]:
    return {
        "src": _whole_numbers(pandas, (it.src for it in links)),
        "dst": _whole_numbers(pandas, (it.dst for it in links)),
        "busy": _whole_numbers(pandas, (it.busy for it in links)),
        "bytes": _whole_numbers(pandas, (it.size for it in links)),
        "messages": _whole_numbers(pandas, (it.messages for it in links)),
        "use": pandas.Series([it.busy / makespan if makespan else 0 for it in links], dtype=float),
    }


def _name_columns(
    pandas: ModuleType, links: Sequence[LinkRecord], names: DeviceNames | None
) -> dict[str, pd.Series[Any]]:
    if names is None:
        return {}
    return {
        "from": pandas.Series([names[it.src] for it in links], dtype=str),
        "to": pandas.Series([names[it.dst] for it in links], dtype=str),
    }


def _finish_columns(pandas: ModuleType, finishes: Sequence[NpuFinish]) -> dict[str, pd.Series[Any]]:
    return {
        "npu": _whole_numbers(pandas, (it.npu for it in finishes)),
        "cycles": _whole_numbers(pandas, (it.cycles for it in finishes)),
    }


def _metric_columns(pandas: ModuleType, measures: Measures | None) -> dict[str, pd.Series[Any]]:
    if measures is None:
        return {}
    metrics, bound = measures.metrics, measures.bound
    exposed, peak = metrics.exposed_communication, metrics.peak_memory
    values = {
        "step_time": metrics.step_time,
        "tokens_per_s": metrics.tokens_per_s,
        "tflops_per_npu": metrics.tflops_per_npu,
        "mfu": metrics.mfu,
        "hfu": metrics.hfu,
        "exposed_communication": exposed[metrics.slowest] if exposed else None,
        "bytes_sent": sum(metrics.bytes_by_purpose.values()),
        "peak_memory": None if peak is None else peak.peak.size,
        "bound": bound.time,
        "slack": bound.slack,
        "overload": bound.overload,
    }
    return {name: pandas.Series([value], dtype=float) for name, value in values.items()}


def _memory_columns(pandas: ModuleType, measures: Measures | None) -> dict[str, pd.Series[Any]]:
    memory = () if measures is None else measures.metrics.memory
    samples = [(npu, sample) for npu, it in enumerate(memory) for sample in it.samples]
    return {
        "npu": _whole_numbers(pandas, (npu for npu, _ in samples)),
        "time": _whole_numbers(pandas, (it.time for _, it in samples)),
        "bytes": _whole_numbers(pandas, (it.size for _, it in samples)),
    }


def _whole_numbers(pandas: ModuleType, values: Iterable[int]) -> pd.Series[int]:
    """A column of whole numbers, also where it is empty; larger ones than 64 bits stay exact."""
    listed = list(values)
    exact = all(abs(value) < _BEYOND_INT64 for value in listed)
    column: pd.Series[int] = pandas.Series(listed, dtype="int64" if exact else object)
    return column
