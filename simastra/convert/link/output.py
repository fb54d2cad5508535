"""Write a linked trace: the host's JSON with times, and a node more for all that ran on a GPU.

This is what Chakra calls ET+, and what its converter and `simastra convert pytorch` read: new ids
from 0 in order, what an operator launched right behind it. (docs/chakra.md
2.4, step 9.)
"""

import gzip
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from simastra.convert.json_stream import Members
from simastra.convert.link.events import GpuOp, micros
from simastra.convert.link.linker import LinkedOp, LinkedRecording, issued
from simastra.errors import OptionError, TraceError
from simastra.gc_policy import collector_paused
from simastra.writing import WriteError, check_writable, refuse_input, replacing

_OPTION = "output"
_GZIP_SUFFIX = ".gz"
_NOT_STRICT = json.JSONDecoder(strict=False)  # as the host trace was read
_GZIP_LEVEL = 6  # twice as fast as the highest, for 2 % more bytes


@collector_paused()
def write_linked(linked: LinkedRecording, path: Path | str) -> None:
    """Write a linked trace, compressed if the name ends in ``.gz``; whole, or not at all.

    Raises:
        OptionError: the file can't be written, or is one of the two traces.
        TraceError: a node is nested too deeply to be written.
    """
    check_output(path, (linked.host.source, linked.device.source))
    with _replacing(path) as file:
        try:
            file.writelines(_lines(linked))
        except RecursionError:
            raise TraceError(
                "a node's values are nested too deeply to be written", source=linked.host.source
            ) from None


def check_output(path: Path | str, inputs: tuple[Path | str, ...]) -> None:
    """Refuse a file that can't be written, before work is done for it.

    Args:
        path: of the file.
        inputs: files that it may not replace.

    Raises:
        OptionError: it can't be written, or is an input.
    """
    try:
        check_writable(path)
        refuse_input(path, inputs)
    except WriteError as error:
        raise OptionError(_OPTION, str(error)) from None


def _lines(linked: LinkedRecording) -> Iterator[str]:
    header: Members = {**linked.host.header, "schema": linked.host.schema.written_as}
    if not linked.like_chakra:
        header["linked_by"] = "simastra"  # so that who wants Chakra's numbers can be told
    if linked.device.distributed is not None and not linked.like_chakra:
        header["distributedInfo"] = linked.device.distributed  # it names the process groups
    for key, value in header.items():
        yield f"{'{' if key == next(iter(header)) else ','}\n{json.dumps(key)}: {_dumps(value)}"
    yield ',\n"nodes": ['
    separator = "\n"
    for node in _nodes(linked):
        yield separator
        yield json.dumps(node)
        separator = ",\n"
    yield "\n]\n}\n"


def _nodes(linked: LinkedRecording) -> Iterator[Members]:
    ids = _new_ids(linked)
    for op in linked.ops:
        node = linked.host.schema.layout.modern(_NOT_STRICT.decode(op.host.json.decode()))
        own_id = ids[op.host.id]
        node["id"] = own_id
        node["ctrl_deps"] = ids[op.parent]
        times = _times(op, ids)
        yield {**node, **times}
        for position, gpu_op in enumerate(op.launched, start=1):
            # Like Chakra's, it has its launcher's inputs, outputs and attributes.
            place = {"id": own_id + position, "ctrl_deps": own_id}
            if linked.like_chakra:
                launch = {"ts": micros(issued(gpu_op, linked.device))}
                yield {**node, **times, **place, **_on_gpu(gpu_op), **launch}
            else:
                yield {**node, **place, **_on_gpu(gpu_op), **_told_by_gpu(gpu_op)}


def _new_ids(linked: LinkedRecording) -> dict[int, int]:
    ids: dict[int, int] = {}
    following = 0
    for op in linked.ops:
        ids[op.host.id] = following
        following += 1 + len(op.launched)
    for op in linked.ops:
        if op.parent not in ids:  # Chakra's linker doesn't look whether there is such a node
            ids[op.parent] = following
            following += 1
    return ids


def _times(op: LinkedOp, ids: dict[int, int]) -> Members:
    timing = op.timing
    if timing is None:
        return {}
    return {
        "inclusive_dur": micros(timing.duration),
        "exclusive_dur": timing.own_micros,
        "ts": micros(timing.start),
        "inter_thread_dep": None if timing.follows is None else ids[timing.follows],
    }


def _on_gpu(gpu_op: GpuOp) -> Members:
    return {
        "name": gpu_op.name,
        "cat": gpu_op.category,
        "ph": "X",
        "inclusive_dur": micros(gpu_op.duration),
        "exclusive_dur": micros(gpu_op.duration),
        "ts": micros(gpu_op.start),
        "stream": gpu_op.stream,
    }


def _told_by_gpu(gpu_op: GpuOp) -> Members:
    """What Chakra's linker of hoti2024 doesn't write."""
    told: Members = {"inter_thread_dep": None}
    if gpu_op.group is not None:
        told["pg_name"] = gpu_op.group
    if gpu_op.communication:
        told["communication"] = gpu_op.communication
    return told


def _dumps(value: object) -> str:
    return json.dumps(value, default=float)  # Decimal, in a header


@contextmanager
def _replacing(path: Path | str) -> Iterator[TextIO]:
    """Open a file that takes the place of another once all is written."""
    compressed = Path(path).resolve().name.endswith(_GZIP_SUFFIX)
    try:
        with replacing(path) as raw, _text_file(raw, compressed=compressed) as file:
            yield file
    except WriteError as error:
        raise OptionError(_OPTION, str(error)) from None


@contextmanager
def _text_file(raw: BinaryIO, *, compressed: bool) -> Iterator[TextIO]:
    if not compressed:
        with io.TextIOWrapper(raw, encoding="utf-8") as file:
            yield file
        return
    # No name and no time inside: the same traces give the same bytes.
    with (
        gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8") as file,
    ):
        yield file
