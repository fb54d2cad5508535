"""The keys of a JSON object of which only the beginning is at hand."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|[{}\[\]:,]')


def top_keys(text: str) -> frozenset[str]:
    """The keys of the object that `text` begins with, as far as it goes; none if it is no object.

    >>> sorted(top_keys('{"a": {"b": 1}, "c": [{"d": 2}], "e'))
    ['a', 'c']
    """
    return frozenset(_keys(text))


def _keys(text: str) -> Iterator[str]:
    depth = 0
    last = ""
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
                if not depth:
                    return
            case ":" if depth == 1:
                yield last
            case _:
                last = token[1] or ""
