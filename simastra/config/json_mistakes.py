"""What is wrong with a text that isn't JSON, in our words where the mistake is a usual one."""

import json
import re
from collections.abc import Iterator

_WORD = re.compile(r"[A-Za-z_][\w-]*")
_PYTHONS_WORDS = {"True": "true", "False": "false", "None": "null"}
_CLOSING = ("}", "]")


def json_problem(text: str, error: json.JSONDecodeError) -> str:
    """Say what is wrong, and where.

    >>> text = '{"a": 1, // one'
    >>> try: json.loads(text)
    ... except json.JSONDecodeError as error: print(json_problem(text, error))
    is not JSON: JSON has no comments; leave out the one at line 1, column 10
    """
    place = f"line {error.lineno}, column {error.colno}"
    return f"is not JSON: {next(_mistakes(text, error, place))}"


def _mistakes(text: str, error: json.JSONDecodeError, place: str) -> Iterator[str]:
    """What it looks like, the likeliest first; the last is what Python says."""
    before, behind = text[: error.pos].rstrip(), text[error.pos :]
    if behind.startswith(("//", "/*", "#")):
        yield f"JSON has no comments; leave out the one at {place}"
    # From Python 3.13 on, the place is that of the comma itself.
    if (before.endswith(",") and behind.startswith(_CLOSING)) or (
        behind.startswith(",") and behind[1:].lstrip().startswith(_CLOSING)
    ):
        yield f"there is a comma too many before the bracket that closes, at {place}"
    if before.endswith(",") and behind.startswith(","):
        yield f"there is a comma too many at {place}"
    if behind.startswith("'"):
        yield f"texts stand in double quotes, not in single ones, at {place}"
    word = _WORD.match(behind)
    if word is not None and word[0] in _PYTHONS_WORDS:
        yield f"write {_PYTHONS_WORDS[word[0]]} for {word[0]} at {place}"
    if word is not None and before.endswith(("{", ",")) and error.msg.startswith("Expecting prop"):
        yield f'write "{word[0]}", in double quotes, for {word[0]} at {place}'
    if error.msg == "Expecting ',' delimiter" and behind.startswith(('"', "{", "[")):
        yield f"a comma is missing before {place}"
    yield f"{error.msg} at {place}"
