"""Read YAML text as ASTRA-sim's YAML library would, noting the line of every value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from simastra.deferred import deferred
from simastra.errors import ConfigError

from .flat_yaml import read_flat
from .messages import show_key
from .yaml_scalars import read_scalar

if TYPE_CHECKING:
    import yaml
else:  # usual network files are read without it
    yaml = deferred("yaml")

_LONG = 2**16
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
        The mapping, and the line of each key and list entry: of ``bandwidth``, ``bandwidth[1]``,
        ``graph.links[3].from``.

    Raises:
        ConfigError: it isn't plain YAML of that kind.
    """
    return read_flat(text) or read_by_library(text, source, wanted)


def read_by_library(
    text: str, source: Path | str, wanted: str
) -> tuple[dict[str, object], dict[str, int]]:
    """The same, of YAML that is written in whatever way."""
    root = _compose(text, source, wanted)
    reader = _Reader(source)
    return reader.mapping(root, ""), reader.lines


def _reworded(problem: str) -> str:
    """What PyYAML says, of a usual mistake in our words."""
    if r"'\t' that cannot start any token" in problem:
        return "a line begins with a tab; indent it by blanks"
    if "but got '['" in problem or "but found '['" in problem:
        return f'{problem}; write a name with brackets in quotes, as "npu[0:4]"'
    return problem


def _loader(text: str) -> Any:
    """PyYAML's own, which says best what is wrong; for long texts libyaml's, ten times as fast."""
    return yaml.BaseLoader if len(text) <= _LONG else getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _compose(text: str, source: Path | str, wanted: str) -> yaml.MappingNode:
    try:
        _refuse_what_nobody_needs(text, source)
        root = yaml.compose(text, Loader=_loader(text))
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
    for event in yaml.parse(text, Loader=_loader(text)):
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


class _Reader:
    """Reads values, and notes where each is.

    Args:
        source: the file, for messages.

    Attributes:
        lines: of each key and list entry, from 1.
    """

    def __init__(self, source: Path | str) -> None:
        self._source = source
        self.lines: dict[str, int] = {}

    def mapping(self, root: yaml.MappingNode, place: str) -> dict[str, object]:
        """The mapping that stands at a place, which ends in a dot unless it is the whole file."""
        read: dict[str, object] = {}
        for key_node, value_node in root.value:
            line = key_node.start_mark.line
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigError(f"has a key that is not text{_line(line)}", source=self._source)
            key = key_node.value
            shown = place + show_key(key)
            if key in read:
                text = f"is given twice{_line(line)}"
                raise ConfigError(text, source=self._source, key=shown)
            self.lines[shown] = line + 1
            read[key] = self._value(value_node, shown)
        return read

    def _value(self, node: yaml.Node, place: str) -> object:
        match node:
            case yaml.SequenceNode():
                return [self._entry(it, f"{place}[{at}]") for at, it in enumerate(node.value)]
            case yaml.MappingNode():
                return self.mapping(node, f"{place}.")
            case yaml.ScalarNode():
                return read_scalar(node.value, plain=node.style is None)
            case _:
                raise TypeError(f"PyYAML made a {type(node).__name__}")

    def _entry(self, node: yaml.Node, place: str) -> object:
        self.lines[place] = node.start_mark.line + 1
        return self._value(node, place)


def with_truths(value: Any) -> Any:
    """With truth values for the words, which are texts to a reader of network files."""
    match value:
        case "true" | "false":
            return value == "true"
        case dict():
            return {key: with_truths(it) for key, it in value.items()}
        case list():
            return [with_truths(it) for it in value]
        case _:
            return value
