"""A scenario's file -> a ScenarioConfig, or one error that names file, key and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simastra.config.lines import line_in, telling_lines
from simastra.config.text_file import limited_text
from simastra.config.yaml_file import read_yaml, with_truths
from simastra.units import Bytes, MiB

from .config import ScenarioConfig

_LARGEST: Bytes = MiB
_WANTED = "keys of a scenario: npus, jitter, links, jobs or restart"


def load_scenario(path: Path | str) -> ScenarioConfig:
    """Read a scenario's file. One without any key changes nothing.

    Raises:
        ConfigError: it can't be read or is wrong.
    """
    return parse_scenario(limited_text(path, _LARGEST), path)


def parse_scenario(text: str, path: Path | str) -> ScenarioConfig:
    """Read a scenario's text.

    Raises:
        ConfigError: all that is wrong with it.
    """
    mapping, lines = _read(text, path)
    with telling_lines(line_in(lines)):
        return ScenarioConfig.parse(mapping, path, lines)


def scenario_document(path: Path | str) -> dict[str, Any]:
    """What a scenario's file says, as a mapping that has been checked.

    Raises:
        ConfigError: it can't be read or is wrong.
    """
    text = limited_text(path, _LARGEST)
    parse_scenario(text, path)
    return _read(text, path)[0]


def _read(text: str, path: Path | str) -> tuple[dict[str, Any], dict[str, int]]:
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return {}, {}
    mapping, lines = read_yaml(text, path, _WANTED)
    return with_truths(mapping), lines
