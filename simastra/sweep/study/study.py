"""A study: what is varied, of what, and what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import final

from simastra.config.messages import show
from simastra.errors import ConfigError
from simastra.sweep.digest import digest_of

from .axes import Axis, Setting
from .documents import InputFiles
from .expressions import ExpressionError, StudyExpression
from .inputs import PointInputs
from .mode_choice import ModeChoice
from .objectives import Objective
from .reading import Content, load_study, read_study
from .reading_repeat import statistic_of
from .scope import NotKnownError, PointScope
from .space import Space, SpaceCondition
from .workloads import TraceFilesGiven

_STUDY, _SOURCE, _FOLDER, _FILES = "study", "source", "folder", "files"
"""Keys of a document: the study as it is written, its file, what its paths are relative to, and
what stands in the files that it names."""


@final
class Study:
    """What is asked: inputs, axes with their values, conditions, columns and objectives.

    It never changes, and can be pickled, for other processes for instance.

    >>> study = Study(
    ...     generate={"kind": "collective", "size": "1MiB"},
    ...     system="@demo",
    ...     network="@demo",
    ...     axes={"network.bandwidth[0]": [25, 50], "network.latency[0]": [500, "1us"]},
    ... )
    >>> study.space.size, study.space.setting(3)
    (4, {'network.bandwidth[0]': 50, 'network.latency[0]': 1000})

    Args:
        keys: as in a study's file, with underscores for dashes; paths are relative to the folder
            that Python works in.

    Raises:
        ConfigError: all that is wrong.
        InputError: a file that it names is wrong.
    """

    def __init__(self, **keys: object) -> None:
        mapping = {name.replace("_", "-"): it for name, it in keys.items()}
        self._content = read_study(mapping, InputFiles(Path(), "study"))

    @classmethod
    def load(cls, path: Path | str, changes: Mapping[str, str] | None = None) -> Study:
        """Read a study's file.

        >>> study = Study.load("@topology-cost", {"network.npus_count[0]": "16"})
        >>> study.inputs(study.space.setting(0)).network.npus
        16

        Args:
            path: of the file, or the name of a ready study such as ``@best-parallelism``.
            changes: what is to stand at some of its keys instead, as text of such a file: by key
                paths such as ``generate.model``, or ``axes.generate.tp`` for an axis.

        Raises:
            ConfigError: all that is wrong with it, with its lines.
            InputError: there is no such ready study, or a change fits nowhere.
        """
        return cls._of(load_study(path, changes or {}))

    @classmethod
    def of(cls, mapping: Mapping[str, object], folder: Path | str = "") -> Study:
        """Make a study of a mapping such as a file has, or of what `document` gives.

        Args:
            mapping: what it says.
            folder: what paths are relative to, if it is no document.

        Raises:
            ConfigError: all that is wrong.
        """
        if _STUDY not in mapping:
            return cls._of(read_study(mapping, InputFiles(Path(folder), "study")))
        source = str(mapping.get(_SOURCE, "study"))
        files = InputFiles(Path(str(mapping.get(_FOLDER, folder))), source)
        files.know(mapping.get(_FILES))
        written = mapping[_STUDY]
        if not isinstance(written, Mapping):
            raise ConfigError("is no study's document", source="study", key=_STUDY)
        return cls._of(read_study(written, files))

    @classmethod
    def _of(cls, content: Content) -> Study:
        made = object.__new__(cls)
        made._content = content
        return made

    @property
    def title(self) -> str:
        """What is asked, in a line."""
        return self._content.title

    @property
    def source(self) -> str:
        """The file, or a word that stands for it, for messages."""
        return str(self._content.files.source)

    @property
    def files(self) -> tuple[str, ...]:
        """Names of all files that it was read from, those of traces included."""
        own = self._content.files.source
        return (*((str(own),) if isinstance(own, Path) else ()), *self._content.files.names)

    @property
    def trace_files(self) -> tuple[TraceFilesGiven, ...]:
        """All workloads that are files: the base's, and those of axes."""
        return self._content.files.traces

    @property
    def axes(self) -> tuple[Axis, ...]:
        """What is varied; the first is the outermost of the grid."""
        return self._content.axes

    @property
    def where(self) -> tuple[StudyExpression, ...]:
        """What a point must meet."""
        return self._content.where

    @property
    def columns(self) -> Mapping[str, StudyExpression]:
        """The study's own columns, by name."""
        return self._content.columns

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """What is wanted."""
        return self._content.objectives

    @property
    def for_each(self) -> tuple[str, ...]:
        """Axes that are part of the question: points are compared with those alike in them."""
        return self._content.for_each

    @property
    def mode(self) -> ModeChoice:
        """Which points are run."""
        return self._content.mode

    @cached_property
    def space(self) -> Space:
        """All points."""
        every = frozenset(axis.name for axis in self.axes)
        asked = [self._content.names.axes_of(it.names) for it in self.where]
        conditions = [
            SpaceCondition(every if axes is None else axes, partial(self._meets, at))
            for at, axes in enumerate(asked)
        ]
        return Space(self.axes, conditions)

    def _meets(self, at: int, setting: Setting) -> bool:
        """Whether a setting meets a condition; one that makes no sense is let pass.

        Such a setting becomes a row that says what is wrong.
        """
        try:
            return bool(self.where[at].value(self.scope(setting, {}).value))
        except ExpressionError as error:
            where = ", ".join(f"{name}={value}" for name, value in setting.items())
            problem = f"{error}, where {where}"
            raise ConfigError(problem, source=self.source, key=f"where[{at}]") from None
        except ConfigError:
            return True

    def inputs(self, setting: Setting) -> PointInputs:
        """The inputs of a point; models with the same content are the same objects.

        Raises:
            InputError: the setting makes no sense.
        """
        return self._content.maker.inputs(setting)

    def derived(self, setting: Setting, row: Mapping[str, object]) -> dict[str, object]:
        """The study's own columns at a point; None for one that can't be told.

        Args:
            setting: of the axes.
            row: what has been measured; empty for what is known before a run.

        Raises:
            InputError: the setting makes no sense, or a column is no number.
        """
        scope = self.scope(setting, row)
        values: dict[str, object] = {}
        for name in self.columns:
            try:
                value = scope.column(name)
                if not isinstance(value, int | float):
                    problem = f"must be a number, not {show(value)}, as it is at this point"
                    raise ConfigError(problem, source=self.source, key=f"columns.{name}")
                float(value)  # as the table has it
                values[name] = int(value) if isinstance(value, bool) else value
            except (NotKnownError, ExpressionError, OverflowError):
                values[name] = None
        return values

    def document(self) -> dict[str, object]:
        """What was asked, ready for JSON: `of` makes the same study of it again."""
        return {
            "title": self.title,
            "axes": [
                {"name": it.name, "keys": list(map(str, it.keys)), "values": list(it.values)}
                for it in self.axes
            ],
            "where": [it.text for it in self.where],
            "columns": {name: it.text for name, it in self.columns.items()},
            "objectives": {it.column: it.goal.value for it in self.objectives},
            "for-each": list(self.for_each),
            "statistic": statistic_of(self._content.written.get("repeat")),
            "mode": {self.mode.name: self.mode.settings.model_dump(mode="json", by_alias=True)},
            "digest": self.digest,
            _STUDY: dict(self._content.written),
            _SOURCE: self.source,
            _FOLDER: str(self._content.files.folder.absolute()),
            _FILES: self._content.files.document(),
        }

    @cached_property
    def digest(self) -> str:
        """Of all that decides the table but for its points: base inputs, axes, columns, goals."""
        base = self._content.maker.base_document()
        return digest_of(
            {
                "base": base,
                "axes": [[it.name, *map(str, it.keys)] for it in self.axes],
                "columns": {name: it.text for name, it in self.columns.items()},
                "objectives": [[it.column, it.goal.value] for it in self.objectives],
            }
        )

    def scope(self, setting: Setting, row: Mapping[str, object]) -> PointScope:
        """What names in expressions are worth at a point.

        Args:
            setting: of the axes.
            row: what has been measured.
        """
        content = self._content
        return PointScope(content.names, setting, content.maker, content.columns, row)

    def __repr__(self) -> str:
        varied = ", ".join(f"{axis.name}: {len(axis.values)}" for axis in self.axes)
        return f"<Study {self.title or self.source}: {varied}>"
