"""Reads a study, and tells all that is wrong with it at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from simastra.config.lines import line_in, telling_lines
from simastra.config.text_file import limited_text
from simastra.config.yaml_file import read_yaml, with_truths
from simastra.errors import ConfigError
from simastra.reading import is_reference
from simastra.units import Bytes, MiB

from .axes import Axis
from .changes import changed
from .documents import InputFiles, StudyInput
from .expressions import StudyExpression
from .inputs import InputMaker
from .measured import MEASURED
from .mistakes import Mistakes
from .mode_choice import ModeChoice
from .model import StudyConfig
from .names import NPUS, Names
from .objectives import Objective
from .reading_axes import check_paths, read_axes, unread_axes
from .reading_columns import check_columns, read_columns, read_conditions, read_objectives
from .reading_for_each import read_for_each
from .reading_repeat import with_repeats
from .ready import ready_text
from .roots import ROOTS

_LARGEST: Bytes = MiB
_WANTED = "the keys of a study: workload or generate, system, network and axes"
_NOTHING: Mapping[str, Any] = MappingProxyType(
    {
        "axes": {},
        "repeat": None,
        "columns": {},
        "where": (),
        "objectives": {},
        "for-each": (),
        "mode": "grid",
    }
)
"""What stands for keys that are wrong."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a study says, read."""

    title: str
    axes: tuple[Axis, ...]
    where: tuple[StudyExpression, ...]
    columns: Mapping[str, StudyExpression]
    objectives: tuple[Objective, ...]
    for_each: tuple[str, ...]
    mode: ModeChoice
    maker: InputMaker
    names: Names
    written: Mapping[str, object]
    files: InputFiles


def load_study(path: Path | str, changes: Mapping[str, str]) -> Content:
    """Read a study's file, or a ready study.

    Args:
        path: of the file, or its name behind an ``@``.
        changes: texts that are to stand at key paths instead.

    Raises:
        ConfigError: all that is wrong with it, with the lines.
        InputError: there is no such ready study, or a change fits nowhere.
    """
    text = ready_text(str(path)) if is_reference(path) else limited_text(path, _LARGEST)
    folder = Path() if is_reference(path) else Path(path).parent
    mapping, lines = read_yaml(text, path, _WANTED)
    for key, written in changes.items():
        mapping = changed(mapping, key, written)
    line_of, anew = line_in(lines), tuple(changes)
    source = path if is_reference(path) else Path(path)
    with telling_lines(lambda key: None if key.startswith(anew) else line_of(key)):
        return read_study(with_truths(mapping), InputFiles(folder, source))


def read_study(mapping: Mapping[str, object], files: InputFiles) -> Content:
    """Read a study.

    Args:
        mapping: what it says.
        files: reads its inputs.

    Raises:
        ConfigError: all that is wrong with it.
    """
    mistakes = Mistakes(files.source)
    content = _Reader(files, mistakes).content(mapping)
    if mistakes.found or content is None:
        raise ConfigError.of(mistakes.found)
    return content


@dataclass(frozen=True)
class _Reader:
    """Reads the parts of a study, and goes on where one is wrong."""

    files: InputFiles
    mistakes: Mistakes

    def content(self, mapping: Mapping[str, object]) -> Content | None:
        """All of it; None where something is wrong."""
        config = None
        with self.mistakes.telling(""):
            config = StudyConfig.parse(mapping, self.files.source)
        keys = self._right(mapping, config)
        base = self._base(keys)
        written_axes = with_repeats(keys["axes"], keys["repeat"], base, self.mistakes)
        axes = read_axes(written_axes, self.mistakes)
        named = (*axes, *unread_axes(written_axes, axes))
        columns = read_columns(keys["columns"], {it.name for it in named}, self.mistakes)
        names = Names(named, {*MEASURED, *columns} - {NPUS})
        check_columns(columns, names, self.mistakes)
        where = read_conditions(keys["where"], Names(named, ()), columns, self.mistakes)
        objectives = tuple(read_objectives(keys["objectives"], columns, self.mistakes))
        mode = self._mode(keys["mode"])
        for_each = read_for_each(keys["for-each"], [it.name for it in named], mode, self.mistakes)
        maker = InputMaker(base, axes, self.files)
        maker.read_all(self.mistakes)
        if config is None or self.mistakes.found:
            return None
        check_paths(axes, maker, self.mistakes)
        self._check_base(maker, axes)
        written = dict(mapping)
        return Content(
            title=config.title,
            axes=axes,
            where=where,
            columns=columns,
            objectives=objectives,
            for_each=for_each,
            mode=mode,
            maker=maker,
            names=names,
            written=written,
            files=self.files,
        )

    def _right(self, mapping: Mapping[str, object], config: StudyConfig | None) -> dict[str, Any]:
        """The values that are right by themselves, by key as in a file; defaults for the others."""
        if config is not None:
            return {key: getattr(config, name) for key, name in StudyConfig.file_keys().items()}
        bad = {(it.key or "").partition(".")[0] for it in self.mistakes.found}
        right = {key: it for key, it in mapping.items() if key not in bad}
        for key in ("where", "for-each"):
            if isinstance(right.get(key), str):
                right[key] = [right[key]]
        return {**_NOTHING, **right}

    def _base(self, keys: Mapping[str, Any]) -> dict[str, StudyInput]:
        base = {}
        for root in ROOTS:
            written = keys.get(root)
            if written is not None and written != {}:
                with self.mistakes.telling(root):
                    base[root] = self.files.read(root, written)
        return base

    def _mode(self, written: object) -> ModeChoice:
        with self.mistakes.telling("mode"):
            return ModeChoice.read(written, self.files.source)
        return ModeChoice()

    def _check_base(self, maker: InputMaker, axes: tuple[Axis, ...]) -> None:
        """What is wrong in the first point but for its axes is wrong in all of them."""
        varied = tuple(str(key) for axis in axes for key in axis.keys)
        first = {axis.name: axis.values[0] for axis in axes}
        wrong = () if self.mistakes.found else maker.problems(first)
        self.mistakes.found.extend(it for it in wrong if not (it.key or "").startswith(varied))
