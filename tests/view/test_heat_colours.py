"""Use in colours: from pale to dark, each channel mixed between its neighbours."""

import pytest

from simastra.view.colours import heat_colour
from simastra.view.phrases import npus_words

HEAT = [
    (0.0, "#ffedbe"),
    (0.125, "#fedc8d"),
    (0.25, "#fecc5c"),
    (0.375, "#feac4c"),
    (0.5, "#fd8d3c"),
    (0.625, "#f6642e"),
    (0.75, "#f03b20"),
    (0.875, "#c31e23"),
    (1.0, "#960026"),
    (-1.0, "#ffedbe"),
    (2.0, "#960026"),
    (0.97, "#a10725"),
]


@pytest.mark.parametrize(("use", "colour"), HEAT)
def test_a_use_has_its_colour(use: float, colour: str) -> None:
    assert heat_colour(use) == colour


@pytest.mark.parametrize(
    ("npus", "words"),
    [
        (range(2), "NPUs 0, 1"),
        (range(3), "NPUs 0 to 2"),
        (range(5, 14), "NPUs 5 to 13"),
        (range(0, 16, 2), "NPUs 0, 2, 4, 6, 8, 10, 12, 14"),
        (range(0, 18, 2), "9 NPUs"),
    ],
)
def test_few_npus_are_listed_and_many_counted(npus: range, words: str) -> None:
    assert npus_words(npus) == words
