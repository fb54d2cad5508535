"""Parts that a file names and gives options to: topologies, backends, routers, algorithms.

A part is written by its name, or as a mapping of its name and its options. Which options there are
the part itself says, by a model of them; so they are read once the part has been looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import partial
from typing import Annotated, ClassVar, TypeAlias, TypeVar

from pydantic import ConfigDict, PlainSerializer, PlainValidator, WithJsonSchema

from simastra.errors import ConfigError
from simastra.quick_dataclass import dataclass

from .base import ConfigModel
from .messages import problem, show, show_key


@dataclass(frozen=True, slots=True)
class Part:
    """A part by its name, and what it is told.

    Attributes:
        name: as in its table.
        options: as written.
    """

    name: str
    options: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        told = ", ".join(f"{key} {value}" for key, value in self.options.items())
        return f"{self.name} ({told})" if told else self.name


class PartOptions(ConfigModel):
    """Options of a part, also of one's own: derive, and name the fields as in the file.

    >>> class ExpressOptions(PartOptions):
    ...     stride: int = 4

    Attributes:
        paths: the fields that name files, whose paths begin at the network file's folder.
    """

    model_config = ConfigDict(alias_generator=None)  # as a network file's keys are spelled

    word: ClassVar[str] = "options"
    paths: ClassVar[tuple[str, ...]] = ()


def part_of(value: object, what: str) -> str | Part:
    """A name, or a name with options.

    Args:
        value: as written.
        what: it names.
    """
    match value:
        case str() | Part():
            return value
        case {"name": str() as name, **options}:
            return Part(name, {str(key): option for key, option in options.items()})
        case {"name": name}:
            raise problem(f"has {show(name)} for its name; write a string")
        case Mapping():
            raise problem(f"lacks the key 'name', which says which {what} it is")
        case _:
            raise problem(f"must be a string, not {show(value)}")


def written(part: str | Part) -> str | dict[str, object]:
    """A part as a file has it."""
    return part if isinstance(part, str) else {"name": part.name, **part.options}


_TOLD_MORE: dict[str, object] = {
    "type": "object",
    "properties": {
        "name": {"description": "the name; its options stand beside it", "type": "string"}
    },
    "required": ["name"],
}
"""An object that names a part; where the parts' options are known, the schema has these instead."""

TopologyPart: TypeAlias = Annotated[
    str | Part,
    PlainValidator(partial(part_of, what="topology")),
    PlainSerializer(written),
    WithJsonSchema({"type": "string"}),
]
AlgorithmPart: TypeAlias = Annotated[
    str | Part,
    PlainValidator(partial(part_of, what="algorithm")),
    PlainSerializer(written),
    WithJsonSchema({"anyOf": [{"type": "string"}, _TOLD_MORE]}),
]


def parts_of(value: object) -> tuple[Part, ...]:
    """Names, each with its options."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, Mapping):
        raise problem(f"must be a mapping of backends to their options, not {show(value)}")
    parts = []
    for name, options in value.items():
        if not isinstance(options, Mapping):
            text = f"must be a mapping of options to values, not {show(options)}"
            raise problem(text, key=f"backend_options.{show_key(name)}")
        parts.append(Part(str(name), dict(options)))
    return tuple(parts)


_OptionsT = TypeVar("_OptionsT", bound=PartOptions)


def read_options(
    part: Part, model: type[_OptionsT] | None, error: Callable[[str, str], ConfigError], key: str
) -> _OptionsT | None:
    """What a part is told, checked; None if it takes no options.

    Args:
        part: as the file has it.
        model: of its options; None if it takes none.
        error: makes the error of a problem and a key.
        key: where in the file its options stand.

    Raises:
        ConfigError: if it takes no options, or not these.
    """
    if model is None:
        if part.options:
            raise error(f"{part.name} takes no options", f"{key}.{next(iter(part.options))}")
        return None
    try:
        return model.parse(dict(part.options))
    except ConfigError as wrong:
        raise ConfigError.of(
            error(it.problem, f"{key}.{it.key}" if it.key else key) for it in wrong.mistakes
        ) from None
