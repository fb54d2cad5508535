"""What the page's timeline draws, as JSON values: rows, names and bars."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from simastra.palette.activities import CHUNK, look_of
from simastra.report.run_records import PhaseRecord, RunRecords
from simastra.report.run_timeline.bars import CHUNKS, longest_first, node_bars
from simastra.result import Result
from simastra.units import Ns
from simastra.view.bars import Bar, Row, rows_of
from simastra.view.phrases import part_shown

MOST_BARS = 60_000
"""Of nodes and of phases each; a browser draws so many without a thought."""

_KINDS = {CHUNKS: "chunk"}
"""What a kind is called where one bar of it is shown."""


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
    nodes = node_bars(result, records)
    shown = longest_first(nodes, end)[:MOST_BARS]
    phases = records.phases.records[:MOST_BARS]
    named = [replace(bar, name=bar.name or f"node {bar.id}") for bar in shown]
    laid_out = (*rows_of(named, end), *rows_of(map(_chunk, phases), end))
    rows = [_row(row, names, kinds) for row in laid_out]
    rows.sort(key=lambda row: row["npu"])  # which keeps an NPU's rows in order
    return {
        "end": end,
        "rows": rows,
        "names": list(names.texts),
        "kinds": [_KINDS.get(kind, kind) for kind in kinds.texts],
        "colours": [CHUNK if kind == CHUNKS else look_of(kind).colour for kind in kinds.texts],
        "finishes": {str(npu): cycles for npu, cycles in result.cycles.items()},
        "notes": list(filter(None, _notes(len(shown), len(nodes), len(phases), records))),
    }


def _chunk(phase: PhaseRecord) -> Bar:
    name = f"{phase.name} ({phase.algorithm}), chunk {phase.stream}, phase {phase.place + 1}"
    return Bar(phase.npu, phase.stream, name, CHUNKS, phase.start, phase.end)


def _row(row: Row, names: _Numbers, kinds: _Numbers) -> dict[str, Any]:
    bars = [
        value
        for bar in row.bars
        for value in (
            bar.start,
            -1 if bar.end is None else bar.end - bar.start,
            names.of(bar.name),
            kinds.of(bar.kind),
            bar.id,
        )
    ]
    return {"npu": row.npu, "label": row.name, "chunks": row.kind == CHUNKS, "bars": bars}


def _notes(nodes: int, all_nodes: int, phases: int, records: RunRecords) -> Iterator[str]:
    yield part_shown(nodes, all_nodes, "nodes", "the longest")
    yield part_shown(phases, records.phases.total, "phases of chunks", "the first")
