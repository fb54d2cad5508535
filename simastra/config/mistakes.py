"""What is wrong with a model, mistake by mistake, in words for who wrote the file or program."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from .meanings import meanings
from .messages import show

_WORDING = {
    "missing": "is required{what}",
    "greater_than": "must be larger than {gt:g}, not {given}{what}",
    "greater_than_equal": "must be at least {ge:g}, not {given}{what}",
    "less_than": "must be less than {lt:g}, not {given}{what}",
    "less_than_equal": "must be at most {le:g}, not {given}{what}",
    "too_short": "must have at least one entry",
    "enum": "must be {expected}, not {given}",
    "literal_error": "must be {expected}, not {given}",
    "string_too_short": "must not be empty{what}",
    "string_type": "must be a string, not {given}",
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"), "must be a whole number, not {given}{what}"
    ),
    **dict.fromkeys(("float_type", "float_parsing"), "must be a number, not {given}{what}"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "must be true or false, not {given}{what}"),
    **dict.fromkeys(("tuple_type", "list_type"), "must be a list, not {given}{what}"),
    "value_error": "{error}",
}
"""Our wording of pydantic's own error types; {what} is the field's description in brackets."""

_PLAIN_WORDING = {
    **_WORDING,
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} entries, not {actual_length}",
    "finite_number": "must be a finite number, not {given}",
    **dict.fromkeys(("model_type", "dict_type"), "must be an object of keys, not {given}"),
}
"""Likewise, of models within models."""


class Mistake(NamedTuple):
    """One thing that is wrong.

    Attributes:
        problem: what is wrong, and what would be right.
        key: where, as its author spells it; None for all of it.
    """

    problem: str
    key: str | None = None


class Written(NamedTuple):
    """What somebody wrote.

    Attributes:
        given: keys and values.
        spelling: how its author spells a field.
    """

    given: Mapping[Any, object]
    spelling: Callable[[str], str]


def told_apart(
    details: Sequence[ErrorDetails], fields: Mapping[str, str], meant: Container[str]
) -> Iterator[ErrorDetails]:
    """Leave out what is only a consequence of another mistake; name fields, not their aliases.

    Args:
        details: what pydantic finds.
        fields: names of fields by alias.
        meant: fields whose keys are there, but misspelt.
    """
    for detail in details:
        it = detail.copy()
        it["loc"] = (*(fields.get(str(name), name) for name in it["loc"][:1]), *it["loc"][1:])
        # A list whose only entry is wrong is too short as well, to pydantic.
        shortened = it["type"] == "too_short" and it["input"]
        misspelt = it["type"] == "missing" and it["loc"][0] in meant
        if not shortened and not misspelt:
            yield it


def worded(model: type[BaseModel], detail: ErrorDetails, written: Written) -> Mistake:
    """Put in words what pydantic finds."""
    context = detail.get("ctx", {})
    if not detail["loc"] or context.get("key"):
        key = context.get("key")
        return Mistake(context.get("problem", detail["msg"]), key and _spelt(key, written))
    field, *indices = detail["loc"]
    name = str(field)
    spelt = written.spelling(name)
    key = spelt + "".join(f"[{index}]" for index in indices)
    if "problem" in context:
        return Mistake(context["problem"], key)
    template = _WORDING.get(detail["type"])
    if template is None:
        return Mistake(detail["msg"], key)
    meaning = meanings(model).get(name)
    what = f" ({meaning})" if meaning else ""
    value = _dig(written.given, [spelt if spelt in written.given else name, *indices])
    return Mistake(template.format(**context, given=show(value), what=what), key)


def plainly_worded(detail: ErrorDetails, data: object) -> tuple[list[str | int], str]:
    """The same of models within models, whose keys are spelled as their fields.

    Returns:
        keys and indices that lead to it, and what is wrong.
    """
    context = detail.get("ctx", {})
    path = [*detail["loc"], *_steps(context.get("key") or "")]
    template = _PLAIN_WORDING.get(detail["type"])
    if "problem" in context or template is None:
        return path, context.get("problem", detail["msg"])
    return path, template.format(**context, given=show(_dig(data, path)), what="")


def _steps(key: str) -> Iterator[str | int]:
    """A key, perhaps with an index."""
    field, _, index = key.partition("[")
    if field:
        yield field
    if index:
        yield int(index.removesuffix("]"))


def _spelt(key: str, written: Written) -> str:
    """A key that a validator names, perhaps with an index, as its author spells it."""
    field, bracket, index = key.partition("[")
    return written.spelling(field) + bracket + index


def _dig(value: object, path: Sequence[object]) -> object:
    """Find a value as it was written: pydantic's own input may have been converted already."""
    for step in path:
        match value, step:
            case Mapping(), _:
                value = value.get(step)
            case Sequence(), int() if not isinstance(value, str | bytes):
                if not 0 <= step < len(value):
                    return value  # what is missing there is wanted
                value = value[step]
            case _:
                return value
    return value
