"""What all configuration models share: their keys, one clear error, and notices.

A model is made in two ways. ``Model(field_name=...)`` is for Python code; pydantic's
ValidationError tells a programmer everything that is wrong. ``Model.parse(mapping, source)`` is
for what a user wrote; it raises one ConfigError that names the source and the key as spelled there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import (
    ConfigDict,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import ErrorDetails

from simastra.deferred import deferred
from simastra.errors import ConfigError
from simastra.notices import Notice

from .documented import DocumentedModel
from .messages import problem, show, show_key, unknown_key

if TYPE_CHECKING:
    from simastra.config import meanings, shown
else:  # only messages and notebooks ask
    meanings = deferred("simastra.config.meanings")
    shown = deferred("simastra.config.shown")

_WORDING = {
    "missing": "is required{what}",
    "greater_than": "must be larger than {gt:g}, not {given}{what}",
    "greater_than_equal": "must be at least {ge:g}, not {given}{what}",
    "less_than": "must be less than {lt:g}, not {given}{what}",
    "less_than_equal": "must be at most {le:g}, not {given}{what}",
    "too_short": "must have at least one entry, one per dimension",
    "enum": "must be {expected}, not {given}",
    "literal_error": "must be {expected}, not {given}",
    "string_type": "must be a string, not {given}",
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"), "must be a whole number, not {given}{what}"
    ),
    **dict.fromkeys(("float_type", "float_parsing"), "must be a number, not {given}{what}"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "must be true or false, not {given}{what}"),
    "value_error": "{error}",
}
"""Our wording of pydantic's own error types; {what} is the field's description in brackets."""


@dataclass(frozen=True, slots=True)
class _FileContext:
    """Tells the validators that keys are spelled as in a file, and in which."""

    source: Path | str


def read_from_file(info: ValidationInfo) -> bool:
    """Whether validation was started by ``parse``, rather than by a constructor."""
    return isinstance(info.context, _FileContext)


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class ConfigModel(DocumentedModel):
    """A frozen, validated description of one part of the machine.

    Two models are equal if their fields are, wherever they came from.

    Class attributes:
        word: what stands for the source of a model that wasn't read from a file.
        other_spellings: further keys of fields, as some version of ASTRA-sim spells them.
        no_effect_keys: keys that files carry although no version of ASTRA-sim reads them.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, alias_generator=_kebab
    )

    word: ClassVar[str] = "configuration"
    other_spellings: ClassVar[Mapping[str, str]] = {}
    no_effect_keys: ClassVar[tuple[str, ...]] = ()

    _source: Path | str = PrivateAttr(default="")
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
            ConfigError: the first thing that is wrong, and how many more there are.
        """
        context = _FileContext(source if source is not None else cls.word)
        try:
            return cls.model_validate(mapping, context=context)
        except ValidationError as error:
            given = mapping if isinstance(mapping, Mapping) else {}
            raise _to_config_error(cls, error, given, context.source) from None

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
            key = self._spelling(field, self._given) + bracket + index
        return ConfigError(problem, source=self.source, key=key)

    def place(self, field: str) -> str:
        """Where a field stands: the file, and the key as it is spelled there."""
        return f"{self.source}: {self._spelling(field, self._given)}"

    def notices(self) -> tuple[Notice, ...]:
        """What is allowed here but probably not meant. Subclasses add their own."""
        return (*self._no_effect_notices(), *self._truncation_notices())

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
        given = {**kept, **update}
        try:
            copy = type(self).model_validate(given)
        except ValidationError as error:
            raise _to_config_error(type(self), error, given, self.source) from None
        copy._source = self._source
        return copy

    def _repr_html_(self) -> str:
        spellings = self._spellings()
        fields: dict[str, object] = dict(self)
        given = {spellings[key]: key for key in self._given if spellings[key] in fields}
        rest = [name for name in fields if name not in given]
        return shown.settings_html(
            shown.Source(self.word, self.source),
            {key: fields[name] for name, key in given.items()},
            {self._spelling(name, {}): fields[name] for name in rest},
        )

    @model_validator(mode="wrap")
    @classmethod
    def _remember_input(
        cls, data: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if isinstance(data, cls):
            return data
        if not isinstance(data, Mapping):
            raise problem(f"must be a mapping of keys to values, not {show(data)}")
        model = handler(cls._to_fields(data, from_file=read_from_file(info)))
        context = info.context
        model._source = context.source if isinstance(context, _FileContext) else cls.word
        model._given = model._freeze(data)
        return model

    def _freeze(self, data: Mapping[str, object]) -> dict[str, object]:
        """Copy what was given; of its lists, which the caller may change later, the tuples here."""
        spellings = self._spellings()
        fields: dict[str, object] = dict(self)
        return {
            key: fields.get(spellings[key], value) if isinstance(value, list) else value
            for key, value in data.items()
        }

    @classmethod
    def _to_fields(cls, data: Mapping[Any, object], *, from_file: bool) -> dict[str, object]:
        """Rename keys to fields and drop those without effect; refuse unknown and double ones."""
        keys = cls._file_keys()
        spellings = keys if from_file else cls._spellings()
        cls._check_known(data, spellings)
        fields: dict[str, object] = {}
        for key, value in data.items():
            field = spellings[key]
            if field in fields:
                first = next(other for other in data if spellings[other] == field)
                raise problem(f"is the same key as '{first}': give only one of them", key=key)
            if key not in cls.no_effect_keys:
                fields[field] = value
        return fields

    @classmethod
    def _check_known(cls, data: Mapping[Any, object], spellings: Mapping[str, str]) -> None:
        unknown = [key for key in data if not isinstance(key, str) or key not in spellings]
        if unknown:
            more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
            text = cls._unknown_key(unknown[0], tuple(spellings))
            raise problem(text + more, key=show_key(unknown[0]))

    @classmethod
    def _unknown_key(cls, key: object, known: tuple[str, ...]) -> str:
        return unknown_key(key, known)

    @classmethod
    def _file_keys(cls) -> dict[str, str]:
        """Every key that a file may have, and its field (itself for a key without effect)."""
        own = {field.alias or name: name for name, field in cls.model_fields.items()}
        return {**own, **cls.other_spellings, **{key: key for key in cls.no_effect_keys}}

    @classmethod
    def _spellings(cls) -> dict[str, str]:
        """Every spelling that Python code may use, and its field."""
        return {**cls._file_keys(), **{name: name for name in cls.model_fields}}

    @classmethod
    def _spelling(cls, field: str, given: Mapping[Any, object]) -> str:
        """How the user spells a field: as given, otherwise as in a file."""
        keys = cls._file_keys()
        for key, name in keys.items():
            if name == field and key in given:
                return key
        return next((key for key, name in keys.items() if name == field), field)

    def _no_effect_notices(self) -> tuple[Notice, ...]:
        return tuple(
            Notice(
                code="no-effect-key",
                where=f"{self.source}: {key}",
                message="no version of ASTRA-sim reads this key, and neither does simastra",
                fix="delete it",
            )
            for key in self.no_effect_keys
            if key in self._given
        )

    def _truncation_notices(self) -> tuple[Notice, ...]:
        spellings = self._spellings()
        fields: dict[str, object] = dict(self)
        return tuple(
            Notice(
                code="truncated",
                where=f"{self.source}: {key}",
                message=f"{show(given)} is cut to the whole number {used}, as in ASTRA-sim",
                fix="write a whole number",
            )
            for key, given in self._given.items()
            if not isinstance(given, str)  # with its unit, in Python
            and isinstance(used := fields.get(spellings[key]), int)
            and not isinstance(used, bool)
            and used != given
        )


def _to_config_error(
    model: type[ConfigModel],
    error: ValidationError,
    given: Mapping[Any, object],
    source: Path | str,
) -> ConfigError:
    # A list whose only entry is wrong is too short as well, to pydantic.
    details = [it for it in error.errors() if it["type"] != "too_short" or not it["input"]]
    text, key = _word(model, details[0], given)
    if len(details) > 1:
        text += f" (and {len(details) - 1} more)"
    return ConfigError(text, source=source, key=key)


def _word(
    model: type[ConfigModel], detail: ErrorDetails, given: Mapping[Any, object]
) -> tuple[str, str | None]:
    context = detail.get("ctx", {})
    if not detail["loc"] or context.get("key"):
        return context.get("problem", detail["msg"]), context.get("key")
    keys = model._file_keys()
    name, *indices = detail["loc"]
    field = keys.get(str(name), str(name))
    key = model._spelling(field, given) + "".join(f"[{index}]" for index in indices)
    if "problem" in context:
        return context["problem"], key
    template = _WORDING.get(detail["type"])
    if template is None:
        return detail["msg"], key
    described = meanings.meanings(model).get(field)
    what = f" ({described})" if described else ""
    spelt = model._spelling(field, given)
    value = _dig(given, [spelt if spelt in given else field, *indices])  # Python's keywords
    return template.format(**context, given=show(value), what=what), key


def _dig(value: object, path: Sequence[object]) -> object:
    """Find a value as it was written: pydantic's own input may have been converted already."""
    for step in path:
        match value, step:
            case Mapping(), _:
                value = value.get(step)
            case ((list() | tuple()), int()):
                value = value[step]
            case _:
                return value
    return value
