"""How many steps an expression takes: one for each part, and more for what is long."""

import pytest
from asked import Asked
from machines_seen import two_npus

from simastra.debug import CommandError
from simastra.debug.prompt import evaluation

HEAVY = 2 + 1  # an NPU with two nodes


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1", 1),
        ("-1", 2),
        ("1 + 1", 3),
        ("not 1", 2),
        ("1 and 0 and 1", 3),  # the last isn't looked at; the whole is a value, too
        ("1 if 0 else 2", 3),
        ("1 < 2", 5),  # both ends are values, and are compared
        ("1 < 2 < 3", 8),
        ("1 > 2 > 3", 5),
        ("'abc'", 4),
        ("[1, 2]", 5),
        ("(1,)", 3),
        ("{1, 1}", 4),
        ("[1, 2][0]", 7),
        ("abs(1)", 2),
        ("npu(1)", 1 + HEAVY),
        ("npu(1).nodes", 1 + HEAVY + 1),
        ("[i for i in [1, 2]]", 5 + 2 * 2 + 3),
        ("[i for i in [1, 2] if 0]", 5 + 2 * 2 + 1),
        ("[0 for i in [1, 2] for j in [3]]", 5 + 2 * (1 + 3 + 1 + 1) + 3),
    ],
)
def test_it_takes_so_many_and_no_fewer(
    text: str, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Asked(two_npus())
    monkeypatch.setattr(evaluation, "MOST_STEPS", steps)
    ask(f"p {text}")
    monkeypatch.setattr(evaluation, "MOST_STEPS", steps - 1)
    with pytest.raises(CommandError, match=f"it takes more than {steps - 1:,} steps"):
        ask(f"p {text}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 ** 1023", 2**1023),
        ("2 ** 1024 - 1", None),  # what is in between counts
        ("2 ** 1023 * 2", None),
        ("2 ** 1023 + (2 ** 1023 - 1)", 2**1024 - 1),
        ("-(2 ** 1023) - 2 ** 1022", -(2**1023) - 2**1022),
        ("1 ** 1000000", 1),
        ("2 ** -1", 0.5),
        ("2.0 ** 1000", 2.0**1000),
        ("round(1.26, 1)", 1.3),
        ("round(1.5)", 2),
        ("round(15, -1)", 20),
        ("round(1.5, 300)", 1.5),
        ("sum([1, 2.5])", 3.5),
        ("round(1.5, 301)", None),
        ("round(1.5, -301)", None),
    ],
)
def test_numbers_have_1024_bits_and_roundings_300_digits(text: str, value: object) -> None:
    ask = Asked(two_npus())
    if value is not None:
        assert ask(f"p {text}") == repr(value)
        return
    with pytest.raises(CommandError, match=r"larger than 2\*\*1024|at most 300 digits"):
        ask(f"p {text}")
