"""Files of measurements, in whatever form, to measurements."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from simastra.calibration.document import Source
from simastra.config.text_file import limited_bytes
from simastra.errors import InputError
from simastra.notices import Notice
from simastra.trace import CollectiveType
from simastra.units import Bytes, MiB

from .checks import RowChecker
from .json_log import looks_like_json, read_json
from .measurement import LogOptions, Measurement, Measurements, SendMeasurement
from .problems import Problems
from .rows import LogRow
from .table import looks_like_table, read_csv
from .text_log import read_text_log

_LARGEST: Bytes = 256 * MiB
_COMPRESSED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_measurements(
    files: Sequence[str | Path], options: LogOptions | None = None
) -> Measurements:
    """Read logs of nccl-tests and rccl-tests, their JSON, and CSV.

    What was measured several times counts once, with the median of its times.

    Args:
        files: their names.
        options: what to make of what they leave open.

    Raises:
        InputError: a file can't be read, holds no measurement, or leaves open what no option says.
    """
    options = options or LogOptions()
    rows: list[Measurement | SendMeasurement] = []
    sources: list[Source] = []
    notices: list[Notice] = []
    for file in files:
        problems = Problems(str(file))
        found, source = _read_file(file, options, problems)
        rows += found
        sources.append(source)
        notices += problems.notices()
    collectives = merged([it for it in rows if isinstance(it, Measurement)])
    sends = tuple(it for it in rows if isinstance(it, SendMeasurement))
    return Measurements(collectives, tuple(sources), tuple(notices), sends)


def merged(rows: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Each collective, number of NPUs and nodes, and size once, with the median time; in order."""
    alike: dict[tuple[CollectiveType, int, int, Bytes], list[Measurement]] = defaultdict(list)
    for row in rows:
        alike[row.collective, row.npus, row.nodes, row.size].append(row)
    return tuple(
        replace(alike[key][0], us=median(it.us for it in alike[key])) for key in sorted(alike)
    )


def _read_file(
    file: str | Path, options: LogOptions, problems: Problems
) -> tuple[list[Measurement | SendMeasurement], Source]:
    name = str(file)
    content = limited_bytes(file, _LARGEST, "keep the tables, leave out the rest")
    read = list(_log_rows(_text(content, name), name, options, problems))
    checker = RowChecker(name, read, options, problems)
    rows = [it for row in read if (it := checker.measurement(row)) is not None]
    if not rows:
        raise InputError(f"{name}: {_nothing(problems)}")
    libraries = dict.fromkeys(row.run.library for row in read if row.run.library)
    source = Source(
        file=Path(name).name,
        sha256=hashlib.sha256(content).hexdigest(),
        tool=read[0].run.tool,
        library=", ".join(libraries) or None,
        rows=len(rows),
        dropped=problems.dropped,
    )
    return rows, source


def _log_rows(text: str, name: str, options: LogOptions, problems: Problems) -> Iterator[LogRow]:
    in_place = options.in_place
    if looks_like_json(text):
        return read_json(text, name, problems, options.columns, in_place=in_place)
    if looks_like_table(text) or options.columns:
        return read_csv(text, name, problems, options.columns, in_place=in_place)
    return read_text_log(text, problems, in_place=in_place)


def _nothing(problems: Problems) -> str:
    first = problems.first()
    if first:
        return f"holds no measurement that counts; {first}"
    return (
        "holds no measurement: no row of nccl-tests' or rccl-tests' table, which begins with size, "
        "count and type and has time, algbw and busbw, nor a table with columns for bytes and us "
        "(--columns bytes=NAME,us=NAME, if they are called something else)"
    )


def _text(content: bytes, name: str) -> str:
    if content.startswith(_COMPRESSED):
        raise InputError(f"{name}: is compressed; unpack it first")
    if content.startswith(_UTF_16):  # as shells of Windows write it
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:4096]:
        raise InputError(f"{name}: is no text, so that it is no log")
    return content.decode("utf-8-sig", errors="replace")
