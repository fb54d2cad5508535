"""Results read back from the JSON that ``simastra run`` writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from simastra.engine import Category
from simastra.errors import InputError
from simastra.explain import Attribution, ExplanationRecord, SpanRecord
from simastra.file_content import ContentError, whole_content
from simastra.foreign import InputRole, instead_of
from simastra.metrics import KnownMeasures
from simastra.notices import Notice
from simastra.result import JobRecord, LinkFaults, LinkRecord, NodeRecord, NpuFinish, Result
from simastra.shortcut_use import Shortcut, ShortcutUse
from simastra.trace import COMMUNICATION_TYPES, CollectiveType, Node, NodeType
from simastra.units import Bytes, NpuId, Ns
from simastra.view.devices import DeviceNames
from simastra.view.ends import SwitchId
from simastra.workload import Activity

from .result_metrics import BandPart, BoundDocumentPart, DocumentPart, MetricsPart, known_measures

_WRITE_ONE = "write one with 'simastra run --json'"


class _Node(DocumentPart):
    node: int
    name: str
    activity: Activity
    issued: Ns
    finished: Ns
    type: str | None = None
    collective: str | None = None
    size: Bytes | None = None
    group: str | None = None
    purpose: str | None = None


class _Link(DocumentPart):
    src: int
    dst: int
    busy: Ns
    bytes: Bytes
    messages: int
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None


class _Job(DocumentPart):
    name: str
    npus: list[NpuId]
    start: Ns
    finish: Ns
    finishes: list[NpuFinish]
    run_ends: list[Ns]


class _LinkFaults(DocumentPart):
    src: int
    dst: int
    sent_again: int
    rerouted: int
    because: str
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None


class _Use(DocumentPart):
    shortcut: Shortcut
    taken: bool
    reason: str
    order_is_known: bool = True


class _Attribution(DocumentPart):
    npu: NpuId
    finish: Ns
    times: dict[Category, Ns]
    partners: dict[str, Ns]
    sharers: dict[str, Ns] = Field(default_factory=dict)
    faults: dict[str, Ns] = Field(default_factory=dict)
    slower: dict[str, Ns] = Field(default_factory=dict)
    other_jobs: dict[str, Ns] = Field(default_factory=dict)


class _Path(DocumentPart):
    npu: NpuId
    spans: list[SpanRecord]


class _Explanation(DocumentPart):
    makespan: Ns
    attributions: list[_Attribution]
    critical_path: _Path


class _Document(DocumentPart):
    simastra: str
    inputs: dict[str, str | None]
    options: dict[str, bool | int | float | str] = Field(default_factory=dict)
    finished: bool
    makespan: Ns | None
    finishes: list[NpuFinish]
    nodes: list[list[_Node]]
    links: list[_Link]
    jobs: list[_Job] = Field(default_factory=list)
    link_faults: list[_LinkFaults] = Field(default_factory=list)
    paths: list[_Use] = Field(default_factory=list)
    notices: list[Notice] = Field(default_factory=list)
    explanation: _Explanation | None = None
    metrics: MetricsPart | None = None
    bound: BoundDocumentPart | None = None
    band: BandPart | None = None


class _WrongError(ValueError):
    """What is wrong in a document, without its name."""


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A result, and what its file says of it.

    Attributes:
        path: the file.
        result: the result; it has metrics where the file has.
        version: of simastra that wrote it.
        inputs: what was simulated: the value of each option, by its name without dashes.
        options: how, likewise.
    """

    path: Path
    result: Result
    version: str
    inputs: Mapping[str, str]
    options: Mapping[str, bool | float | str]


def read_result(path: Path | str) -> Result:
    """Read what ``simastra run --json`` has written; ``--explain`` beside it adds an explanation.

    Raises:
        InputError: the file can't be read, or has no result of a simulation that finished.
    """
    return read_result_file(path).result


def read_result_file(path: Path | str) -> ResultFile:
    """Read it with what stands beside the result.

    Raises:
        InputError: the file can't be read, or has no result of a simulation that finished.
    """
    try:
        text = whole_content(path)
    except ContentError as error:
        raise InputError(f"{path}: {error}") from None
    try:
        document = _Document.model_validate_json(text)
        result = _result(document)
    except ValidationError as error:
        wrong = _words(error.errors(include_url=False)[0])
        raise InputError(f"{path}: {instead_of(path, InputRole.RESULT) or wrong}") from None
    except _WrongError as wrong_one:
        raise InputError(f"{path}: {wrong_one}") from None
    inputs = {name: value for name, value in document.inputs.items() if value is not None}
    return ResultFile(Path(path), result, document.simastra, inputs, document.options)


def _words(error: ErrorDetails) -> str:
    """What is wrong, by its first key."""
    where = ""
    for part in error["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f"{where and '.'}{part}"
    match error["type"]:
        case "json_invalid":
            told = error["ctx"]["error"] if "ctx" in error else error["msg"]
            return f"no JSON that 'simastra run --json' writes: {told}"
        case "missing":
            return f"no result: {where} is missing; {_WRITE_ONE}"
        case _ if not where:
            return f"no result: it must be an object; {_WRITE_ONE}"
        case _:
            wanted = error["msg"].removeprefix("Input should be ").replace("a valid", "a", 1)
            return f"{where}: must be {wanted}; write the file anew with 'simastra run --json'"


def _result(document: _Document) -> Result:
    if not document.finished:
        raise _WrongError(
            "its simulation didn't finish (deadlock), so that it has no makespan; "
            "'simastra check' with the same inputs says more"
        )
    links = (LinkRecord(it.src, it.dst, it.busy, it.bytes, it.messages) for it in document.links)
    uses = (ShortcutUse(**dict(it)) for it in document.paths)
    names = _names(document)
    told = document.explanation
    explanation = None if told is None else _explanation(told, names)
    result = Result(
        finishes=tuple(document.finishes),
        nodes=tuple(tuple(map(_record, records)) for records in document.nodes),
        links=tuple(links),
        notices=tuple(document.notices),
        shortcuts=tuple(uses),
        explanation=explanation and replace(explanation, names=names),
        measures=_measures(document),
        names=names,
        link_faults=tuple(map(_link_faults, document.link_faults)),
        jobs=tuple(map(_job, document.jobs)),
    )
    if document.makespan != result.makespan:
        raise _WrongError(
            f"makespan: it is {document.makespan}, but the last NPU finishes at {result.makespan}"
        )
    _check(result)
    return result


def _names(document: _Document) -> DeviceNames | None:
    """What the links say that their ends are called; None where they say nothing."""
    npus = len(document.nodes)
    given = {it.src: it.from_ for it in document.links if it.from_ is not None}
    given |= {it.dst: it.to for it in document.links if it.to is not None}
    others = {device: name for device, name in given.items() if device >= npus}
    return DeviceNames(npus, others) if given else None


def _record(told: _Node) -> NodeRecord:
    node = None if told.type is None else _node(told, told.type)
    return NodeRecord(told.node, told.name, told.activity, told.issued, told.finished, node)


def _node(told: _Node, type_name: str) -> Node:
    """What a file says of a node."""
    try:
        kind = NodeType[type_name]
        collective = None if told.collective is None else CollectiveType[told.collective]
    except KeyError as error:
        raise _WrongError(f"nodes: there is no type of nodes or collectives {error}") from None
    is_sent = kind in COMMUNICATION_TYPES
    return Node(
        told.node,
        told.name,
        kind,
        comm_type=collective,
        comm_size=told.size if is_sent else None,
        tensor_size=None if is_sent else told.size,
        pg_name=told.group,
        purpose=told.purpose,
    )


def _job(told: _Job) -> JobRecord:
    times = tuple(told.finishes), tuple(told.run_ends)
    return JobRecord(told.name, tuple(told.npus), told.start, *times)


def _link_faults(told: _LinkFaults) -> LinkFaults:
    return LinkFaults(told.src, told.dst, told.sent_again, told.rerouted, told.because)


def _measures(document: _Document) -> KnownMeasures | None:
    try:
        return known_measures(document.metrics, document.bound, document.band)
    except ValueError as error:
        raise _WrongError(str(error)) from None


def _explanation(told: _Explanation, names: DeviceNames | None) -> ExplanationRecord:
    path = told.critical_path
    npus = len(told.attributions)
    return ExplanationRecord(
        told.makespan,
        path.npu,
        tuple(map(_attribution, told.attributions)),
        tuple(_with_switches(it, npus, names) for it in path.spans),
    )


def _with_switches(span: SpanRecord, npus: int, names: DeviceNames | None) -> SpanRecord:
    """A span that says where a switch, that reduces, did something."""
    if span.npu is None or span.npu < npus:
        return span
    name = "" if names is None else names.given.get(span.npu, "")
    return replace(span, npu=SwitchId(span.npu, name))


def _attribution(told: _Attribution) -> Attribution:
    times = {category: told.times.get(category, 0) for category in Category}
    try:
        partners, sharers, slower = (
            {int(npu): time for npu, time in by_npu.items()}
            for by_npu in (told.partners, told.sharers, told.slower)
        )
    except ValueError:
        raise _WrongError("explanation.attributions: partners go by the numbers of NPUs") from None
    costs = told.faults, slower, told.other_jobs
    return Attribution(told.npu, told.finish, times, partners, sharers, *costs)


def _check(result: Result) -> None:
    """Refuse an explanation that isn't the result's, since its sums would be nobody's."""
    explanation = result.explanation
    if explanation is None:
        return
    if not explanation.makespan == result.makespan == _end(explanation.path):
        raise _WrongError(
            f"explanation: it must sum to the makespan, {result.makespan}; write the file anew "
            "with 'simastra run --json --explain'"
        )
    cycles = result.cycles
    for it in explanation.attributions:
        if it.total != result.makespan or cycles.get(it.npu) != it.finish:
            raise _WrongError(
                f"explanation.attributions[{it.npu}]: its times must sum to the makespan, "
                f"{result.makespan}, and it must finish at {cycles.get(it.npu)}"
            )


def _end(path: Iterable[SpanRecord]) -> Ns:
    """Where a path ends whose spans follow each other from 0 on.

    Raises:
        _WrongError: if they don't.
    """
    end = 0
    for number, span in enumerate(path):
        if span.start != end or span.end <= end:
            raise _WrongError(
                f"explanation.critical_path.spans[{number}]: must begin at {end}, where the one "
                "before it ends, and end later"
            )
        end = span.end
    return end
