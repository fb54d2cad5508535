"""Turn the text of a per-node custom implementation file into a mapping (behaviour 1.2, 3.13)."""

from pathlib import Path

from simastra.errors import ConfigError

from .lines import telling_lines
from .yaml_file import read_yaml

_WANTED = "keys that are ids of ET nodes, each with the prefix of its ET files"


def parse_custom_yaml(text: str, source: Path | str) -> dict[int, str]:
    """Read ``{node id: ET prefix}``.

    Raises:
        ConfigError: it isn't plain YAML, a key isn't a node id, or a value isn't text.
    """
    mapping, lines = read_yaml(text, source, _WANTED)
    prefixes: dict[int, str] = {}
    wrong = []
    for key, value in mapping.items():
        if not (key.isascii() and key.isdigit()):
            wrong.append(ConfigError("isn't the id of an ET node", source=source, key=key))
        elif not isinstance(value, str) or not value:
            text = "must be the prefix of ET files, as text"
            wrong.append(ConfigError(text, source=source, key=key))
        else:
            prefixes[int(key)] = value
    if wrong:
        with telling_lines(lines.get):
            raise ConfigError.of(wrong)
    return prefixes
