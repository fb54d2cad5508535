"""JSON: what nccl-tests writes of a run, and rows as objects, such as rccl-tests writes."""

from collections.abc import Iterator, Mapping

from simastra.config.json_file import parse_json
from simastra.errors import InputError

from .problems import Problems
from .rows import LogRow, MeasuredRun, Printed
from .table import read_rows
from .text_log import dotted_version

_JUST = 1e-4  # of a number that was printed with many digits
_LARGEST = 1e300  # integers in JSON may be larger than what a float can be


def looks_like_json(text: str) -> bool:
    """Whether a text is JSON; labels of launchers begin with a bracket too."""
    start = text.lstrip()[:64]
    return start.startswith("{") or (start[:1] == "[" and start[1:].lstrip()[:1] in ("{", "]"))


def read_json(
    text: str, source: str, problems: Problems, columns: Mapping[str, str], *, in_place: bool
) -> Iterator[LogRow]:
    """Read JSON: an object of nccl-tests, a list of rows, or a row on each line.

    Raises:
        InputError: it is no JSON, or neither of these.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    one_each = len(lines) > 1 and all(
        line.strip().startswith("{") and line.strip().endswith("}") for line in lines
    )
    data = [parse_json(line, source) for line in lines] if one_each else parse_json(text, source)
    match data:
        case {"format": "simastra-calibration"}:
            problem = "is a calibration, not what was measured; --check FILE holds it against logs"
            raise InputError(f"{source}: {problem}")
        case {"results": list(results), **rest}:
            run = _run(_object(rest))
            for number, result in enumerate(results, 1):
                yield from _result(result, run, number, problems, in_place=in_place)
        case list() if data and all(map(_object, data)):
            yield from read_rows(data, source, problems, columns, in_place=in_place)
        case Mapping():
            yield from read_rows([data], source, problems, columns, in_place=in_place)
        case _:
            raise InputError(f"{source}: is neither what nccl-tests writes nor rows as objects")


def _run(data: Mapping[str, object]) -> MeasuredRun:
    devices = _object(data.get("config")).get("devices", data.get("devices"))
    listed = [_object(it) for it in devices] if isinstance(devices, list) else []
    group = [it for it in listed if it.get("group", 0) == listed[0].get("group", 0)]
    hosts = {str(it.get("hostname")) for it in group}
    code = data.get("nccl_version")
    library = f"NCCL {dotted_version(code)}" if isinstance(code, int) and code > 0 else None
    return MeasuredRun("nccl-tests", _test(data), len(group) or None, len(hosts) or None, library)


def _test(data: Mapping[str, object]) -> str | None:
    arguments = data.get("args")
    words = map(str, arguments) if isinstance(arguments, list) else ()
    names = (word.rpartition("/")[2] for word in words)
    return next((it for it in names if it.endswith(("_perf", "_perf_mpi"))), None)


def _result(
    written: object, run: MeasuredRun, number: int, problems: Problems, *, in_place: bool
) -> Iterator[LogRow]:
    result = _object(written)
    block = _object(result.get("in_place" if in_place else "out_of_place"))
    us = _printed(block.get("time", block.get("cpu_time")))
    size = result.get("size")
    if us is None or not isinstance(size, int) or isinstance(size, bool):
        text = f"result {number} has no size, or no time"
        problems.drop("damaged-row", number, text, "--in-place takes the other times")
        return
    algbw, busbw = _printed(block.get("alg_bw")), _printed(block.get("bus_bw"))
    wrong = _printed(block.get("nwrong"))
    yield LogRow(number, run, size, us, algbw, busbw, None if wrong is None else wrong.value)


def _object(value: object) -> Mapping[str, object]:
    """An object; an empty one for what is none."""
    return value if isinstance(value, Mapping) else {}


def _printed(value: object) -> Printed | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > _LARGEST:
        return None
    return Printed(float(value), abs(float(value)) * _JUST)
