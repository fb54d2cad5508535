"""What all configuration models share: their keys, one clear error, and notices.

A model is made in two ways: ``Model(field_name=...)`` is for Python code, ``Model.parse(mapping,
source)`` for what stands in a file. Either way, one ConfigError tells everything that is wrong,
with keys as they are spelled there.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import CoreSchema, ErrorDetails
from pydantic_core.core_schema import with_info_wrap_validator_function

from simastra.deferred import deferred
from simastra.errors import ConfigError
from simastra.notices import Notice
from simastra.quick_dataclass import dataclass

from .documented import DocumentedModel
from .keys import meant_fields, renamed
from .messages import MOST_ALIKE, show, show_key, unknown_key
from .mistakes import Mistake, Written, told_apart, worded
from .model_notices import no_effect, truncated

if TYPE_CHECKING:
    from simastra.config import shown
else:  # only notebooks ask
    shown = deferred("simastra.config.shown")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where keys and values come from, and whether keys are spelled as in a file."""

    source: Path | str
    is_file: bool


def read_from_file(info: ValidationInfo) -> bool:
    """Whether validation was started by ``parse``, rather than by a constructor."""
    return isinstance(info.context, Origin) and info.context.is_file


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class ConfigModel(DocumentedModel):
    """A frozen, validated description of one part of the machine.

    Two models are equal if their fields are, wherever they came from.

    Class attributes:
        word: what stands for the source of a model that wasn't read from a file.
        other_spellings: further keys of fields, as some version of ASTRA-sim spells them.
        no_effect_keys: keys that files carry although no version of ASTRA-sim reads them.
        required_in_files: fields that only Python code may leave out, with what to say of a file
            that does.

    Raises:
        ConfigError: all that is wrong with what is given.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        alias_generator=_kebab,
        defer_build=True,  # a run needs few of all models
    )

    word: ClassVar[str] = "configuration"
    other_spellings: ClassVar[Mapping[str, str]] = {}
    no_effect_keys: ClassVar[tuple[str, ...]] = ()

    required_in_files: ClassVar[Mapping[str, str]] = {}

    _source: Path | str = PrivateAttr(default="")
    _is_file: bool = PrivateAttr(default=False)
    _given: dict[str, object] = PrivateAttr(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        # pydantic's own comparison includes private attributes, hence the source.
        return type(self) is type(other) and dict(self) == dict(other)

    def __hash__(self) -> int:
        return hash((type(self), *dict(self).values()))

    @classmethod
    def parse(cls, mapping: object, source: Path | str | None = None) -> Self:
        """Validate what a file (or a mapping with a file's keys) says.

        Args:
            mapping: keys as in the file, and their values as a JSON or YAML reader gives them.
            source: the file, for messages; the model's ``word`` if there is none.

        Raises:
            ConfigError: all that is wrong.
        """
        where = source if source is not None else cls.word
        return cls.model_validate(mapping, context=Origin(where, is_file=True))

    @property
    def source(self) -> Path | str:
        """The file that this was read from, or the model's ``word``."""
        return self._source

    def error(self, problem: str, key: str | None = None) -> ConfigError:
        """Make (not raise) an error about this model.

        Args:
            problem: what is wrong, and what would be right.
            key: the key or field concerned, perhaps with an index, as in ``bandwidth[1]``.
        """
        if key is not None:
            field, bracket, index = key.partition("[")
            key = self._key(field) + bracket + index
        return ConfigError(problem, source=self.source, key=key)

    def place(self, field: str) -> str:
        """Where a field stands: the file, and the key as it is spelled there."""
        return f"{self.source}: {self._key(field)}"

    def notices(self) -> tuple[Notice, ...]:
        """What is allowed here but probably not meant. Subclasses add their own."""
        given, source = (
            self._given,
            self._source,
        )  # to look private attributes up takes pydantic long
        spellings, fields = self._spellings(), dict[str, object](self)
        used = {key: fields[name] for key in given if (name := spellings[key]) in fields}
        without_effect = [key for key in self.no_effect_keys if key in given]
        return (
            *(no_effect(f"{source}: {key}") for key in without_effect),
            *truncated(source, given, used),
        )

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:
        """Copy, with some fields changed; unlike pydantic's own, the changes are validated.

        Raises:
            ConfigError: a change is wrong.
        """
        if not update:
            return super().model_copy(deep=deep)
        spellings = self._spellings()
        changed = {spellings.get(key, key) for key in update}
        kept = {key: value for key, value in self._given.items() if spellings[key] not in changed}
        origin = Origin(self._source, is_file=False)
        copy = type(self).model_validate({**kept, **update}, context=origin)
        copy._is_file = self._is_file
        return copy

    if not TYPE_CHECKING:  # which would let any attribute be assigned otherwise

        def __setattr__(self, name: str, value: object) -> None:
            try:
                super().__setattr__(name, value)
            except ValidationError:
                raise self._frozen(name) from None

        def __delattr__(self, name: str) -> None:
            try:
                super().__delattr__(name)
            except ValidationError:
                raise self._frozen(name) from None

    def _frozen(self, name: str) -> ConfigError:
        if name not in type(self).model_fields:
            return ConfigError(unknown_key(name, type(self).model_fields), source=self.source)
        text = f"is frozen; make a changed copy, by model_copy(update={{{name!r}: ...}})"
        return ConfigError(text, source=self.source, key=name)

    def _repr_html_(self) -> str:
        spellings = self._spellings()
        fields: dict[str, object] = dict(self)
        given = {spellings[key]: key for key in self._given if spellings[key] in fields}
        rest = [name for name in fields if name not in given]
        return shown.settings_html(
            shown.ConfigSource(self.word, self.source),
            {key: fields[name] for name, key in given.items()},
            {self._spelling(name, {}, is_file=True): fields[name] for name in rest},
        )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Stand around all validators, those of subclasses too: what any of them finds is told."""
        schema = handler(source)
        if schema["type"] == "function-wrap" and schema["function"]["function"] == cls._checked:
            return schema  # made before: the model is a field of another
        return with_info_wrap_validator_function(cls._checked, schema)

    @classmethod
    def _checked(
        cls, data: object, handler: Callable[[object], Self], info: ValidationInfo
    ) -> Self:
        if isinstance(data, cls):
            return data
        told = info.context
        origin = told if isinstance(told, Origin) else Origin(cls.word, is_file=False)
        if not isinstance(data, Mapping):
            text = f"must be a mapping of keys to values, not {show(data)}"
            raise ConfigError(text, source=origin.source)
        model = cls._made(data, handler, origin)
        model._source, model._is_file = origin.source, origin.is_file
        model._given = model._freeze(data)
        return model

    @classmethod
    def _made(
        cls, data: Mapping[Any, object], handler: Callable[[object], Self], origin: Origin
    ) -> Self:
        """Validate, and raise all that is wrong at once."""
        written = Written(data, partial(cls._spelling, given=data, is_file=origin.is_file))
        spellings = cls.file_keys() if origin.is_file else cls._spellings()
        fields, wrong = renamed(data, spellings, cls.no_effect_keys)
        unknown = [key for key in data if key not in spellings]
        meant = meant_fields(unknown[:MOST_ALIKE], spellings)
        model, details = None, []
        try:
            model = handler(fields)
        except ValidationError as error:
            details = list(told_apart(error.errors(), cls.file_keys(), meant))
        right = dict(model) if model else cls._right(fields, details)
        left_out = cls._left_out({*fields, *meant}, is_file=origin.is_file)
        by_field = [*left_out, *cls._together(right)]
        wrong += [
            *cls._unknown(unknown, tuple(spellings)),
            *(worded(cls, it, written) for it in details),
            *(Mistake(it.problem, it.key and written.spelling(it.key)) for it in by_field),
        ]
        if wrong or model is None:
            raise _told(wrong, origin.source)
        return model

    @classmethod
    def _unknown(cls, keys: Sequence[object], known: tuple[str, ...]) -> Iterator[Mistake]:
        for key in keys[:MOST_ALIKE]:
            yield Mistake(cls._unknown_key(key, known), show_key(key))
        if len(keys) > MOST_ALIKE:
            yield Mistake(f"{len(keys) - MOST_ALIKE:,} more keys are unknown")

    @classmethod
    def _left_out(cls, fields: Container[str], *, is_file: bool) -> Iterator[Mistake]:
        for name, text in cls.required_in_files.items() if is_file else ():
            if name not in fields:
                yield Mistake(text, name)

    @classmethod
    def _together(cls, values: Mapping[str, Any]) -> Iterator[Mistake]:
        """What is wrong with values that are right by themselves. Keys are names of fields.

        Args:
            values: of all fields that are right, as they were given where others are wrong.
        """
        yield from ()

    @classmethod
    def _right(
        cls, fields: Mapping[str, object], details: Iterable[ErrorDetails]
    ) -> dict[str, object]:
        """Values of fields that are right, those left out included."""
        wrong = {str(name) for it in details for name in it["loc"][:1]}
        known = cls.model_fields.items()
        left_out = {name: it.default for name, it in known if not it.is_required()}
        return {name: it for name, it in {**left_out, **fields}.items() if name not in wrong}

    def _freeze(self, data: Mapping[str, object]) -> dict[str, object]:
        """Copy what was given; of its lists, which the caller may change later, the tuples here."""
        spellings = self._spellings()
        fields: dict[str, object] = dict(self)
        return {
            key: fields.get(spellings[key], it)
            if isinstance(it, Sequence) and not isinstance(it, str)
            else it
            for key, it in data.items()
        }

    @classmethod
    def _unknown_key(cls, key: object, known: tuple[str, ...]) -> str:
        return unknown_key(key, known)

    @classmethod
    @cache
    def file_keys(cls) -> Mapping[str, str]:
        """Every key that a file may have, and its field (itself for a key without effect)."""
        own = {field.alias or name: name for name, field in cls.model_fields.items()}
        return {**own, **cls.other_spellings, **{key: key for key in cls.no_effect_keys}}

    @classmethod
    @cache
    def _spellings(cls) -> Mapping[str, str]:
        """Every spelling that Python code may use, and its field."""
        return {**cls.file_keys(), **{name: name for name in cls.model_fields}}

    def _key(self, field: str) -> str:
        return self._spelling(field, self._given, is_file=self._is_file)

    @classmethod
    def _spelling(cls, field: str, given: Mapping[Any, object], *, is_file: bool) -> str:
        """How the user spells a field: as given, otherwise as in a file, or as in Python."""
        keys = cls.file_keys()
        name = keys.get(field, field)
        for key, it in (keys if is_file else cls._spellings()).items():
            if it == name and key in given:
                return key
        return next((key for key, it in keys.items() if it == name), field) if is_file else name


def _told(mistakes: Iterable[Mistake], source: Path | str) -> ConfigError:
    return ConfigError.of(ConfigError(it.problem, source=source, key=it.key) for it in mistakes)
