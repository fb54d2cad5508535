"""All of a scenario's file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError
from pydantic_core import ErrorDetails

from simastra.config.json_places import dotted
from simastra.config.lines import line_in
from simastra.config.messages import MOST_ALIKE, show, unknown_key
from simastra.config.mistakes import plainly_worded
from simastra.deferred import deferred
from simastra.errors import ConfigError
from simastra.reading import is_reference

from .jitter import Jitter
from .jobs import JobEntry
from .links import LinkEntry
from .npus import NpuEntry, npu_entries
from .restart import Restart
from .section import Listed, ScenarioSection
from .selectors import NpuSelector, SelectorError

if TYPE_CHECKING:
    from . import shown
else:  # only notebooks ask
    shown = deferred("simastra.scenario.shown")

_ENTRY = re.compile(r"npus\[(\d+)\]")

WORD = "scenario"
"""What stands for the source of one that wasn't read from a file."""


class ScenarioConfig(ScenarioSection):
    """What is different from what the other inputs say, as a file has it (docs/scenarios.md).

    >>> ScenarioConfig.parse({"npus": [{"npus": 3, "compute": 0.5}]}).npus[0].compute
    Fraction(1, 2)

    Raises:
        ConfigError: all that is wrong with it.
    """

    version: Literal[1] = 1
    """of the format"""

    title: Annotated[str, Field(max_length=1000)] = ""
    """what is asked, in a line"""

    npus: Annotated[tuple[NpuEntry, ...], Listed, BeforeValidator(npu_entries)] = ()
    """what some NPUs are like, and what happens to them"""

    jitter: Jitter | None = None
    """what takes now longer, now less long"""

    links: Annotated[tuple[LinkEntry, ...], Listed] = ()
    """what happens to links"""

    jobs: Annotated[tuple[JobEntry, ...], Listed] = ()
    """several workloads on the same machine"""

    restart: Restart | None = None
    """checkpoints, failures and restarts of a training of many such steps"""

    _source: Path | str = PrivateAttr(default=WORD)
    _lines: Mapping[str, int] = PrivateAttr(default_factory=dict)

    def __init__(self, **keys: object) -> None:
        try:
            super().__init__(**keys)
        except ValidationError as error:
            raise ConfigError.of(_told(error.errors(), keys)) from None

    @classmethod
    def parse(
        cls,
        mapping: object,
        source: Path | str = WORD,
        lines: Mapping[str, int] = MappingProxyType({}),
    ) -> Self:
        """Validate what a file (or a mapping with a file's keys) says.

        Args:
            mapping: keys as in the file.
            source: the file, for messages and for what paths are relative to.
            lines: on which of its lines keys stand, for messages about what doesn't fit later.

        Raises:
            ConfigError: all that is wrong.
        """
        if not isinstance(mapping, Mapping):
            problem = f"must be a mapping of keys to values, not {show(mapping)}"
            raise ConfigError(problem, source=source)
        try:
            made = cls(**{str(key): it for key, it in mapping.items()})
        except ConfigError as error:
            raise ConfigError.of(
                ConfigError(it.problem, source=source, key=_as_written(it.key, mapping))
                for it in error.mistakes
            ) from None
        made._source, made._lines = source, dict(lines)
        return made

    @property
    def source(self) -> Path | str:
        """The file that this was read from, or ``scenario``."""
        return self._source

    @property
    def file(self) -> Path | str | None:
        """The same; None where it wasn't read from one."""
        return None if self._source == WORD else self._source

    @property
    def folder(self) -> Path:
        """What paths in it are relative to."""
        return Path(self._source).parent if self._source != WORD else Path()

    @property
    def files(self) -> tuple[Path, ...]:
        """Further files that it names, but for traces."""
        draws = () if self.jitter is None else (self.jitter.compute, self.jitter.messages)
        numbers = [it.file for it in draws if it is not None and it.file]
        systems = [it.system for it in self.npus if isinstance(it.system, str)]
        groups = [it.comm_groups for it in self.jobs if it.comm_groups is not None]
        named = (*numbers, *groups, *(it for it in systems if not is_reference(it)))
        return tuple(self.folder / it for it in named)

    @property
    def selectors(self) -> Mapping[str, NpuSelector]:
        """What selects NPUs of the machine, by its key."""
        jitter = self.jitter
        draws = (
            () if jitter is None else (("compute", jitter.compute), ("messages", jitter.messages))
        )
        return {
            **{f"npus[{index}].npus": it.npus for index, it in enumerate(self.npus)},
            **{f"jitter.{key}.npus": it.npus for key, it in draws if it is not None},
        }

    def error(self, problem: str, key: str) -> ConfigError:
        """Make (not raise) an error about what stands at a key."""
        line = line_in(self._lines)(key)
        told = problem if line is None else f"{problem} (line {line})"
        return ConfigError(told, source=self.source, key=key)

    @contextmanager
    def following(self, key: str) -> Iterator[None]:
        """Follow a selector that stands at a key.

        Raises:
            ConfigError: it selects what the machine doesn't have.
        """
        try:
            yield
        except SelectorError as error:
            raise self.error(str(error), key) from None

    def _repr_html_(self) -> str:
        return shown.scenario_html(self.title or str(self.source), self._places())

    @property
    def sections(self) -> dict[str, tuple[ScenarioSection, ...]]:
        """The sections that there are, each with its entries; one without any is its own."""
        listed = {"npus": self.npus, "links": self.links, "jobs": self.jobs}
        single = {"jitter": self.jitter, "restart": self.restart}
        told = {name: (it,) for name, it in single.items() if it is not None}
        return {name: it for name, it in listed.items() if it} | told

    def _places(self) -> dict[str, ScenarioSection]:
        """Entries, and sections without any, by their places."""
        return {
            f"{name}[{index}]" if name in _LISTS else name: entry
            for name, entries in self.sections.items()
            for index, entry in enumerate(entries)
        }

    def __eq__(self, other: object) -> bool:
        # pydantic's own comparison includes private attributes, hence the source.
        return type(self) is type(other) and dict(self) == dict(other)

    def __hash__(self) -> int:
        return hash((self.version, self.title, repr(self)))


def _as_written(key: str | None, mapping: Mapping[Any, object]) -> str | None:
    """A key of an entry, as it is spelt where the section is a mapping of NPUs."""
    entries, match = mapping.get("npus"), _ENTRY.match(key or "")
    if key is None or match is None or not isinstance(entries, Mapping):
        return key
    return f"npus.{list(entries)[int(match[1])]}{key[match.end() :]}"


def _told(details: list[ErrorDetails], data: object) -> list[ConfigError]:
    """A message for each mistake; of very many, the first ones."""
    told = []
    for detail in details[: 2 * MOST_ALIKE]:
        path, problem = plainly_worded(detail, data)
        if detail["type"] == "extra_forbidden":
            problem = unknown_key(path[-1], _keys(path))
        told.append(ConfigError(problem, source=WORD, key=dotted(path) or None))
    return told


_LISTS = ("npus", "links", "jobs")
"""Sections of entries."""

_SECTIONS: Mapping[str, type[ScenarioSection]] = {
    "npus": NpuEntry,
    "links": LinkEntry,
    "jobs": JobEntry,
    "jitter": Jitter,
    "restart": Restart,
}


def _keys(path: list[str | int]) -> list[str]:
    """The keys that there are where a path leads."""
    model: type[ScenarioSection] = ScenarioConfig
    for step in path[:-1]:
        field = model.model_fields.get(str(step).replace("-", "_"))
        if isinstance(step, str):
            model = _SECTIONS.get(step) or _model(field.annotation if field else None) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model(annotation: object) -> type[ScenarioSection] | None:
    """The section that a field may have."""
    for it in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(it, type) and issubclass(it, ScenarioSection):
            return it
    return None
