"""Quantities with units mean exactly what is written, and what is doubtful is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.quantities import (
    BANDWIDTH,
    COMPUTE_RATE,
    DURATION,
    SIZE,
    QuantityError,
    QuantityKind,
)


@pytest.mark.parametrize(
    ("kind", "text", "worth"),
    [
        (BANDWIDTH, "50GB/s", 50),
        (BANDWIDTH, "400Gb/s", 50),
        (BANDWIDTH, "400 Gbit / s", 50),
        (BANDWIDTH, "400Gbps", 50),
        (BANDWIDTH, "50 GiB/s", Fraction(50 * 2**30, 10**9)),
        (BANDWIDTH, "3.35TB/s", 3350),
        (BANDWIDTH, "1kB/s", Fraction(1, 10**6)),
        (BANDWIDTH, "1Kib/s", Fraction(1024, 8 * 10**9)),
        (DURATION, "500ns", 500),
        (DURATION, "0.5us", 500),
        (DURATION, ".1\u00b5s", 100),
        (DURATION, "1\u03bcs", 1000),
        (DURATION, "1e-3 s", 10**6),
        (SIZE, "1MiB", 2**20),
        (SIZE, "1mib", 2**20),  # no size is told in bits, so case says nothing
        (SIZE, "1MB", 10**6),
        (SIZE, "1.5PB", 15 * 10**14),
        (SIZE, "+7B", 7),
        (SIZE, "-0B", 0),
        (COMPUTE_RATE, "312TFLOP/s", 312 * 10**12),
        (COMPUTE_RATE, "989.4 TFLOPS", 9894 * 10**11),
        (COMPUTE_RATE, "1PFLOP/s", 10**15),
    ],
)
def test_what_is_written_is_what_it_is_worth(
    kind: QuantityKind, text: str, worth: Fraction | int
) -> None:
    assert kind.read(text) == worth


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        (BANDWIDTH, "50gb/s", "'50gb/s' may be bytes (B) or bits (b): write 50GB/s or 50Gb/s"),
        (BANDWIDTH, "50KB/S", "'50KB/S' may be bytes (B) or bits (b): write 50KB/s or 50Kb/s"),
        (BANDWIDTH, "50", "lacks its unit: must be a bandwidth such as 50GB/s (10^9 bytes), "),
        (BANDWIDTH, "50GB", "must be a bandwidth such as 50GB/s (10^9 bytes), 50GiB/s (2^30) or "),
        (DURATION, "-5us", "must be 0 or more, not '-5us'"),
        (DURATION, "5 m s", "must be a duration such as 500ns, 0.5us or 2ms, not '5 m s'"),
        (DURATION, "1,5us", "must be a duration such as 500ns, 0.5us or 2ms, not '1,5us'"),
        (SIZE, "1Gbit", "must be a size"),
        (SIZE, "MiB", "must be a size"),
        (SIZE, "", "must be a size"),
        (SIZE, "nan B", "must be a size"),
        (SIZE, "1e9999B", "must be a size"),
        (SIZE, "1 2B", "must be a size"),
        (SIZE, "\u0661B", "must be a size"),
    ],
)
def test_what_is_no_quantity_or_a_doubtful_one(kind: QuantityKind, text: str, problem: str) -> None:
    with pytest.raises(QuantityError) as caught:
        kind.read(text)
    assert str(caught.value).startswith(problem)


def test_a_long_text_is_told_in_short() -> None:
    with pytest.raises(QuantityError) as caught:
        SIZE.read("9" * 10_000 + "B")
    assert str(caught.value).endswith(f"not '{'9' * 60}...'")


def test_a_number_alone_is_of_the_unit_that_is_named() -> None:
    assert DURATION.read("12", bare="us") == 12_000
    assert DURATION.read("12ns", bare="us") == 12


@given(st.decimals(0, 10**12, allow_nan=False, places=9), st.sampled_from(sorted(SIZE.units)))
def test_nothing_is_rounded(number: object, unit: str) -> None:
    assert SIZE.read(f"{number:f}{unit}") == Fraction(f"{number:f}") * SIZE.units[unit]


@given(st.text(max_size=70))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for kind in (SIZE, DURATION, BANDWIDTH, COMPUTE_RATE):
        try:
            value, problem = kind.read(text, bare=next(iter(kind.units))), ""
        except QuantityError as error:
            value, problem = Fraction(), str(error)
        assert value >= 0
        assert len(problem) < 300
