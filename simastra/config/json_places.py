"""Where in a JSON text a value stands, by the keys and indices that lead to it."""

import json
import re
from collections.abc import Sequence

_BLANK = re.compile(r"[\s,:]*")
_DECODER = json.JSONDecoder()


def line_of(text: str, path: Sequence[str | int]) -> int:
    r"""The line of a value, from 1; for want of it, of what it would stand in.

    >>> line_of('{"a": [\n 1,\n 2]}', ["a", 1])
    3

    Args:
        text: JSON without mistakes.
        path: keys of objects and indices of lists.
    """
    place = _past_blanks(text, 0)
    for step in path:
        inner = _entry(text, place, step)
        if inner is None:
            break
        place = inner
    return text.count("\n", 0, place) + 1


def dotted(path: Sequence[str | int]) -> str:
    """Keys and indices in one, as messages have them.

    >>> dotted(["collectives", "all-reduce", "curves", 0, "us"])
    'collectives.all-reduce.curves[0].us'
    """
    words = "".join(f"[{it}]" if isinstance(it, int) else f".{it}" for it in path)
    return words.removeprefix(".")


def _entry(text: str, place: int, step: str | int) -> int | None:
    """Where an entry's value begins, in the object or list that begins at `place`."""
    is_object, is_list = text[place] == "{", text[place] == "["
    if not is_object and not is_list:
        return None
    index = 0
    place = _past_blanks(text, place + 1)
    while text[place] not in "]}":
        key: object = index
        if is_object:
            key, place = _decoded(text, place)
        if key == step:
            return place
        _, place = _decoded(text, place)
        index += 1
    return None


def _decoded(text: str, place: int) -> tuple[object, int]:
    """A value, and where what follows it begins."""
    value, end = _DECODER.raw_decode(text, place)
    return value, _past_blanks(text, end)


def _past_blanks(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return match.end() if match else place
