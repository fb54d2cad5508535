"""Values as YAML on one line, which our reader, and any other, reads as the same values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from simastra.config.yaml_scalars import is_number
from simastra.errors import InputError

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_OTHER_VALUES = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_WORDS = {None: "null", False: "false", True: "true"}
_ESCAPES = {'"': '\\"', "\\": "\\\\"}
_ESCAPED_BY = ((0xFF, "x", 2), (0xFFFF, "u", 4), (0x10FFFF, "U", 8))


def inline(value: object) -> str:
    """The text of a value: a mapping, a list, or what stands in them.

    Raises:
        InputError: if some text in it would be read as a number.

    >>> inline({"from": "npu[0:4]", "to": "leaf.0", "bandwidth": 50.0, "latency": 0.5})
    '{from: "npu[0:4]", to: leaf.0, bandwidth: 50, latency: 0.5}'
    """
    match value:
        case Mapping():
            entries = (f"{inline(key)}: {inline(each)}" for key, each in value.items())
            return "{" + ", ".join(entries) + "}"
        case Sequence() if not isinstance(value, str):
            return "[" + ", ".join(map(inline, value)) + "]"
        case None | bool():
            return _WORDS[value]
        case int() | float():
            return _number(value)
        case _:
            return _text(str(value))


def _number(value: float) -> str:
    text = str(value)
    return text.removesuffix(".0")


def _text(text: str) -> str:
    if is_number(text):
        raise InputError(f"{text!r} can't be written: it would be read as a number; rename it")
    if _PLAIN.fullmatch(text) and text.lower() not in _OTHER_VALUES:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    """A character between double quotes. YAML lets more stand there, but breaks lines at some."""
    if " " <= character <= "~":
        return _ESCAPES.get(character, character)
    code = ord(character)
    letter, digits = next((it, count) for most, it, count in _ESCAPED_BY if code <= most)
    return f"\\{letter}{code:0{digits}x}"
