"""Machines to start from: presets with their sources, and machines' files of one's own.

preset     what a machine's file says
shapes     how many NPUs along each dimension, and which numbers are possible
configured one of a certain shape, as configurations of its network and its NPUs
table      the presets by name, and what ``@NAME:SHAPE`` refers to
files      a machine as a network file and a system file

The files are in the folder `presets`; to add a machine, add one (docs/machines.md).
"""

from .configured import MachineConfig
from .preset import Preset, PresetDimension
from .table import machine, names, preset_named

__all__ = ["MachineConfig", "Preset", "PresetDimension", "machine", "names", "preset_named"]
