"""Timelines read back: from the JSON of ``simastra run``, or from what ASTRA-sim printed.

ASTRA-sim prints a line when it issues a node and one when the node calls back, if its system file
says trace-enabled (behaviour 2.6); what else it prints is passed over.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from simastra.errors import InputError
from simastra.file_content import ContentError, whole_content
from simastra.foreign import InputRole, instead_of
from simastra.trace import NodeType
from simastra.units import NpuId, Ns
from simastra.view.bars import Bar
from simastra.workload import NODE_KINDS

from .timeline import Timeline

_LINE = re.compile(r"(?<![\w>-])(?P<what>issue|callback),\s*sys->id=")
_FIELDS = re.compile(
    r"(?P<npu>\d{1,18}),\s*tick=(?P<tick>\d{1,18}),\s*node->id=(?P<node>\d{1,20}),"
    r"\s*node->name=(?P<name>.*?)(?:,\s*node->type=(?P<type>\d))?\s*$"
)
_FINISH = re.compile(r"sys\[(?P<npu>\d{1,18})\] finished, (?P<tick>\d{1,18}) cycles")
_LARGEST = 2**63  # a tick of ASTRA-sim's fits

_ACTIVITIES = {
    node_type: str(kind.activity)
    for node_type, kind in NODE_KINDS.items()
    if node_type not in {NodeType.INVALID, NodeType.METADATA}
}
_NAMED = {f"{kind.name}_NODE": activity for kind, activity in _ACTIVITIES.items()}
_OTHER = "nodes"


class _WrongError(ValueError):
    """What is wrong in a document, without its name."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What has been read of ASTRA-sim's lines so far."""

    bars: list[Bar] = field(default_factory=list)
    issued: dict[tuple[NpuId, int], Bar] = field(default_factory=dict)  # and not called back
    finishes: dict[NpuId, Ns] = field(default_factory=dict)


def read_timeline(path: Path | str) -> Timeline:
    """Read either kind of file; what it is, its content says.

    Raises:
        InputError: the file can't be read, or holds no timeline.
    """
    try:
        text = whole_content(path).decode("utf-8", errors="replace")
    except ContentError as error:
        raise InputError(f"{path}: {error}") from None
    try:
        return _of_result(text) if text.lstrip().startswith("{") else _of_lines(text)
    except _WrongError as wrong:
        raise InputError(f"{path}: {instead_of(path, InputRole.RESULT) or wrong}") from wrong


def _of_result(text: str) -> Timeline:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _WrongError(f"no JSON that 'simastra run --json' writes: {error}") from error
    if "nodes" not in document or "finishes" not in document:
        raise _WrongError(
            "no result: there are no nodes and finishes; write one with 'simastra run --json'"
        )
    bars = [
        _bar(record, npu, f"nodes[{npu}][{index}]")
        for npu, records in enumerate(_list(document["nodes"], "nodes"))
        for index, record in enumerate(_list(records, f"nodes[{npu}]"))
    ]
    finishes = {}
    for index, finish in enumerate(_list(document["finishes"], "finishes")):
        where = f"finishes[{index}]"
        finishes[_number(finish, "npu", where)] = _number(finish, "cycles", where)
    return Timeline(tuple(bars), finishes)


def _bar(record: object, npu: NpuId, where: str) -> Bar:
    start, end = _number(record, "issued", where), _number(record, "finished", where)
    if end < start:
        raise _WrongError(f"{where}: it is finished at {end}, before it is issued at {start}")
    name, activity = _text(record, "name", where), _text(record, "activity", where)
    return Bar(npu, _number(record, "node", where), name, activity, start, end)


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise _WrongError(f"{where} is no list")
    return value


def _get(record: object, key: str, where: str) -> object:
    if not isinstance(record, Mapping) or key not in record:
        raise _WrongError(f"{where} has no {key!r}; write the file with 'simastra run --json'")
    return record[key]


def _number(record: object, key: str, where: str) -> int:
    value = _get(record, key, where)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2 * _LARGEST:
        raise _WrongError(f"{where}.{key} must be a whole number, 0 or more")
    return value


def _text(record: object, key: str, where: str) -> str:
    value = _get(record, key, where)
    if not isinstance(value, str):
        raise _WrongError(f"{where}.{key} must be a text")
    return value


def _of_lines(text: str) -> Timeline:
    reading = _Reading()
    for number, line in enumerate(text.splitlines(), 1):
        if start := _LINE.search(line):
            fields = _FIELDS.match(line, start.end())
            if fields is None:
                raise _WrongError(
                    f"line {number}: {line.strip()[:80]!r} is cut; wanted is "
                    f"{start['what']},sys->id=N,tick=N,node->id=N,node->name=..."
                )
            _take(reading, start["what"], fields, number)
        elif finish := _FINISH.search(line):
            reading.finishes[int(finish["npu"])] = int(finish["tick"])
    if not reading.bars and not reading.issued:
        raise _WrongError(
            "neither a result of 'simastra run --json' nor lines that ASTRA-sim prints with "
            "trace-enabled, such as issue,sys->id=0,tick=0,node->id=1,node->name=AR"
        )
    return Timeline((*reading.bars, *reading.issued.values()), reading.finishes)


def _take(reading: _Reading, what: str, fields: re.Match[str], number: int) -> None:
    npu, node, tick = int(fields["npu"]), int(fields["node"]), int(fields["tick"])
    if what == "issue":
        if (npu, node) in reading.issued:
            raise _WrongError(
                f"line {number}: NPU {npu} issues node {node} again before it called back; "
                "give the output of one run"
            )
        activity = _activity(fields["name"], fields["type"])
        reading.issued[npu, node] = Bar(npu, node, fields["name"], activity, tick, None)
        return
    begun = reading.issued.pop((npu, node), None)
    if begun is None or tick < begun.start:
        raise _WrongError(
            f"line {number}: node {node} of NPU {npu} calls back without having been issued before"
        )
    reading.bars.append(replace(begun, end=tick))


def _activity(name: str, node_type: str | None) -> str:
    """What the node spent its time on: its type says it, or else the names that Chakra gives."""
    if node_type is not None:
        return next((act for kind, act in _ACTIVITIES.items() if kind == int(node_type)), _OTHER)
    return next((activity for part, activity in _NAMED.items() if part in name), _OTHER)
