"""What `help()` shows of a model: a signature that can be read, and what each field means."""

from enum import Enum
from inspect import Parameter, Signature, cleandoc
from textwrap import fill

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .converted import Takes
from .meanings import meanings

_WIDTH = 92


def signature(model: type[BaseModel]) -> Signature:
    """Fields as keywords, the required ones first, with what they take rather than validators."""
    fields = sorted(model.model_fields.items(), key=lambda it: not it[1].is_required())
    return Signature(
        [
            Parameter(name, Parameter.KEYWORD_ONLY, default=_default(it), annotation=_taken(it))
            for name, it in fields
        ]
    )


def documentation(model: type[BaseModel], text: str | None) -> str | None:
    """The docstring of a model, with its fields below.

    Args:
        model: the model.
        text: its docstring, as it stands in the source.
    """
    lines = [
        fill(f"{name}: {meaning}", _WIDTH, initial_indent="    ", subsequent_indent="        ")
        for name, meaning in meanings(model).items()
    ]
    if not lines:
        return text
    return "\n".join([cleandoc(text or model.__name__), "", "Attributes:", *lines])


def _taken(field: FieldInfo) -> object:
    takes = (it.given for it in field.metadata if isinstance(it, Takes))
    return next(takes, field.annotation)


def _default(field: FieldInfo) -> object:
    if field.is_required():
        return Parameter.empty
    default = field.get_default(call_default_factory=False)
    return default.value if isinstance(default, Enum) else default
