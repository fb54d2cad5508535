"""The calibration file: strict, versioned JSON, with its sources (docs/calibration.md).

file         CalibrationFile: all of it
collectives  what is known of each collective: its base, and curves of times by size
system       GpuSystem: whose times they are; links between two of its NPUs
sources      logs and their hashes; what came of the fit
reading      a file -> a CalibrationFile, or one error with file, key and line
writing      a CalibrationFile -> legible JSON
schema       JSON Schema
"""

# .schema is deliberately absent: it loads more of pydantic, and only schemas need it.
from .collectives import BaseSection, CollectiveSection, Curve
from .file import FORMAT, VERSION, CalibrationFile
from .reading import parse_calibration, read_calibration
from .sources import FitSection, Source
from .system import GpuSystem, LinkClass, LinkSection
from .writing import calibration_json

__all__ = [
    "FORMAT",
    "VERSION",
    "BaseSection",
    "CalibrationFile",
    "CollectiveSection",
    "Curve",
    "FitSection",
    "GpuSystem",
    "LinkClass",
    "LinkSection",
    "Source",
    "calibration_json",
    "parse_calibration",
    "read_calibration",
]
