"""A scenario's file -> a ScenarioConfig, or one error that names file, key and line."""

from __future__ import annotations

from pathlib import Path

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
    text = limited_text(path, _LARGEST)
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return ScenarioConfig.parse({}, path)
    mapping, lines = read_yaml(text, path, _WANTED)
    with telling_lines(line_in(lines)):
        return ScenarioConfig.parse(with_truths(mapping), path)
