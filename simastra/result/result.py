"""A simulation's answer, and what is told of it when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from simastra.deferred import deferred
from simastra.errors import ArgumentError, OptionError
from simastra.notices import Notice, Severity
from simastra.quick_dataclass import dataclass
from simastra.suggestions import moved
from simastra.units import NpuId, Ns

from .records import JobRecord, LinkFaults, LinkRecord, NodeRecord, NpuFinish

if TYPE_CHECKING:
    from simastra import difference
    from simastra.difference import Difference
    from simastra.explain import ExplanationRecord
    from simastra.metrics import Band, Bound, Measures, Metrics
    from simastra.shortcut_use import ShortcutUse
    from simastra.view import devices, html, outcome

    from . import frames, json_form, notebook_view
    from .algorithm_decision import AlgorithmDecision
    from .frames import Frames
else:  # most runs are asked for none of it
    difference = deferred("simastra.difference")
    devices = deferred("simastra.view.devices")
    html, outcome = deferred("simastra.view.html"), deferred("simastra.view.outcome")
    frames = deferred("simastra.result.frames")
    json_form = deferred("simastra.result.json_form")
    notebook_view = deferred("simastra.result.notebook_view")


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
        measures: what computes `metrics`, `bound` and `band`; results of a simulation have it.
        explanation: what made the run as long as it was; None unless that was asked for, by
            ``simulation.run(explain=True)``.
        names: what the network's file calls the devices; None where it gives no names.
        jobs: what has become of each job of a scenario; nothing where there are none.
        link_faults: what has become of messages at links that a scenario took down; nothing where
            none were on one.
        decisions: which algorithms were taken where the system file has ``auto``, and what others
            would have come to.
        representative: the NPU that stands for an NPU, which does the same at the same times; None
            where every NPU may do otherwise.
    """

    finishes: tuple[NpuFinish, ...]
    nodes: Sequence[Sequence[NodeRecord]]
    links: Sequence[LinkRecord]
    notices: tuple[Notice, ...]
    shortcuts: tuple[ShortcutUse, ...] = ()
    measures: Measures | None = field(default=None, compare=False)
    explanation: ExplanationRecord | None = None
    names: devices.DeviceNames | None = field(default=None, compare=False)
    decisions: tuple[AlgorithmDecision, ...] = ()
    representative: Callable[[NpuId], NpuId] | None = field(default=None, compare=False)
    link_faults: tuple[LinkFaults, ...] = ()
    jobs: tuple[JobRecord, ...] = ()

    @property
    def device_names(self) -> devices.DeviceNames:
        """What the devices at the ends of links are called."""
        return self.names or devices.DeviceNames(len(self.nodes))

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
    def band(self) -> Band | None:
        """Between what the makespan is expected to lie; None of what isn't calibrated.

        Computed when asked: two further simulations.

        Raises:
            DeadlockError: if it can't finish with all times at one edge of their bands.
        """
        return None if self.measures is None else self.measures.band

    def job_lines(self) -> list[str]:
        """What has become of each job of a scenario, a line a job."""
        return list(notebook_view.job_lines(self.jobs)) if self.jobs else []

    def fault_lines(self) -> list[str]:
        """What has become of messages at links that a scenario took down, a line a link."""
        if not self.link_faults:
            return []
        return list(notebook_view.fault_lines(self.link_faults, self.device_names))

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
        told = outcome.RunOutcome(
            [(it.npu, it.cycles) for it in self.finishes],
            all(use.order_is_known for use in taken),
            [f"{use.shortcut}: {use.reason}" for use in taken],
            warnings,
            len(self.notices) - warnings,
            "" if self.band is None else str(self.band),
            [*self.job_lines(), *self.fault_lines()],
        )
        return "\n".join(outcome.outcome_lines(told))

    def __repr__(self) -> str:
        nodes = sum(map(len, self.nodes))
        counts = f"{len(self.finishes):,} NPUs, {nodes:,} nodes, {len(self.links):,} links"
        return f"<Result: makespan {self.makespan} ns, {counts}>"

    def _repr_html_(self) -> str:
        return html.joined(
            html.title("Result", aside=f"{len(self.finishes):,} NPUs, {self._time_words}"),
            notebook_view.finish_table(self.finishes),
            notebook_view.node_table(self.nodes),
            notebook_view.link_table(self.links, self.makespan, self.device_names),
            *(html.line(f"shortcut: {use}") for use in self.shortcuts if use.taken),
            *(html.line(f"{notice.severity}: {notice}") for notice in self.notices),
        )

    @property
    def _time_words(self) -> str:
        band = "" if self.band is None else f" (90 % band {self.band})"
        return f"{self.makespan:,} ns{band}"

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

    @property
    def slowest(self) -> NpuId:
        """The NPU that finished last; the lowest of those that did so in the same ns."""
        last = self.makespan
        return min((finish.npu for finish in self.finishes if finish.cycles == last), default=0)

    def diff(self, other: Result) -> Difference:
        """Where the difference in makespan to another result comes from: this is A, `other` is B.

        Raises:
            OptionError: if one of them has no explanation.
            ArgumentError: if the other is no result.
        """
        if not isinstance(other, Result):
            raise ArgumentError("other", "a Result", other, "write a.diff(b), of simulation.run()")
        return difference.Difference(_explanation(self, "A"), _explanation(other, "B"))

    def to_pandas(self) -> Frames:
        """The nodes, the links, the finishes, metrics and memory as tables.

        Raises:
            MissingPackageError: if pandas isn't installed.
        """
        return frames.frames(
            self.finishes, self.nodes, self.links, self.makespan, self.measures, self.names
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; all times in ns."""
        document = self.document()
        return {
            **document,
            "nodes": list(map(list, document["nodes"])),
            "links": [*document["links"]],
        }

    def document(self) -> dict[str, Any]:
        """As `to_dict`, but nodes and links are iterators: `json_text.indented_json` takes them."""
        return {
            "makespan": self.makespan,
            "finishes": list(map(json_form.finish_dict, self.finishes)),
            "nodes": map(json_form.node_dicts, self.nodes),
            "links": (json_form.link_dict(it, self.names) for it in self.links),
            # The name in earlier versions: a record keeps its keys.
            "paths": list(map(json_form.shortcut_dict, self.shortcuts)),
            "notices": list(map(json_form.notice_dict, self.notices)),
            **json_form.jobs(self.jobs),
            **json_form.link_faults(self.link_faults, self.names),
            **self._decided(),
            **({} if self.explanation is None else {"explanation": self.explanation.to_dict()}),
            **self._worth(),
        }

    def _decided(self) -> dict[str, object]:
        """Which algorithms were decided on, ready for JSON; nothing where none was."""
        decided = [it.to_dict() for it in self.decisions]
        return {"algorithms": decided} if decided else {}

    def _worth(self) -> dict[str, object]:
        """Metrics, bound and band, ready for JSON; nothing of a run that has not finished."""
        if self.measures is None or len(self.finishes) < len(self.nodes):
            return {}
        band = {} if self.band is None else {"band": self.band.to_dict()}
        return {"metrics": self.metrics.to_dict(), "bound": self.bound.to_dict(), **band}

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


def _by_npu(finish: NpuFinish) -> NpuId:
    return finish.npu
