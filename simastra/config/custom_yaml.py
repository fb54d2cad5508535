"""Turn the text of a per-node custom implementation file into a mapping (behaviour 1.2, 3.13)."""

from pathlib import Path

from simastra.errors import ConfigError

from .yaml_file import read_yaml

_WANTED = "keys that are ids of ET nodes, each with the prefix of its ET files"


def parse_custom_yaml(text: str, source: Path | str) -> dict[int, str]:
    """Read ``{node id: ET prefix}``.

    Raises:
        ConfigError: it isn't plain YAML, a key isn't a node id, or a value isn't text.
    """
    mapping, lines = read_yaml(text, source, _WANTED)
    prefixes: dict[int, str] = {}
    for key, value in mapping.items():
        where = f"(line {lines[key]})" if key in lines else ""
        if not (key.isascii() and key.isdigit()):
            raise ConfigError(f"isn't the id of an ET node {where}", source=source, key=key)
        if not isinstance(value, str) or not value:
            raise ConfigError(
                f"must be the prefix of ET files, as text {where}", source=source, key=key
            )
        prefixes[int(key)] = value
    return prefixes
