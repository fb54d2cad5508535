"""Keys as they are written, and the fields that they mean."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .messages import closest
from .mistakes import Mistake


def renamed(
    data: Mapping[Any, object], spellings: Mapping[str, str], without_effect: Collection[str]
) -> tuple[dict[str, object], list[Mistake]]:
    """Rename keys to fields, and find fields that are given twice.

    Args:
        data: what is given; unknown keys are passed over.
        spellings: every key that may be given, and its field.
        without_effect: keys that are dropped.
    """
    fields: dict[str, object] = {}
    wrong = []
    first: dict[str, str] = {}
    for key, value in data.items():
        field = spellings.get(key)
        if field is None:
            continue
        if field in first:
            text = f"is the same key as '{first[field]}': give only one of them"
            wrong.append(Mistake(text, key))
            continue
        first[field] = key
        if key not in without_effect:
            fields[field] = value
    return fields, wrong


def meant_fields(unknown: Iterable[object], spellings: Mapping[str, str]) -> set[str]:
    """Fields whose keys are misspelt, as far as unknown keys tell."""
    like = (closest(key, spellings) for key in unknown)
    return {spellings[key] for key in like if key}
