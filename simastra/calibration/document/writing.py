"""A calibration file's text: a line for each list of numbers, for people to read and compare."""

import json
from collections.abc import Iterable, Iterator, Mapping

from .file import CalibrationFile


def calibration_json(file: CalibrationFile) -> str:
    """The file's text; the same content always gives the same text."""
    return legible_json(file.model_dump(mode="json", by_alias=True, exclude_none=True))


def legible_json(data: object) -> str:
    """JSON with a line for each list or object that is flat."""
    return "".join(_pieces(data, 0)) + "\n"


def _pieces(value: object, depth: int) -> Iterator[str]:
    """What is short and flat stands on a line; what else there is has a line for each entry."""
    match value:
        case Mapping() if value and not _is_flat(value.values()):
            entries = [(f"{json.dumps(key)}: ", it) for key, it in value.items()]
            yield from _lines("{}", entries, depth)
        case list() if value and not _is_flat(value):
            yield from _lines("[]", [("", it) for it in value], depth)
        case _:
            yield json.dumps(value, ensure_ascii=False)


def _lines(brackets: str, entries: list[tuple[str, object]], depth: int) -> Iterator[str]:
    begin = brackets[0]
    for label, it in entries:
        yield f"{begin}\n{' ' * (depth + 1)}{label}"
        yield from _pieces(it, depth + 1)
        begin = ","
    yield f"\n{' ' * depth}{brackets[1]}"


def _is_flat(values: Iterable[object]) -> bool:
    return not any(isinstance(it, list | Mapping) for it in values)
