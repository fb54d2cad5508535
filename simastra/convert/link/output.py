"""Write a linked trace: the host's JSON with times, and a node more for all that ran on a GPU.

This is what Chakra calls ET+, and what its converter and `simastra convert pytorch` read: new ids
from 0 in order, what an operator launched right behind it. (Specification: chakra-toolchain.md
2.4, step 9.)
"""

import gzip
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from simastra.convert.link.events import GpuOp
from simastra.convert.link.json_stream import Members
from simastra.convert.link.linker import LinkedOp, LinkedTrace
from simastra.errors import OptionError, TraceError
from simastra.units import Ns

_OPTION = "output"
_GZIP_SUFFIX = ".gz"
_GZIP_LEVEL = 6  # twice as fast as the highest, for 2 % more bytes


def write_linked(linked: LinkedTrace, path: Path | str) -> None:
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
        _check(path, Path(path).resolve(), inputs)
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links; a null byte
        raise _cannot_write(path, error) from None


def _check(path: Path | str, target: Path, inputs: tuple[Path | str, ...]) -> None:
    if not target.parent.is_dir():
        raise OptionError(
            _OPTION, f"there is no folder {target.parent} to put {target.name} in; make it first"
        )
    if target.exists() and not target.is_file():
        raise OptionError(_OPTION, f"{path} isn't a regular file; name a file")
    for file in inputs:
        if target.exists() and Path(file).exists() and target.samefile(file):
            raise OptionError(_OPTION, f"{path} is an input; name another file")


def _lines(linked: LinkedTrace) -> Iterator[str]:
    header: Members = {**linked.host.header, "schema": linked.host.schema.written_as}
    if linked.device.distributed is not None:
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


def _nodes(linked: LinkedTrace) -> Iterator[Members]:
    ids = _new_ids(linked)
    for op in linked.ops:
        node = linked.host.schema.layout.modern(json.loads(op.host.json, strict=False))
        own_id = ids[op.host.id]
        node["id"] = own_id
        node["ctrl_deps"] = ids[op.parent]
        yield {**node, **_times(op, ids)}
        for position, gpu_op in enumerate(op.launched, start=1):
            # Like Chakra's, it has its launcher's inputs, outputs and attributes.
            yield {**node, "id": own_id + position, "ctrl_deps": own_id, **_on_gpu(gpu_op)}


def _new_ids(linked: LinkedTrace) -> dict[int, int]:
    ids: dict[int, int] = {}
    following = 0
    for op in linked.ops:
        ids[op.host.id] = following
        following += 1 + len(op.launched)
    return ids


def _times(op: LinkedOp, ids: dict[int, int]) -> Members:
    timing = op.timing
    if timing is None:
        return {}
    return {
        "inclusive_dur": _micros(timing.duration),
        "exclusive_dur": _micros(timing.own),
        "ts": _micros(timing.start),
        "inter_thread_dep": None if timing.follows is None else ids[timing.follows],
    }


def _on_gpu(gpu_op: GpuOp) -> Members:
    return {
        "name": gpu_op.name,
        "cat": gpu_op.category,
        "ph": "X",
        "inclusive_dur": _micros(gpu_op.duration),
        "exclusive_dur": _micros(gpu_op.duration),
        "ts": _micros(gpu_op.start),
        "stream": gpu_op.stream,
        "inter_thread_dep": None,
        **({} if gpu_op.group is None else {"pg_name": gpu_op.group}),
    }


def _micros(time: Ns) -> float | int:
    """A time as the file has it; whole microseconds stay whole."""
    return time / 1000 if time % 1000 else time // 1000


def _dumps(value: object) -> str:
    return json.dumps(value, default=float)  # Decimal, in a header


@contextmanager
def _replacing(name: Path | str) -> Iterator[TextIO]:
    """Open a file that takes the place of another once all is written."""
    path = Path(name).resolve()  # a link stays a link: what it leads to is replaced
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        try:
            with _text_file(temporary, compressed=path.name.endswith(_GZIP_SUFFIX)) as file:
                yield file
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(name, error) from None


def _cannot_write(name: Path | str, error: Exception) -> OptionError:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return OptionError(_OPTION, f"{name} can't be written: {reason}")


@contextmanager
def _text_file(path: Path, *, compressed: bool) -> Iterator[TextIO]:
    if not compressed:
        with path.open("x", encoding="utf-8") as file:
            yield file
        return
    # No name and no time inside: the same traces give the same bytes.
    with (
        path.open("xb") as raw,
        gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8") as file,
    ):
        yield file
