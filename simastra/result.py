"""What a simulation answers, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING, Any

from simastra.deferred import deferred
from simastra.engine import (
    LinkUsed,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    Probe,
    WatchedLink,
)
from simastra.errors import OptionError
from simastra.notices import Notice, Severity
from simastra.requirement import require
from simastra.suggestions import moved
from simastra.trace import CollectiveType, Node, NodeType
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Activity, OperationRules
from simastra.workload.kind_of_work import KindOfWork, kind_of_work

if TYPE_CHECKING:
    import pandas as pd

    from simastra import difference
    from simastra.difference import Difference
    from simastra.explain import ExplanationRecord
    from simastra.metrics import Bound, Measures, Metrics
    from simastra.shortcut_use import ShortcutUse
    from simastra.view import html, outcome, table
else:  # only notebooks ask, and who compares
    outcome = deferred("simastra.view.outcome")
    difference = deferred("simastra.difference")
    html, table = deferred("simastra.view.html"), deferred("simastra.view.table")


@dataclass(frozen=True, slots=True)
class NpuFinish:
    """An NPU's end: `cycles` is the simulated time in ns (ASTRA-sim's cycles)."""

    npu: NpuId
    cycles: Ns


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """When an NPU issued an ET node and when it finished, in ns; on what it spent that time.

    Attributes:
        node: the node's id.
        name: its name.
        activity: what kind of work it is.
        issued: when the NPU issued it.
        finished: when it was complete.
        et_node: the node itself; in a record that was read from a file, what that says of it; None
            if it says nothing.
    """

    node: int
    name: str
    activity: Activity
    issued: Ns
    finished: Ns
    et_node: Node | None = field(default=None, repr=False, compare=False)

    @property
    def duration(self) -> Ns:
        """From issue to completion, in ns."""
        return self.finished - self.issued

    @property
    def type(self) -> NodeType | None:
        """What the node does; None where the node isn't known."""
        return self.et_node.type if self.et_node else None

    @property
    def kind(self) -> KindOfWork:
        """What kind of work it is, finer than the activity, as far as is known."""
        node = self.et_node or Node(self.node, self.name, NodeType.COMP)
        return kind_of_work(node, self.activity)

    @property
    def collective(self) -> CollectiveType | None:
        """The collective that it is; None for other nodes."""
        return self.et_node.comm_type if self.et_node else None

    @property
    def size(self) -> Bytes | None:
        """Bytes that it communicates, or that it loads, stores or touches; None for no such thing.

        What they are for each collective is said in `CollectiveOptions`.
        """
        if self.et_node is None:
            return None
        sent = self.et_node.comm_size
        return self.et_node.tensor_size if sent is None else sent

    @property
    def group(self) -> str | None:
        """The process group that a collective names; None where it names none."""
        return self.et_node.pg_name if self.et_node else None


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What a link carried. Devices are NPUs, by id, and switches, numbered after the NPUs.

    Attributes:
        src: device at its sending end.
        dst: device at its receiving end.
        busy: time for which its transmitter was busy, in ns.
        size: bytes that it carried.
        messages: how many messages that was.
    """

    src: int
    dst: int
    busy: Ns
    size: Bytes
    messages: int


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """A result as pandas DataFrames; all times in ns, all sizes in bytes.

    Attributes:
        nodes: a row for each ET node that took time: npu, node, name, activity, issued, finished,
            duration, type, collective, size, group; by NPU, then in the order in which they
            finished.
        links: a row for each link that was used: src, dst, busy, bytes, messages, use (the part of
            the makespan for which it was busy); in order of first use.
        finishes: a row for each NPU that finished: npu, cycles; in that order.
        metrics: one row, what the run is worth: step_time, tokens_per_s, mfu and the other numbers
            of `Metrics`, the bound and its slack; missing values where they aren't known.
        memory: what each NPU's memory holds when: npu, time, bytes, up to the next row's time; by
            NPU. Empty where the trace says nothing of memory.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    finishes: pd.DataFrame
    metrics: pd.DataFrame
    memory: pd.DataFrame


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """The outcome of a simulation. Printed, it is a summary of a few lines.

    Attributes:
        finishes: the NPUs in the order in which they finished.
        nodes: for each NPU, its nodes in the order in which they finished. Nodes that take no time
            (skipped ones) have no record.
        links: what each link that was used carried, in order of first use (of an orbit of links,
            if NPUs were folded); the congestion-unaware backend has no links.
        notices: what is doubtful in the inputs, and in what came of them.
        shortcuts: which were taken or refused, and why; empty where none was considered.
        measures: what computes `metrics` and `bound`; results of a simulation have it.
        explanation: what made the run as long as it was; None unless that was asked for, by
            ``simulation.run(explain=True)``.
    """

    finishes: tuple[NpuFinish, ...]
    nodes: Sequence[tuple[NodeRecord, ...]]
    links: Sequence[LinkRecord]
    notices: tuple[Notice, ...]
    shortcuts: tuple[ShortcutUse, ...] = ()
    measures: Measures | None = field(default=None, repr=False, compare=False)
    explanation: ExplanationRecord | None = field(default=None, repr=False)

    @property
    def metrics(self) -> Metrics:
        """What the run is worth: step time, MFU, tokens a second, memory. Computed when asked.

        Raises:
            ValueError: if this is no simulation's result, but made by hand.
        """
        return self._measures.metrics

    @property
    def bound(self) -> Bound:
        """What the run can't be faster than, and how much slower it is. Computed when asked.

        Raises:
            ValueError: if this is no simulation's result, but made by hand.
        """
        return self._measures.bound

    @property
    def _measures(self) -> Measures:
        if self.measures is None:
            raise ValueError(
                "this result has no metrics: it was made by hand, or by an earlier version; "
                "run the simulation anew"
            )
        return self.measures

    def __str__(self) -> str:
        warnings = sum(it.severity is Severity.WARNING for it in self.notices)
        taken = [use for use in self.shortcuts if use.taken]
        told = outcome.Outcome(
            [(it.npu, it.cycles) for it in self.finishes],
            all(use.order_is_known for use in taken),
            [f"{use.shortcut}: {use.reason}" for use in taken],
            warnings,
            len(self.notices) - warnings,
        )
        return "\n".join(outcome.outcome_lines(told))

    def __repr__(self) -> str:
        nodes = sum(map(len, self.nodes))
        counts = f"{len(self.finishes):,} NPUs, {nodes:,} nodes, {len(self.links):,} links"
        return f"<Result: makespan {self.makespan} ns, {counts}>"

    def _repr_html_(self) -> str:
        span, busiest = max(self.makespan, 1), sorted(self.links, key=_by_busy, reverse=True)
        links = tuple(
            (it.src, it.dst, f"{it.busy / span:.1%}", it.size, it.messages)
            for it in busiest[: html.MOST_ROWS]
        )
        nodes = (
            (npu, it.node, it.name, it.activity.value, it.issued, it.finished)
            for npu, records in enumerate(self.nodes)
            for it in records
        )
        ends = tuple((it.npu, it.cycles) for it in self.finishes)
        times = table.right("issued, ns", "finished, ns")
        of_nodes = (*table.right("NPU", "node"), *table.left("name", "activity"), *times)
        of_links = table.right("from", "to", "busy", "bytes", "messages")
        count = sum(map(len, self.nodes))
        first = table.Table(of_nodes, tuple(islice(nodes, html.MOST_ROWS)))
        return html.joined(
            html.title("Result", aside=f"{len(self.finishes):,} NPUs, {self.makespan:,} ns"),
            html.notebook_table(table.Table(table.right("NPU", "finishes, ns"), ends)),
            html.folded(f"{count:,} nodes", html.notebook_table(first, total=count)),
            html.folded(
                f"{len(busiest):,} links",
                html.notebook_table(table.Table(of_links, links), total=len(busiest)),
            ),
            *(html.line(f"shortcut: {use}") for use in self.shortcuts if use.taken),
            *(html.line(f"{notice.severity}: {notice}") for notice in self.notices),
        )

    @property
    def cycles(self) -> dict[NpuId, Ns]:
        """Finish time of each NPU in ns, by NPU."""
        return {finish.npu: finish.cycles for finish in sorted(self.finishes, key=_by_npu)}

    @property
    def finish_order(self) -> tuple[NpuId, ...]:
        """The NPUs in the order in which they finished."""
        return tuple(finish.npu for finish in self.finishes)

    @property
    def makespan(self) -> Ns:
        """When the last NPU finished, in ns; 0 while none has."""
        return max((finish.cycles for finish in self.finishes), default=0)

    def diff(self, other: Result) -> Difference:
        """Where the difference in makespan to another result comes from: this is A, `other` is B.

        Raises:
            OptionError: if one of them has no explanation.
        """
        return difference.Difference(_explanation(self, "A"), _explanation(other, "B"))

    def to_pandas(self) -> Frames:
        """The nodes, the links, the finishes, metrics and memory as tables.

        Raises:
            MissingPackageError: if pandas isn't installed.
        """
        pandas = require("pandas", "notebook", "Result.to_pandas()")
        nodes, links = _node_columns(pandas, self), _link_columns(pandas, self)
        finishes = self.finishes
        columns = {
            "npu": _whole_numbers(pandas, (it.npu for it in finishes)),
            "cycles": _whole_numbers(pandas, (it.cycles for it in finishes)),
        }
        worth = _metric_columns(pandas, self), _memory_columns(pandas, self)
        return Frames(*map(pandas.DataFrame, (nodes, links, columns, *worth)))

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; all times in ns."""
        return {
            "makespan": self.makespan,
            "finishes": [{"npu": end.npu, "cycles": end.cycles} for end in self.finishes],
            "nodes": [[_node_dict(record) for record in records] for records in self.nodes],
            "links": [
                {
                    "src": link.src,
                    "dst": link.dst,
                    "busy": link.busy,
                    "bytes": link.size,
                    "messages": link.messages,
                }
                for link in self.links
            ],
            "paths": [  # the name in earlier versions: a record keeps its keys
                {
                    "shortcut": use.shortcut.value,
                    "taken": use.taken,
                    "reason": use.reason,
                    "order_is_known": use.order_is_known,
                }
                for use in self.shortcuts
            ],
            "notices": [
                {
                    "code": notice.code,
                    "where": notice.where,
                    "message": notice.message,
                    "fix": notice.fix,
                    "severity": notice.severity.value,
                }
                for notice in self.notices
            ],
            **({} if self.explanation is None else {"explanation": self.explanation.to_dict()}),
            **self._worth(),
        }

    def _worth(self) -> dict[str, object]:
        """Metrics and bound, ready for JSON; nothing of a run that has not finished."""
        if self.measures is None or len(self.finishes) < len(self.nodes):
            return {}
        return {"metrics": self.metrics.to_dict(), "bound": self.bound.to_dict()}

    if not TYPE_CHECKING:  # which would let any name pass otherwise

        def __getattr__(self, name: str) -> object:
            """Say where a name of earlier versions has gone."""
            raise moved(self, name, _MOVED)


_MOVED = {
    "paths": "it is called shortcuts: result.shortcuts",
    "explain": "a simulation explains itself: simulation.explain()",
}


def _explanation(result: Result, which: str) -> ExplanationRecord:
    if result.explanation is None:
        raise OptionError(
            "explain",
            f"{which} has no explanation, which a difference is made of; simulate it by "
            "simulation.run(explain=True), or on the command line with --explain",
        )
    return result.explanation


def _node_dict(record: NodeRecord) -> dict[str, Any]:
    """A record in JSON; what isn't known of the node is left out."""
    told = {
        "type": _name(record.type),
        "collective": _name(record.collective),
        "size": record.size,
        "group": record.group,
        "purpose": record.et_node.purpose if record.et_node else None,
    }
    return {
        "node": record.node,
        "name": record.name,
        "activity": record.activity.value,
        "issued": record.issued,
        "finished": record.finished,
        **{key: value for key, value in told.items() if value is not None},
    }


def _link_record(link: WatchedLink) -> LinkRecord:
    return LinkRecord(link.src, link.dst, link.busy_time, link.bytes_carried, link.messages_carried)


def _by_npu(finish: NpuFinish) -> NpuId:
    return finish.npu


def _by_busy(link: LinkRecord) -> Ns:
    return link.busy


def _node_columns(pandas: ModuleType, result: Result) -> dict[str, pd.Series[Any]]:
    nodes = [(npu, record) for npu, records in enumerate(result.nodes) for record in records]
    return {
        "npu": _whole_numbers(pandas, (npu for npu, _ in nodes)),
        "node": _whole_numbers(pandas, (it.node for _, it in nodes)),
        "name": pandas.Series([it.name for _, it in nodes], dtype=str),
        "activity": pandas.Series([it.activity.value for _, it in nodes], dtype=str),
        "issued": _whole_numbers(pandas, (it.issued for _, it in nodes)),
        "finished": _whole_numbers(pandas, (it.finished for _, it in nodes)),
        "duration": _whole_numbers(pandas, (it.duration for _, it in nodes)),
        "type": pandas.Series([_name(it.type) for _, it in nodes], dtype=object),
        "collective": pandas.Series([_name(it.collective) for _, it in nodes], dtype=object),
        "size": pandas.Series([it.size for _, it in nodes], dtype="Int64"),
        "group": pandas.Series([it.group for _, it in nodes], dtype=object),
    }


def _name(kind: NodeType | CollectiveType | None) -> str | None:
    return None if kind is None else kind.name


def _link_columns(pandas: ModuleType, result: Result) -> dict[str, pd.Series[Any]]:
    links, span = result.links, result.makespan
    return {
        "src": _whole_numbers(pandas, (it.src for it in links)),
        "dst": _whole_numbers(pandas, (it.dst for it in links)),
        "busy": _whole_numbers(pandas, (it.busy for it in links)),
        "bytes": _whole_numbers(pandas, (it.size for it in links)),
        "messages": _whole_numbers(pandas, (it.messages for it in links)),
        "use": pandas.Series([it.busy / span if span else 0 for it in links], dtype=float),
    }


def _metric_columns(pandas: ModuleType, result: Result) -> dict[str, pd.Series[Any]]:
    if result.measures is None:
        return {}
    metrics, bound = result.metrics, result.bound
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
    }
    return {name: pandas.Series([value], dtype=float) for name, value in values.items()}


def _memory_columns(pandas: ModuleType, result: Result) -> dict[str, pd.Series[Any]]:
    memory = () if result.measures is None else result.metrics.memory
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


_BEYOND_INT64 = 2**63


class ResultRecorder(Probe):
    """Gathers a Result while a simulation runs.

    Args:
        npus: number of NPUs.
        rules: tell what a node spends its time on.
    """

    def __init__(self, npus: int, rules: OperationRules) -> None:
        self._rules = rules
        self._finishes: list[NpuFinish] = []
        self._issued: list[dict[int, Ns]] = [{} for _ in range(npus)]
        self._nodes: list[list[NodeRecord]] = [[] for _ in range(npus)]
        self._links: list[WatchedLink] = []

    def on_node_issued(self, event: NodeIssued) -> None:
        """Remember when."""
        self._issued[event.npu][event.node.id] = event.time

    def on_node_finished(self, event: NodeFinished) -> None:
        """Complete the node's record."""
        npu, node, time = event
        issued = self._issued[npu].pop(node.id)
        activity = self._rules.activity(node)
        self._nodes[npu].append(NodeRecord(node.id, node.name, activity, issued, time, node))

    def on_npu_finished(self, event: NpuFinished) -> None:
        """Keep the finish, in order."""
        self._finishes.append(NpuFinish(event.npu, event.time))

    def on_link_used(self, event: LinkUsed) -> None:
        """Keep the link, in order of first use; it counts for itself."""
        self._links.append(event.link)

    def issue_times(self, npu: NpuId) -> Mapping[int, Ns]:
        """When each node that `npu` has under way was issued, by id."""
        return self._issued[npu]

    def records(self, npu: NpuId) -> Sequence[NodeRecord]:
        """The nodes that `npu` has finished so far, in that order."""
        return self._nodes[npu]

    def result(self) -> Result:
        """What has been gathered so far; it has no notices, and no shortcuts."""
        return Result(
            tuple(self._finishes),
            tuple(map(tuple, self._nodes)),
            tuple(map(_link_record, self._links)),
            (),
        )
