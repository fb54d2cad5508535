"""Messages: no control characters, 2,000 bytes at most, whatever they quote."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import ConfigError, OptionError, TraceError
from simastra.convert.text import TextError
from simastra.errors import InputError
from simastra.legible import LONGEST, escaped, legible, one_line
from simastra.notices import Notice

SEEN = "Plain words, é, 漢字 and 😀 stay; so do\nline breaks."


def controls(text: str) -> set[str]:
    return {letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")}


def test_what_is_seen_stays_as_it_is() -> None:
    assert escaped(SEEN) == legible(SEEN) == SEEN
    assert one_line(SEEN) == SEEN.replace("\n", "\\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\tb\r", "a\\tb\\r"),
        ("\x00\x7f\x9b", "\\x00\\u007f\\u009b"),
        ("\u202eevil", "\\u202eevil"),
        ("\u2028", "\\u2028"),
        ("\udcff", "\\udcff"),
    ],
)
def test_what_is_not_seen_is_written_out(text: str, shown: str) -> None:
    assert escaped(text) == shown


@given(st.text())
def test_a_message_holds_no_control_character_but_line_breaks(text: str) -> None:
    assert controls(legible(text)) <= {"\n"}
    assert controls(one_line(text)) == set()


@given(st.lists(st.text(max_size=3).map(lambda text: text * 700), max_size=40).map("\n".join))
def test_a_message_is_short_and_keeps_its_beginning_and_its_end(text: str) -> None:
    shown = legible(text)
    assert len(shown.encode()) <= LONGEST
    if len(escaped(text).encode()) <= LONGEST:
        assert shown == escaped(text)
    else:
        assert "left out here" in shown or " bytes ... " in shown
        assert escaped(text).startswith(shown[:60].split(" ... ")[0].split("\n")[0])


def test_of_a_long_line_the_middle_is_left_out() -> None:
    shown = legible("key: " + "x" * 5000 + "; did you mean 'y'?")
    assert len(shown.encode()) <= LONGEST
    assert shown.startswith("key: xxx")
    assert shown.endswith("x; did you mean 'y'?")
    assert "x ... 3,053 bytes ... x" in shown


def test_of_many_lines_those_before_the_last_two_are_left_out() -> None:
    shown = legible("\n".join(f"line {number} " + "x" * 90 for number in range(100))).split("\n")
    assert [line.split()[1] for line in shown[-2:]] == ["98", "99"]
    kept = len(shown) - 3
    assert [line.split()[1] for line in shown[:kept]] == [str(number) for number in range(kept)]
    assert shown[kept] == f"  ... {98 - kept} lines are left out here ..."


@pytest.mark.parametrize(
    "error",
    [
        TraceError("is wrong", source=Path("a\n\x1b.et"), node=3),
        ConfigError("is wrong", source="a\n\x1b.json", key="k\n\x1b"),
        TextError("is wrong", source="a\n\x1b.txt", line=1),
        OptionError("input", "a\x1b is wrong"),
        InputError("a\x1b is wrong"),
    ],
)
def test_errors_in_python_are_messages_too(error: InputError) -> None:
    assert not controls(str(error))
    assert "is wrong" in str(error)


def test_a_notice_is_one_line() -> None:
    notice = Notice("code", "a\nb.json: \x1bkey", "is\nwrong", "write another")
    assert str(notice) == "a\\nb.json: \\x1bkey: is\\nwrong (write another)"


@pytest.mark.parametrize("lines", [1, 4])
def test_what_is_just_short_enough_stays_whole(lines: int) -> None:
    text = "\n".join(["x" * (LONGEST // lines - 1)] * lines)
    text += "x" * (LONGEST - len(text))
    assert len(text.encode()) == LONGEST
    assert legible(text) == text
    assert legible(text + "x") != text + "x"
