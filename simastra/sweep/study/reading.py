"""Reads a study, and tells all that is wrong with it at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simastra.config.lines import line_in, telling_lines
from simastra.config.messages import show, show_key
from simastra.config.text_file import limited_text
from simastra.config.yaml_file import read_yaml
from simastra.errors import ConfigError, InputError
from simastra.suggestions import unknown_name
from simastra.units import Bytes, MiB

from .axes import Axis, AxisError, key_paths, read_axis
from .documents import Given, InputFiles, told_at
from .expressions import Expression, ExpressionError
from .inputs import InputMaker
from .key_paths import KeyPath
from .measured import ALIASES, MEASURED
from .mode_choice import ModeChoice
from .model import StudyConfig
from .names import NPUS, Kind, Names, UnknownNameError
from .objectives import Goal, Objective
from .roots import ROOTS, known_keys, plain

_LARGEST: Bytes = MiB
_WANTED = "the keys of a study: workload or generate, system, network and axes"
_INPUTS = {"comm_groups": "comm-groups"}


@dataclass(frozen=True, slots=True)
class Content:
    """What a study says, read."""

    title: str
    axes: tuple[Axis, ...]
    where: tuple[Expression, ...]
    columns: Mapping[str, Expression]
    objectives: tuple[Objective, ...]
    mode: ModeChoice
    maker: InputMaker
    names: Names
    written: Mapping[str, object]
    files: InputFiles


def load_study(path: Path | str) -> Content:
    """Read a study's file.

    Raises:
        ConfigError: all that is wrong with it, with the lines.
        InputError: a file that it names is wrong.
    """
    mapping, lines = read_yaml(limited_text(path, _LARGEST), path, _WANTED)
    with telling_lines(line_in(lines)):
        return read_study(_with_truths(mapping), InputFiles(Path(path).parent, path))


def _with_truths(value: Any) -> Any:
    """With truth values for the words, which are texts to a reader of network files."""
    match value:
        case "true" | "false":
            return value == "true"
        case dict():
            return {key: _with_truths(it) for key, it in value.items()}
        case list():
            return [_with_truths(it) for it in value]
        case _:
            return value


def read_study(mapping: Mapping[str, object], files: InputFiles) -> Content:
    """Read a study.

    Args:
        mapping: what it says.
        files: reads its inputs.

    Raises:
        ConfigError: all that is wrong with it.
    """
    reader = _Reader(files)
    content = reader.content(mapping)
    if reader.wrong or content is None:
        raise ConfigError.of(reader.wrong)
    return content


@dataclass
class _Reader:
    """Reads the parts of a study, and goes on where one is wrong."""

    files: InputFiles
    wrong: list[ConfigError] = field(default_factory=list)

    def content(self, mapping: Mapping[str, object]) -> Content | None:
        """All of it; None where its keys are wrong."""
        config = None
        try:
            config = StudyConfig.parse(mapping, self.files.source)
        except ConfigError as error:
            self.wrong.extend(error.mistakes)
        keys = self._right(mapping, config)
        axes = self._axes(keys.get("axes", {}))
        named = [*axes, *self._unread(keys.get("axes", {}), axes)]
        base = self._base(keys)
        columns = self._columns(keys.get("columns", {}))
        names = Names(named, {*MEASURED, *columns} - {NPUS})
        where = self._where(keys.get("where", ()), Names(named, ()))
        self._check_columns(columns, names)
        objectives = tuple(self._objectives(keys.get("objectives", {}), columns))
        mode = self._mode(keys.get("mode", "grid"))
        maker = InputMaker(base, axes, self.files)
        if config is None or self.wrong:
            return None
        self.wrong.extend(maker.read_all())
        self._check_base(maker, axes)
        return Content(
            config.title,
            axes,
            where,
            columns,
            objectives,
            mode,
            maker,
            names,
            dict(mapping),
            self.files,
        )

    def _right(self, mapping: Mapping[str, object], config: StudyConfig | None) -> dict[str, Any]:
        """The values that are right by themselves, by key as in a file."""
        known = StudyConfig.file_keys()
        if config is not None:
            return {key: getattr(config, name) for key, name in known.items()}
        bad = {(it.key or "").partition(".")[0] for it in self.wrong}
        return {key: it for key, it in mapping.items() if key in known and key not in bad}

    @contextmanager
    def _telling(self, key: str) -> Iterator[None]:
        try:
            yield
        except (AxisError, ExpressionError, UnknownNameError) as error:
            within = error.within if isinstance(error, AxisError) else ""
            self.wrong.append(ConfigError(str(error), source=self.files.source, key=key + within))
        except InputError as error:
            self.wrong.extend(told_at(error, self.files.source, key).mistakes)

    def _axes(self, written: Mapping[str, object]) -> tuple[Axis, ...]:
        axes = []
        for name, values in written.items():
            key = f"axes.{show_key(name)}"
            with self._telling(key):
                axis = read_axis(str(name), values, plain)
                for path in axis.keys:
                    _check_root(axis, path.root, path.inner)
                axes.append(axis)
        return tuple(axes)

    def _unread(self, written: Mapping[str, object], axes: tuple[Axis, ...]) -> Iterator[Axis]:
        """Stand for axes that are wrong, so that who names one of them isn't told of it, too."""
        read = {axis.name for axis in axes}
        for name, it in written.items():
            if name not in read:
                keys: tuple[KeyPath, ...] = ()
                with suppress(AxisError):
                    keys = key_paths(str(name), it if isinstance(it, Mapping) else {})
                yield Axis(str(name), keys, ())

    def _base(self, keys: Mapping[str, Any]) -> dict[str, Given]:
        base = {}
        for root in ROOTS:
            written = keys.get(root)
            if written is not None and written != {}:
                with self._telling(root):
                    base[root] = self.files.read(root, written)
        return base

    def _columns(self, written: Mapping[str, object]) -> dict[str, Expression]:
        columns = {}
        for name, text in written.items():
            with self._telling(f"columns.{show_key(name)}"):
                if name in MEASURED:
                    raise ExpressionError("is a column that every row has; choose another name")
                columns[str(name)] = _expression(text)
        return columns

    def _where(self, texts: object, names: Names) -> tuple[Expression, ...]:
        many = [texts] if isinstance(texts, str) else texts
        conditions = []
        for at, text in enumerate(many if isinstance(many, list | tuple) else ()):
            with self._telling("where" if isinstance(texts, str) else f"where[{at}]"):
                condition = _expression(text)
                for name in sorted(condition.names):
                    names.meaning(name)
                conditions.append(condition)
        return tuple(conditions)

    def _check_columns(self, columns: Mapping[str, Expression], names: Names) -> None:
        for name, expression in columns.items():
            with self._telling(f"columns.{name}"):
                for asked in sorted(expression.names):
                    names.meaning(asked)
                _check_circle(name, columns, names)

    def _objectives(
        self, written: Mapping[str, object], columns: Mapping[str, Expression]
    ) -> Iterator[Objective]:
        for name, goal in written.items():
            key = f"objectives.{show_key(name)}"
            column = ALIASES.get(str(name), str(name))
            known = (*ALIASES, *MEASURED, *columns)
            if column not in known:
                text = unknown_name("column", str(name), known)
                self.wrong.append(ConfigError(text, source=self.files.source, key=key))
            elif goal not in tuple(Goal):
                text = f"must be min or max, not {show(goal)}"
                self.wrong.append(ConfigError(text, source=self.files.source, key=key))
            else:
                yield Objective(column, Goal(str(goal)))

    def _mode(self, written: object) -> ModeChoice:
        try:
            return ModeChoice.read(written, self.files.source)
        except ConfigError as error:
            self.wrong.extend(error.mistakes)
            return ModeChoice()

    def _check_base(self, maker: InputMaker, axes: tuple[Axis, ...]) -> None:
        """What is wrong in the first point but for its axes is wrong in all of them."""
        if self.wrong:
            return
        varied = tuple(str(key) for axis in axes for key in axis.keys)
        try:
            maker.inputs({axis.name: axis.values[0] for axis in axes})
        except ConfigError as error:
            of_base = [it for it in error.mistakes if not (it.key or "").startswith(varied)]
            self.wrong.extend(of_base)
        except InputError:
            pass


def _expression(text: object) -> Expression:
    if isinstance(text, int | float) and not isinstance(text, bool):
        return Expression.parse(repr(text))
    if not isinstance(text, str):
        raise ExpressionError(f"must be an expression, not {show(text)}")
    return Expression.parse(text)


def _check_root(axis: Axis, root: str, inner: tuple[str | int, ...]) -> None:
    """Check the beginning of a key path; whether the rest leads anywhere, its document tells."""
    is_named = str(axis.keys[0]) != axis.name
    within = "" if not is_named else ".keys" if len(axis.keys) > 1 else ".key"
    if root not in ROOTS:
        hint = "" if inner or is_named else "; an axis with a name of its own needs its key"
        raise AxisError(unknown_name("input", root, ROOTS) + hint, within)
    if inner and root == "workload":
        raise AxisError("leads into a workload's files; name the whole workload", within)
    keys = known_keys(root)
    if inner and keys and inner[0] not in keys:
        known = [f"{root}.{key}" for key in keys]
        raise AxisError(unknown_name("key", f"{root}.{inner[0]}", known), within)


def _check_circle(name: str, columns: Mapping[str, Expression], names: Names) -> None:
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        for asked in columns[ahead.pop()].names:
            meaning = names.meaning(asked)
            if meaning.kind is not Kind.COLUMN or meaning.name not in columns:
                continue
            if meaning.name == name:
                raise ExpressionError("is computed from itself")
            if meaning.name not in seen:
                seen.add(meaning.name)
                ahead.append(meaning.name)
