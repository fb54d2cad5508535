"""A file that isn't JSON: usual mistakes are said in our words, where they are."""

import json
from pathlib import Path

import pytest

from simastra.config import load_system
from simastra.config.json_mistakes import json_problem
from simastra.errors import ConfigError


def problem(text: str) -> str:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    return json_problem(text, caught.value).removeprefix("is not JSON: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{// one\n"a": 1}', "JSON has no comments; leave out the one at line 1, column 2"),
        ('{"a": /* one */ 1}', "JSON has no comments; leave out the one at line 1, column 7"),
        ('# one\n{"a": 1}', "JSON has no comments; leave out the one at line 1, column 1"),
        ('{"a": 1,\n # one\n}', "JSON has no comments; leave out the one at line 2, column 2"),
        ('{"a": 1,, "b": 2}', "there is a comma too many at line 1, column 9"),
        ('["a",, "b"]', "there is a comma too many at line 1, column 6"),
        ("{'a': 1}", "texts stand in double quotes, not in single ones, at line 1, column 2"),
        ("{\"a\": 'b'}", "texts stand in double quotes, not in single ones, at line 1, column 7"),
        ('{"a": True}', "write true for True at line 1, column 7"),
        ('{"a": None}', "write null for None at line 1, column 7"),
        ('{"a": [False]}', "write false for False at line 1, column 8"),
        ("{all-reduce: 1}", 'write "all-reduce", in double quotes, for all-reduce at line 1, '),
        ('{"a": 1, b: 2}', 'write "b", in double quotes, for b at line 1, column 10'),
        ('{"a": 1\n "b": 2}', "a comma is missing before line 2, column 2"),
        ('["a" "b"]', "a comma is missing before line 1, column 6"),
        ('{"a": }', "Expecting value at line 1, column 7"),
        ('{"a": yes}', "Expecting value at line 1, column 7"),
        ('{"a" 1}', "Expecting ':' delimiter at line 1, column 6"),
        ("", "Expecting value at line 1, column 1"),
    ],
)
def test_a_mistake_has_a_sentence(text: str, said: str) -> None:
    assert problem(text).startswith(said)


@pytest.mark.parametrize("text", ['{"a": 1,}', '{"a": 1,\n}', '{"a": [1, ]}', '["a" , ]'])
def test_a_trailing_comma_is_one_too_many(text: str) -> None:
    # Its place is that of the bracket, or from Python 3.13 on that of the comma.
    assert problem(text).startswith(
        "there is a comma too many before the bracket that closes, at line "
    )


def test_a_file_says_it(tmp_path: Path) -> None:
    file = tmp_path / "sys.json"
    file.write_text('{"all-reduce-implementation": ["ring"], // as in the paper\n}')
    with pytest.raises(ConfigError) as caught:
        load_system(file)
    assert str(caught.value) == (
        f"{file}: is not JSON: JSON has no comments; leave out the one at line 1, column 41"
    )
