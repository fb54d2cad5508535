"""Read YAML text as ASTRA-sim's YAML library would, noting the line of every value.

That library leaves every scalar as text and converts it when it is asked for a number. So do we:
YAML 1.1's octals, base 60 and ``1e3``-is-text would give other numbers than ASTRA-sim.
"""

import re
from pathlib import Path

import yaml

from simastra.errors import ConfigError

from .messages import show_key

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\.(inf|nan)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")  # octal for ASTRA-sim, a typing error for most people
_NULLS = ("", "~", "null")
_DEEPEST = 8  # our files have depth 2; a little more gets a message that names the key


def read_yaml(
    text: str, source: Path | str, wanted: str
) -> tuple[dict[str, object], dict[str, int]]:
    """Read a mapping of scalars, lists and further mappings.

    Args:
        text: of the file.
        source: the file, for messages.
        wanted: what the file should hold, for the message about one that holds something else.

    Returns:
        The mapping, and the line of each key (``bandwidth``) and list entry (``bandwidth[1]``).

    Raises:
        ConfigError: it isn't plain YAML of that kind.
    """
    root = _compose(text, source, wanted)
    lines: dict[str, int] = {}
    return _read_mapping(root, lines, source), lines


def _reworded(problem: str) -> str:
    """What PyYAML says, of a usual mistake in our words."""
    if r"'\t' that cannot start any token" in problem:
        return "a line begins with a tab; indent it by blanks"
    return problem


def _compose(text: str, source: Path | str, wanted: str) -> yaml.MappingNode:
    try:
        _refuse_what_nobody_needs(text, source)
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark.line) if error.problem_mark else ""
        problem = f"is not YAML: {_reworded(error.problem or '')}{line}"
        raise ConfigError(problem, source=source) from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(f"is not YAML: {reason}", source=source) from None
    if root is None:
        raise ConfigError(f"is empty; it needs {wanted}", source=source)
    if not isinstance(root, yaml.MappingNode):
        raise ConfigError(f"must have {wanted}{_line(root.start_mark.line)}", source=source)
    return root


def _refuse_what_nobody_needs(text: str, source: Path | str) -> None:
    """Refuse aliases (a small file can become huge) and depth (PyYAML takes quadratic time)."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        line = _line(event.start_mark.line) if event.start_mark else ""
        match event:
            case yaml.AliasEvent():
                problem = f"uses the YAML alias *{event.anchor}; write the value itself{line}"
                raise ConfigError(problem, source=source)
            case yaml.CollectionStartEvent():
                depth += 1
            case yaml.CollectionEndEvent():
                depth -= 1
            case _:
                pass
        if depth > _DEEPEST:
            raise ConfigError(f"is nested too deeply{line}", source=source)


def _line(line_from_0: int) -> str:
    return f" (line {line_from_0 + 1})"


def _read_mapping(
    root: yaml.MappingNode, lines: dict[str, int], source: Path | str
) -> dict[str, object]:
    """Read keys and values; note in ``lines`` where each key and list entry is."""
    mapping: dict[str, object] = {}
    for key_node, value_node in root.value:
        if not isinstance(key_node, yaml.ScalarNode):
            line = _line(key_node.start_mark.line)
            raise ConfigError(f"has a key that is not text{line}", source=source)
        key = key_node.value
        shown = show_key(key)
        if key in mapping:
            problem = f"is given twice{_line(key_node.start_mark.line)}"
            raise ConfigError(problem, source=source, key=shown)
        lines[shown] = key_node.start_mark.line + 1
        mapping[key] = _read_value(value_node, source)
        if isinstance(value_node, yaml.SequenceNode):
            for index, entry in enumerate(value_node.value):
                lines[f"{shown}[{index}]"] = entry.start_mark.line + 1
    return mapping


def _read_value(node: yaml.Node, source: Path | str) -> object:
    match node:
        case yaml.SequenceNode():
            return [_read_value(entry, source) for entry in node.value]
        case yaml.MappingNode():
            return _read_mapping(node, {}, source)
        case yaml.ScalarNode():
            return _read_scalar(node.value, plain=node.style is None)
        case _:
            raise TypeError(f"PyYAML made a {type(node).__name__}")


def _read_scalar(text: str, *, plain: bool) -> object:
    if plain and text in _NULLS:
        return None
    if _LEADING_ZERO.fullmatch(text):
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    return text
