"""JSON Schema of a calibration file, for editors: completion, documentation, checking."""

from simastra.calibration.section import CalibrationSection
from simastra.config.json_schema import JsonSchema, sections_schema

from .file import FORMAT, VERSION, CalibrationFile


def calibration_schema() -> JsonSchema:
    """The schema, with what the keys mean."""
    schema = sections_schema(CalibrationFile, CalibrationSection)
    for key, value in (("format", FORMAT), ("version", VERSION)):
        schema["properties"][key] |= {"const": value}
        schema["properties"][key].pop("default", None)
    required = ["format", "version", *schema["required"]]
    return {**schema, "required": required, "title": "Calibration file"}
