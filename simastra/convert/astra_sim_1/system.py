"""A system file of ASTRA-sim 1.x: a key and a value a line.

(Behaviour 1.2, for what became of its keys.)
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from simastra.config import SystemConfig
from simastra.errors import ConfigError
from simastra.notices import Notice, Severity

_LINE = re.compile(r"\s*([A-Za-z][\w-]*)\s*:\s*(\S+)\s*")
_LISTS = re.compile(r"all-(reduce|gather|to-all)-implementation|reduce-scatter-implementation")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")

_DROPPED = {
    "boost-mode": ("0", "1"),
    "intra-dimension-scheduling": ("FIFO",),
    "inter-dimension-scheduling": ("ascending", "baseline"),
    "seprate-log": ("0", "1"),
}
"""Keys that no later version reads, and the values that change nothing."""


def convert_system(
    text: str, source: Path | str, notices: list[Notice]
) -> tuple[SystemConfig, str]:
    """Convert a file's content; adds what was left out to `notices`.

    Returns:
        what it says, and the JSON that says so.

    Raises:
        ConfigError: a line isn't of that form, or says what no later version can be told.
    """
    keys: dict[str, object] = {}
    for number, key, word in _entries(text, source):
        if key in keys:
            raise ConfigError(f"is given twice (line {number})", source=source, key=key)
        if key in _DROPPED:
            notices.append(_dropped(key, word, source))
        else:
            keys[key] = _value(key, word)
    return SystemConfig.parse(keys, source), json.dumps(keys, indent=2) + "\n"


def _entries(text: str, source: Path | str) -> Iterator[tuple[int, str, str]]:
    """The number of each line that isn't blank or a comment, its key and its value."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ConfigError(
                f"line {number} isn't 'key: value', as in a system file of ASTRA-sim 1.x, and the "
                "file isn't one of its network files, which are JSON, either",
                source=source,
            )
        yield number, match[1], match[2]


def _value(key: str, word: str) -> object:
    if _LISTS.fullmatch(key):
        return word.split("_")
    if _NUMBER.fullmatch(word):
        return int(word)
    return float(word) if _DECIMAL.fullmatch(word) else word


def _dropped(key: str, word: str, source: Path | str) -> Notice:
    changes_nothing = word in _DROPPED[key]
    return Notice(
        "left-out",
        f"{source}: {key}",
        "is left out: no version of ASTRA-sim since 2.0 reads it"
        + ("" if changes_nothing else f", so that {word} has no successor"),
        "nothing is to be done" if changes_nothing else "compare results with care",
        Severity.INFO if changes_nothing else Severity.WARNING,
    )
