"""Usual network files are read without PyYAML, as PyYAML reads them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simastra.config.flat_yaml import read_flat
from simastra.config.yaml_file import read_by_library
from simastra.errors import ConfigError

PIECES = [
    *("topology", "npus_count", "bandwidth", "a-b", "a b", "null", "~", "true", "Ring", "1", "007"),
    *(
        "50.0",
        "-1",
        "+.inf",
        ".nan",
        "1e3",
        "0x1F",
        "1_000",
        "12:30",
        "-",
        "- ",
        "--",
        "---",
        "...",
    ),
    *(
        ": ",
        ":",
        " : ",
        ",",
        ", ",
        "[",
        "]",
        "[ ",
        " ]",
        "{",
        "}",
        "#",
        " # ",
        "# é",
        "'",
        '"',
        "&a",
    ),
    *("*a", "!", "|", ">", "%", "@", "`", "?", "? ", "\n", "\n\n", "\n ", "\r\n", "\r", "\t"),
    *(" ", "\x85", "\u2028", "\ufeff", "\x00"),
]
scalars = st.sampled_from(
    ["Ring", "8", "50.0", "-1", "+.inf", "null", "007", "1e3", "x_1", "1.2.3"]
)
values = scalars | st.lists(scalars, max_size=3).map(lambda them: f"[ {', '.join(them)} ]")
keys = st.sampled_from(["topology", "npus_count", "bandwidth", "latency", "null", "a-b"])
usual = st.tuples(
    keys, st.sampled_from([": ", ":  "]), values, st.sampled_from(["", " # ns ", " "])
)
files = st.lists(usual.map("".join) | st.sampled_from(["", "# all", "  # of it"])).map("\n".join)


def by_library(text: str) -> object:
    try:
        return repr(read_by_library(text, "net.yml", "keys"))  # so that a NaN equals itself
    except ConfigError as refused:
        return refused


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("a: 1\n b: 2")
@example("a: b\n # c\n d")
@example("a: [ 1,\n2 ]")
@example("--- a: 1")
@example("a: 1\n...\nb: 2")
@example("a: 1 #\u2028b: 2")
@example("a: -")
@example("a: 1#b")
@example("a: [1]#b")
def test_whatever_is_read_quickly_is_what_pyyaml_reads(text: str) -> None:
    found = read_flat(text)
    assert found is None or repr(found) == by_library(text)


@given(files)
def test_usual_files_are_read_quickly_unless_a_key_is_there_twice(text: str) -> None:
    found = read_flat(text)
    if found is None:
        assert isinstance(by_library(text), ConfigError)  # twice, or no key at all
    else:
        assert repr(found) == by_library(text)


@pytest.mark.parametrize(
    "text",
    ["a:\n- 1", "a: {b: 1}", "a: 'b'", "a: [ b c ]", "a: [[1]]", "a: &x 1", "\ta: 1", "a: 1,"],
)
def test_what_is_written_in_another_way_is_left_to_pyyaml(text: str) -> None:
    assert read_flat(text) is None
