"""Values of columns, as people read them."""

import pytest

from simastra.cli.verbs.sweep.summary import shown_value


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("makespan_ns", 117780, "117.78 µs"),
        ("memory_per_npu", 2**30, "1 GiB"),
        ("mfu", 0.45, "45.0 %"),
        ("npus", 1024, "1,024"),
        ("tokens_per_s", 12345.678, "12,345.7"),
        ("cost", 1_234_567, "1,234,567"),
        ("bound_limit", "ports", "ports"),
    ],
)
def test_they_have_the_unit_of_their_column(column: str, value: object, words: str) -> None:
    assert shown_value(column, value) == words
