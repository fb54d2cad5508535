"""Decode the text of a JSON file, more strictly than Python does."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from simastra.deferred import deferred
from simastra.errors import ConfigError

from .messages import show_key

if TYPE_CHECKING:
    from . import json_mistakes
else:
    json_mistakes = deferred("simastra.config.json_mistakes")  # few files have any


def parse_json(text: str, path: Path | str) -> object:
    """Decode the JSON that a file holds.

    Raises:
        ConfigError: it isn't JSON, or a key stands twice in an object.
    """
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_distinct_keys(path),
            parse_constant=_refuse_constant(path),
        )
    except json.JSONDecodeError as error:
        raise ConfigError(json_mistakes.json_problem(text, error), source=path) from None
    except RecursionError:
        raise ConfigError("is nested too deeply", source=path) from None
    except ValueError:  # Python refuses to convert integers of thousands of digits
        raise ConfigError("holds a number with too many digits", source=path) from None
    return value


def _distinct_keys(
    source: Path | str,
) -> Callable[[list[tuple[str, object]]], dict[str, object]]:
    def make_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            twice = next(key for key, count in counts.items() if count > 1)
            raise ConfigError("is given twice", source=source, key=show_key(twice))
        return made

    return make_object


def _refuse_constant(source: Path | str) -> Callable[[str], NoReturn]:
    def refuse(word: str) -> NoReturn:
        raise ConfigError(f"{word} is not a number that JSON has", source=source)

    return refuse
