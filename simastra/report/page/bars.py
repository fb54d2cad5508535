"""What the page's timeline draws, as JSON values: rows, names and bars."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from simastra.report.run_records import PhaseRecord, RunRecords
from simastra.report.run_timeline.bars import longest_first, node_spans
from simastra.report.timeline import Span, spread
from simastra.result import Result
from simastra.units import Ns
from simastra.view.phrases import part_shown

MOST_BARS = 60_000
"""Of nodes and of phases each; a browser draws so many without a thought."""


class _Numbers:
    """Gives texts numbers, so that each stands in the file but once."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def of(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))


def timeline_data(result: Result, records: RunRecords, end: Ns) -> dict[str, Any]:
    """Return what the timeline draws.

    A row's bars are one flat list of five numbers each: start, duration, number of the name, number
    of the kind, and id of the ET node, or the stream of a phase. A bar that never ended has a
    negative duration.

    Args:
        result: of the simulation.
        records: what was recorded beside it.
        end: of the simulation, in ns.
    """
    names, kinds = _Numbers(), _Numbers()
    spans = node_spans(result, records)
    shown = longest_first(spans, end)[:MOST_BARS]
    rows = _node_rows(shown, end, names, kinds)
    phases = records.phases.records[:MOST_BARS]
    rows += _phase_rows(phases, end, names, kinds)
    rows.sort(key=lambda row: row["npu"])  # which keeps an NPU's rows in order
    return {
        "end": end,
        "rows": rows,
        "names": list(names.texts),
        "kinds": list(kinds.texts),
        "finishes": {str(npu): cycles for npu, cycles in result.cycles.items()},
        "notes": list(filter(None, _notes(len(shown), len(spans), len(phases), records))),
    }


def _notes(nodes: int, all_nodes: int, phases: int, records: RunRecords) -> Iterator[str]:
    yield part_shown(nodes, all_nodes, "nodes", "the longest")
    yield part_shown(phases, records.phases.total, "phases of chunks", "the first")


def _node_rows(
    spans: Iterable[Span], end: Ns, names: _Numbers, kinds: _Numbers
) -> list[dict[str, Any]]:
    rows = []
    ordered = sorted(spans, key=lambda it: (it.npu, it.activity, it.start, it.node))
    for (npu, activity), group in groupby(ordered, key=lambda it: (it.npu, it.activity)):
        for number, lane in enumerate(spread(group, end)):
            bars = [
                value
                for it in lane
                for value in (
                    it.start,
                    -1 if it.end is None else it.end - it.start,
                    names.of(it.name or f"node {it.node}"),
                    kinds.of(activity),
                    it.node,
                )
            ]
            rows.append(_row(npu, activity, number, bars))
    return rows


def _phase_rows(
    phases: Sequence[PhaseRecord], end: Ns, names: _Numbers, kinds: _Numbers
) -> list[dict[str, Any]]:
    rows = []
    ordered = sorted(phases, key=lambda it: (it.npu, it.start, it.stream))
    for npu, group in groupby(ordered, key=lambda it: it.npu):
        for number, lane in enumerate(spread(group, end)):
            bars = [
                value
                for it in lane
                for value in (
                    it.start,
                    -1 if it.end is None else it.end - it.start,
                    names.of(
                        f"{it.name} ({it.algorithm}), chunk {it.stream}, phase {it.place + 1}"
                    ),
                    kinds.of("chunk"),
                    it.stream,
                )
            ]
            rows.append(_row(npu, "chunks", number, bars))
    return rows


def _row(npu: int, label: str, number: int, bars: list[int]) -> dict[str, Any]:
    name = f"{label} {number + 1}" if number else label
    return {"npu": npu, "label": name, "chunks": label == "chunks", "bars": bars}
