"""What the page's timeline draws, as JSON values in few bytes.

Lanes that say the same share one text of it. *Content* is what pieces are (names, kinds, ids of
nodes), *times* when they were: NPUs that did the same at other times share the first only. Numbers
are differences to the one before; a name begins with how many letters it has of the one before.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from simastra.report.run_records import RunRecords
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.units import Ns
from simastra.view.human import human_time
from simastra.view.phrases import part_shown
from simastra.workload.kind_of_work import KindOfWork

from .arrows import arrow_data
from .lanes import PageLane, PageLanes, Piece, by_npu, fitted, node_lanes, phase_lanes

MOST_PIECES = 32_000
"""Of nodes; the page stays small, and a browser draws so many without a thought."""

MOST_PHASES = 12_000

_MOST_MARKS, _MOST_DEVICES = 20, 4

_KINDS = {kind: number for number, kind in enumerate(KindOfWork)}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def timeline_data(
    simulation: Simulation, result: Result, records: RunRecords, end: Ns
) -> dict[str, Any]:
    """Return what the timeline draws.

    Args:
        simulation: that has run.
        result: of the simulation.
        records: what was recorded beside it.
        end: of the simulation, in ns.
    """
    npus = len(result.nodes)
    nodes = fitted(node_lanes(simulation, result, records, end), end, MOST_PIECES)
    phases = fitted(phase_lanes(records.phases.records, end), end, MOST_PHASES)
    texts = _Texts()
    rows = [[texts.lane(it) for it in own] for own in by_npu(nodes.lanes, npus)]
    chunks = [[texts.lane(it) for it in own] for own in by_npu(phases.lanes, npus)]
    cycles = result.cycles
    return {
        "end": end,
        "npus": rows,
        "chunks": chunks,
        "kinds": list(KindOfWork),
        **texts.to_dict(),
        "finishes": [cycles.get(npu, -1) for npu in range(npus)],
        "arrows": arrow_data(simulation, result, _firsts(rows)),
        "notes": [
            *_marks(records),
            *_notes(nodes, "nodes"),
            *_notes(phases, "phases"),
            *_late(records),
        ],
    }


def _marks(records: RunRecords) -> Iterator[str]:
    """What the scenario lets happen, in words; alike things of several NPUs or links together."""
    alike: dict[tuple[str, str, Ns, Ns | None], list[str]] = {}
    names = records.device_names
    for it in records.marks:
        device = (
            names[it.device] if it.other is None else f"link {names.arrow(it.device, it.other)}"
        )
        alike.setdefault((it.what, it.because, it.start, it.end), []).append(device)
    for (what, because, start, end), devices in list(alike.items())[:_MOST_MARKS]:
        some = ", ".join(devices[:_MOST_DEVICES])
        more = f" and {len(devices) - _MOST_DEVICES:,} more" if len(devices) > _MOST_DEVICES else ""
        when = f"at {human_time(start)}" if end is None else f"from {human_time(start)}"
        until = "" if end is None else f" to {human_time(end)}"
        yield f"The scenario's {because}: {some}{more}: {what}, {when}{until}."
    if len(alike) > _MOST_MARKS:
        yield f"{len(alike) - _MOST_MARKS:,} more things happen in the scenario."


def _firsts(rows: Sequence[Sequence[Sequence[int | str]]]) -> list[int]:
    """The first NPU of each that did the same."""
    seen: dict[tuple[object, ...], int] = {}
    for npu, lanes in enumerate(rows):
        seen.setdefault(tuple((name, content) for name, content, _ in lanes), npu)
    return list(seen.values())


def _notes(lanes: PageLanes, what: str) -> Iterator[str]:
    if lanes.shortest:
        yield (
            f"Like {what} shorter than {human_time(lanes.shortest)} that follow each other are "
            "drawn as one bar, which says how many they are."
        )
    if lanes.left_out:
        yield f"{lanes.left_out:,} bars, the shortest {what}, aren't drawn."


def _late(records: RunRecords) -> Iterator[str]:
    note = part_shown(len(records.phases.records), records.phases.total, "phases", "the first")
    if note:
        yield note


class _Texts:
    """Gives names, contents and times numbers, so that each stands in the file but once."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, KindOfWork], int] = {}
        self._contents: dict[tuple[tuple[int, int], ...], int] = {}
        self._times: dict[tuple[tuple[Ns, Ns | None, int, Ns], ...], int] = {}

    def lane(self, lane: PageLane) -> tuple[str, int, int]:
        """A lane's name, and the numbers of its content and its times."""
        content = tuple((self._item(it), it.id) for it in lane.pieces)
        times = tuple((it.start, it.end, it.nodes, it.busy) for it in lane.pieces)
        return (
            lane.name,
            self._contents.setdefault(content, len(self._contents)),
            self._times.setdefault(times, len(self._times)),
        )

    def to_dict(self) -> dict[str, Any]:
        """All that has been given a number."""
        return {
            "names": front_coded(name for name, _ in self._items),
            "itemKinds": [_KINDS[kind] for _, kind in self._items],
            "contents": [
                {
                    "items": differences(it for it, _ in content),
                    "ids": differences(i for _, i in content),
                }
                for content in self._contents
            ],
            "times": list(map(_times, self._times)),
        }

    def _item(self, piece: Piece) -> int:
        return self._items.setdefault((piece.name, piece.kind), len(self._items))


def _times(pieces: Sequence[tuple[Ns, Ns | None, int, Ns]]) -> dict[str, Any]:
    coded: dict[str, Any] = {
        "starts": differences(start for start, *_ in pieces),
        "lasts": [-1 if end is None else end - start for start, end, *_ in pieces],
    }
    joined = [[n, count, busy] for n, (_, _, count, busy) in enumerate(pieces) if count > 1]
    return coded | ({"joined": joined} if joined else {})


def differences(numbers: Iterable[int]) -> list[int]:
    """Each number as its difference to the one before, the first to 0.

    >>> differences([5, 7, 6])
    [5, 2, -1]
    """
    before, coded = 0, []
    for number in numbers:
        coded.append(number - before)
        before = number
    return coded


def front_coded(names: Iterable[str]) -> list[str]:
    """Each name as a digit of 36, how many letters it has of the one before, and the rest.

    >>> front_coded(["layer 1", "layer 2", "loss"])
    ['0layer 1', '62', '1oss']
    """
    before, coded = "", []
    for name in names:
        common = 0
        most = min(len(before), len(name), len(_DIGITS) - 1)
        while common < most and before[common] == name[common]:
            common += 1
        coded.append(_DIGITS[common] + name[common:])
        before = name
    return coded
