"""The presets by name, and what ``@NAME:SHAPE`` refers to.

To add a machine: a file in `presets`, named as it is called.
"""

import re
from functools import cache
from importlib.resources import files

from simastra.config.load import read_text
from simastra.errors import OptionError
from simastra.suggestions import unknown_name

from .configured import MachineConfig
from .preset import Preset, parse_preset
from .shapes import ShapeError, example_shape, shape_of

_FILES = files(__package__) / "presets"
_FILE = re.compile(r"(?P<name>.*\.ya?ml)(?::(?P<shape>[^:/]*))?", re.DOTALL)


def names() -> tuple[str, ...]:
    """Names of all presets, in alphabetical order."""
    return tuple(sorted(file.name.removesuffix(".yml") for file in _FILES.iterdir()))


@cache
def preset_named(name: str) -> Preset:
    """What is known of a machine.

    Raises:
        KeyError: if there is none of that name.
    """
    if name not in names():
        raise KeyError(name)
    text = (_FILES / f"{name}.yml").read_text("utf-8")
    return parse_preset(text, f"{name}.yml")


def machine(
    reference: str, *, option: str = "machine", shape_matters: bool = True
) -> MachineConfig:
    """A machine to start from, such as ``hgx-h100:8x4``.

    >>> machine("demo").shape
    (8,)

    Args:
        reference: a preset's name, or the path of a machine's file of your own (``*.yml``); behind
            a colon its shape, the number of NPUs along each dimension, innermost first. An ``@``
            before it, as on the command line, makes no difference.
        option: where that was given, for messages.
        shape_matters: whether a machine without a shape of its own must be given one; it doesn't
            matter to who asks what an NPU does.

    Raises:
        OptionError: if there is no such machine, or it can't have that shape.
        ConfigError: if a file of your own is wrong.
    """
    reference = reference.removeprefix("@")
    in_file = _FILE.fullmatch(reference)
    if in_file is not None:
        name, shape = in_file["name"], in_file["shape"]
        found = parse_preset(read_text(name), name)
    else:
        name, colon, rest = reference.partition(":")
        shape = rest if colon else None
        if name not in names():
            raise OptionError(option, _unknown(name))
        found = preset_named(name)
    try:
        if shape is None and not shape_matters:
            shape = example_shape(found)
        made = MachineConfig(reference, shape_of(found, shape), found)
    except ShapeError as error:
        raise OptionError(option, f"@{reference} {error}") from None
    if in_file is not None:
        made.check()
    return made


def _unknown(name: str) -> str:
    problem = unknown_name("machine", name, names())
    known = "" if "known are" in problem else f" Known are {', '.join(names())}"
    return f"{problem}{known}"
