"""Expressions at the prompt: what they mean, and that they can do nothing else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from machines_seen import incast

from simastra.debug import CommandError, Stepper
from simastra.debug.prompt.evaluation import FUNCTIONS
from simastra.debug.prompt.expression import LOOKUPS, NAMES, Expression
from simastra.debug.prompt.syntax import shortened

STEPPER = Stepper(incast())
STEPPER.step(20)
STATE = STEPPER.state


def value(text: str) -> object:
    return Expression(text)(STATE)


@pytest.mark.parametrize(
    "text",
    [
        "1 + 2 * 3 - 4 / 2",
        "7 // 2, 7 % 3, 2 ** 10, -5, +5",
        "not 0 and (1 or 2)",
        "0 or '' or None",
        "1 and 0 and 5",
        "1 < 2 < 3, 1 < 2 > 3, 2 <= 2, 3 >= 4, 1 != 1, 1 == 1.0",
        "3 in [1, 2, 3], 3 not in (1, 2), None is None, None is not None",
        "'b' in 'abc'",
        "1 if 2 > 3 else 4",
        "[x + y for x in [1, 2] for y in (10, 20) if x * y > 10]",
        "sum(x * x for x in [1, 2, 3] if x > 1)",
        "[a + b for a, (b, c) in [(1, (2, 3))]]",
        "{1, 2, 2}, {x for x in [3, 3]}",
        "[1, 2, 3][1:], [1, 2, 3][::-1], (1, 2)[0], 'abc'[-1]",
        "abs(-3), all([1, 1]), any([0, 1]), len('abc'), max(1, 2), min([3, 2]), sorted([2, 1])",
        "round(2.567, 1), round(2.5), sum([1, 2])",
        "round(1.5, 300), round(5, -300)",
        "2 ** 1023, 3 ** 646, (2 ** 1023 - 1) + 2 ** 1023, -(2 ** 1023)",
        "2 ** -600, 0 ** 9, 1 ** 9999, (-1) ** 9999",
        "'a' + 'b' if 0 else 'c'",
        "1 in {1}, 1 > 1, 1 >= 1, 1 < 1",
    ],
)
def test_it_means_what_python_means(text: str) -> None:
    assert value(text) == eval(text)  # these do no harm


def test_it_sees_the_state() -> None:
    assert value("now, next_time, position, ended") == (
        STATE.now,
        STATE.next_time,
        STATE.position,
        STATE.ended,
    )
    assert value("npu(1).nodes") == value("state.npu(1).nodes") == STATE.npu(1).nodes
    assert value("links") == STATE.links
    first = STATE.links[0]
    assert value(f"link({first.src}, {first.dst})") == first
    assert value("[each.size for each in in_flight]") == [it.size for it in STATE.in_flight]
    assert value("posted_receives") == value("state.posted_receives") == STATE.posted_receives
    assert value("unexpected_messages") == STATE.unexpected_messages
    assert value("npu(0).running[0].node.type.name") == STATE.npu(0).running[0].node.type.name
    assert value("sorted(concerned)") == sorted(STATE.concerned)
    assert value("len(happened)") == len(STATE.happened)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exit()", "unknown function 'exit'; known are abs, all, "),
        ("print(1)", "unknown function 'print'; "),
        ("open('x')", "unknown function 'open'; "),
        ("().__class__", "'().__class__' isn't understood in an expression"),
        ("npu(0).__class__", "isn't understood in an expression"),
        ("happened.append(1)", "unknown function 'happened.append'"),
        ("state.run", "has no attribute 'run'"),
        ("state.execute()", "unknown function 'state.execute'"),
        ("npu(0).nodes.real", "int has no attribute 'real'"),
        ("npu(0).node", "NpuState has no attribute 'node'; it has npu, nodes, finished,"),
        ("simulation", "unknown name 'simulation'"),
        ("expected", "unknown name 'expected'; it is called posted_receives, as the mailbox calls"),
        ("unclaimed", "unknown name 'unclaimed'; it is called unexpected_messages, as the mailbox"),
        ("__import__('os')", "unknown function '__import__'"),
        ("len", "'len' is called, as in len(...)"),
        ("[npu for x in [1]]", "'npu' is called, as in npu(...)"),
        ("max(1, key=len)", "'max' takes its arguments without names and stars"),
        ("max(*[1])", "'max' takes its arguments without names and stars"),
        ("lambda: 1", "'lambda: 1' isn't understood"),
        ("(lambda: 1)()", "unknown function 'lambda: 1'"),
        ("f'{now}'", "isn't understood"),
        ("(x := 3)", "'x := 3' isn't understood"),
        ("{1: 2}", "'{1: 2}' isn't understood"),
        ("b'x'", "isn't understood"),
        ("~1", "'~1' isn't understood"),
        ("1 << 2", "'1 << 2' isn't understood"),
        ("[x for x, *y in [[1]]]", "isn't understood"),
        ("[x.y for x.y in [1]]", "isn't understood"),
        ("'a' * 1000", "one calculates with numbers, not with str"),
        ("'%1000000d' % 1", "one calculates with numbers, not with str"),
        ("[0] * 10", "one calculates with numbers, not with list"),
        ("10 ** 5000", "a number gets larger than 2**1024"),
        ("10 ** 308 * 10 ** 308", "a number gets larger than 2**1024"),
        ("2 ** 1024", "a number gets larger than 2**1024"),
        ("3 ** 647", "a number gets larger than 2**1024"),
        ("7 ** 10 ** 9", "a number gets larger than 2**1024"),
        ("0 ** -1", "ZeroDivisionError"),
        ("round(5, 301)", "round takes at most 300 digits"),
        ("round(5, -301)", "round takes at most 300 digits"),
        ("round(5, -10 ** 9)", "round takes at most 300 digits"),
        ("sum([[1]], [])", "takes 1 positional argument but 2 were given"),
        ("9" * 500, "a number gets larger than 2**1024"),
        ("+".join(["1"] * 100_000), "at most 2,000 characters"),
        ("+".join(["1"] * 900), "is nested more than 100 levels deep"),
        ("(" * 900 + "1" + ")" * 900, "too many nested parentheses"),
        ("-" * 1900 + "1", "is nested more than 100 levels deep"),
        ("[1 for a in 'abc']", "str isn't a list"),
        ("npu('a')", "TypeError"),
        ("npu(99)", "there is no NPU 99"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_what_it_cant_say_is_said(text: str, message: str) -> None:
    with pytest.raises(CommandError) as raised:
        value(text)
    assert message in str(raised.value)
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize(
    "text",
    [
        "[1" + "".join(f" for {name} in [1, 2, 3, 4, 5, 6, 7, 8]" for name in "abcdefgh") + "]",
        "[links" + "".join(f" for {name} in [1, 2, 3, 4, 5, 6, 7, 8]" for name in "abcdefgh") + "]",
    ],
)
def test_a_loop_that_would_hardly_end_is_ended(text: str) -> None:
    with pytest.raises(CommandError, match="it takes more than 1,000,000 steps"):
        value(text)


NAMED = ("state", "x", "None", "...", "__class__", "exit", "npu(0)", "link(0, 1)")
NUMBERS = ("0", "1", "-1", "10", "1e308", "'a'")
ATOMS = st.sampled_from([*NAMES, *LOOKUPS, *FUNCTIONS, *NAMED, *NUMBERS])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/%<>") | st.just("**"), inner),
        st.builds("{}({})".format, inner, inner),
        st.builds("{}.{}".format, inner, st.sampled_from(["node", "npus", "size", "__init__"])),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("[{} for x in {} if {}]".format, inner, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    ),
    max_leaves=12,
)


@given(EXPRESSIONS | st.text(max_size=60))
@example("\ud800")
@example("\0")
@example("0x" + "f" * 1900)
def test_any_text_has_a_value_or_a_message(text: str) -> None:
    before = STATE.position, STATE.now, len(STATE.happened)
    with suppress(CommandError):
        value(text)
    assert (STATE.position, STATE.now, len(STATE.happened)) == before


def test_what_is_unpacked_must_have_as_many_parts_as_there_are_names() -> None:
    assert value("[a + b for a, b in [(1, 2)]]") == [3]
    for parts in ("(1,)", "(1, 2, 3)"):
        with pytest.raises(CommandError, match="ValueError: zip"):
            value(f"[a for a, b in [{parts}]]")


def test_an_expression_is_quoted_up_to_80_letters() -> None:
    assert shortened("a" * 80) == repr("a" * 80)
    assert shortened("a" * 81) == repr("a" * 77 + "...")
    assert value("1" + " " * 5000 + "\n") == 1  # blanks around it don't count
    assert value("+".join(["1"] * 60) + " " * 1878 + "+ 1") == 61
    with pytest.raises(CommandError, match="at most 2,000 characters"):
        value("1" + " " * 1999 + "+")


def test_a_hundred_levels_are_understood() -> None:
    assert value("-" * 98 + "1") == 1
    assert value("-" * 99 + "1") == -1
    with pytest.raises(CommandError, match="more than 100 levels deep"):
        value("-" * 100 + "1")


def test_what_follows_from_a_comparison_is_looked_at_only_if_need_be() -> None:
    assert value("1 < 0 < 1 / 0") is False
    assert value("0 and 1 / 0, 1 or 1 / 0, 1 if 1 else 1 / 0") == (0, 1, 1)
