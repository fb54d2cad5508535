"""Read a linked trace: the JSON that Chakra's linker writes, or a host trace alone.

Every version of PyTorch's execution traces is taken: what an entry holds is looked for where any of
them has it. (docs/chakra.md 2.4.)
"""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from simastra.convert.json_stream import JsonArray
from simastra.errors import TraceError
from simastra.foreign import InputRole
from simastra.gc_policy import collector_paused
from simastra.notices import Notice
from simastra.trace.files import open_file
from simastra.trace.framing import inflate, inflated
from simastra.trace.recognising import recognising

from .entries import Shared, operator_of
from .header import process_number, read_metadata
from .operators import Json, Operator
from .recorded_waits import RecordedWait

_NODES = "nodes"


@dataclass(frozen=True, slots=True)
class LinkedTrace:
    """What a linked trace holds.

    Attributes:
        source: the file.
        operators: in order of id.
        metadata: what Chakra's converter copies into GlobalMetadata.
        rank: of the process in the whole job, where the file tells it.
        world_size: how many processes the job has; 0 if the file doesn't tell.
        groups: JSON texts and values that tell process groups, beside the operators that do.
        linked_by: who linked it, if it says so: simastra, by better rules than Chakra's.
        has_host: whether it is made of a host trace, with or without a device trace.
        waits: of the host for the device, where the recording tells them.
        notices: what can't be known, by how it was recorded.
    """

    source: str
    operators: tuple[Operator, ...]
    metadata: dict[str, int | str]
    rank: int | None = None
    world_size: int = 0
    groups: tuple[Json, ...] = ()
    linked_by: str = ""
    has_host: bool = True
    waits: tuple[RecordedWait, ...] = ()
    notices: tuple[Notice, ...] = ()


def read_linked(path: Path | str, *, source: Path | str | None = None) -> LinkedTrace:
    """Read a linked trace, plain or gzip-compressed.

    Args:
        path: of the file.
        source: what messages call it; None for `path`.

    Raises:
        TraceError: the file can't be read, is no linked trace, or an entry is wrong.
    """
    called = path if source is None else source
    with open_file(path) as file, collector_paused():
        trace = _streamed(file, called)
        if trace is not None:
            return trace
        file.seek(0)
        data = inflate(file.read(), called)
    with recognising(called, InputRole.LINKED, start=data):
        return parse_linked(data, called)


def parse_linked(data: bytes, source: Path | str) -> LinkedTrace:
    """Decode the content of a linked trace.

    Raises:
        TraceError: it is no linked trace, or an entry is wrong.
    """
    document = _load(data, source)
    entries = document.get(_NODES)
    if not isinstance(entries, list):
        hint = "its key 'nodes', a list, is missing"
        if "traceEvents" in document:
            hint = "this is a device trace (Kineto); link it with its host trace: simastra link"
        raise TraceError(f"this is no linked PyTorch trace: {hint}", source=source)
    return _trace(entries, document, source)


def _streamed(file: io.BufferedIOBase, source: Path | str) -> LinkedTrace | None:
    """What `parse_linked` returns, though the document is never in memory as a whole.

    None where anything is wrong or unusual: the whole document is then asked what it is.
    """
    array = JsonArray(source, _NODES, decoder=json.JSONDecoder())
    try:
        entries = (element.value for element in array.read(inflated(file, source)))
        trace = _trace(entries, array.header, source)
    except TraceError:
        return None
    return trace if array.arrays == 1 else None


def _trace(
    entries: Iterable[object], document: Mapping[str, object], source: Path | str
) -> LinkedTrace:
    """Decode the entries of the list ``nodes``, then the document around it."""
    shared = Shared()
    decoded = [
        operator_of(entry, position, source, shared)  # type: ignore[arg-type]  # JSON
        for position, entry in enumerate(entries)
    ]
    if not decoded:
        raise TraceError("the trace has no nodes, so there is nothing to convert", source=source)
    decoded.sort(key=lambda operator: operator.id)
    _check_ids(decoded, source)
    distributed = document.get("distributedInfo")
    distributed = distributed if isinstance(distributed, dict) else {}
    rank = process_number(distributed, "rank", source)
    world_size = process_number(distributed, "world_size", source)
    groups = distributed.get("pg_config")
    linked_by = document.get("linked_by")
    return LinkedTrace(
        str(source),
        tuple(decoded),
        read_metadata(document, source),  # type: ignore[arg-type]  # JSON
        rank,
        world_size or 0,
        () if groups is None else (groups,),
        linked_by if isinstance(linked_by, str) else "",
    )


def _load(data: bytes, source: Path | str) -> dict[str, Json]:
    wanted = "a linked PyTorch trace, as 'simastra link' writes it, is wanted"
    try:
        document: Json = json.loads(data)
    except json.JSONDecodeError as error:
        raise TraceError(
            f"line {error.lineno}, column {error.colno}: this is not JSON ({error.msg}); {wanted}",
            source=source,
        ) from error
    except UnicodeDecodeError as error:
        raise TraceError(
            f"this is not JSON, nor any text; {wanted}", source=source, offset=error.start
        ) from error
    except (RecursionError, ValueError) as error:  # nested too deep; a number of 5000 digits
        raise TraceError(f"this JSON can't be read ({error}); {wanted}", source=source) from error
    if not isinstance(document, dict):
        raise TraceError(f"the file is JSON, but no object; {wanted}", source=source)
    return document


def _check_ids(operators: Iterable[Operator], source: Path | str) -> None:
    previous: int | None = None
    for operator in operators:
        if operator.id == previous:
            raise TraceError(
                "two nodes have this id; ids must differ within a trace",
                source=source,
                node=previous,
            )
        previous = operator.id
