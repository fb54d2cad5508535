"""A calibration file's text -> a CalibrationFile, or one error that names file, key and line."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simastra.config.json_file import parse_json
from simastra.config.json_places import dotted, line_of
from simastra.config.load import read_text
from simastra.config.messages import MOST_ALIKE, show, unknown_key
from simastra.config.mistakes import plainly_worded
from simastra.errors import ConfigError

from .file import FORMAT, VERSION, CalibrationFile


def read_calibration(path: Path | str) -> CalibrationFile:
    """Read a calibration file.

    Raises:
        ConfigError: it can't be read, or is wrong.
    """
    return parse_calibration(read_text(path), path)


def parse_calibration(text: str, source: Path | str) -> CalibrationFile:
    """Read a calibration file's text.

    Raises:
        ConfigError: all that is wrong with it.
    """
    is_object = text.lstrip().startswith("{")  # a log isn't worth a word on JSON's grammar
    data = parse_json(text, source) if is_object else None
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        problem = (
            f'is no calibration file, which has "format": "{FORMAT}"; '
            "simastra calibrate LOG... --output FILE makes one from measurements"
        )
        raise ConfigError(problem, source=source)
    version = data.get("version")
    if version != VERSION or isinstance(version, bool):
        problem = f"must be {VERSION}, the version of the format that is read here, not "
        raise ConfigError(problem + show(version), source=source, key="version")
    try:
        return CalibrationFile.model_validate(data)
    except ValidationError as error:
        raise ConfigError.of(_told(error.errors(), data, text, source)) from None


def _told(
    details: Sequence[ErrorDetails], data: object, text: str, source: Path | str
) -> Iterator[ConfigError]:
    """A message for each mistake; of very many, the first ones."""
    for detail in details[: 2 * MOST_ALIKE]:
        path, problem = plainly_worded(detail, data)
        if detail["type"] == "extra_forbidden":
            problem = unknown_key(path.pop(), _keys())
        place = f" (line {line_of(text, path)})" if "\n" in text.strip() else ""
        yield ConfigError(f"{problem}{place}", source=source, key=dotted(path) or None)


def _keys() -> set[str]:
    """Of all sections."""
    schema = CalibrationFile.model_json_schema()
    parts = (schema, *schema["$defs"].values())
    return {key for part in parts for key in part.get("properties", ())}
