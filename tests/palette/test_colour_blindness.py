"""Colours can be told apart, with deuteranopia and protanopia too, and stand out from the page."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest

from simastra.palette.categories import CAUSES
from simastra.palette.kinds import KINDS
from simastra.view.colours import Shades

LEAST_DISTANCE = 0.055  # in OKLab, of what stands in one legend; 0.02 can just be told apart
LEAST_BESIDE = {"normal": 0.05}  # of a kind of work and a cause, which may stand on one page
LEAST_CONTRAST = 3.0  # of graphics, WCAG 2.2, 1.4.11
GROUNDS = {"light": ("#ffffff", "#f4f6f9"), "dark": ("#0e1116", "#1a1f27")}

Triple = tuple[float, ...]
Matrix = Sequence[Sequence[float]]

# Machado, Oliveira, Fernandes (2009), severity 1, of linear RGB.
SIGHT: Mapping[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
}
# Björn Ottosson, A perceptual color space for image processing (2020).
TO_CONES: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


def times(matrix: Matrix, vector: Triple) -> Triple:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def linear(colour: str) -> Triple:
    channels = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def oklab(rgb: Triple) -> Triple:
    return times(TO_LAB, tuple(max(it, 0) ** (1 / 3) for it in times(TO_CONES, rgb)))


def seen(colour: str, sight: str) -> Triple:
    return oklab(tuple(min(max(it, 0), 1) for it in times(SIGHT[sight], linear(colour))))


def distance(one: Triple, other: Triple) -> float:
    return math.dist(one, other)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def nearest(colours: Mapping[str, str], sight: str) -> tuple[float, tuple[str, str]]:
    lab = {name: seen(colour, sight) for name, colour in colours.items()}
    return min((distance(lab[a], lab[b]), (a, b)) for a, b in combinations(lab, 2))


def shade(table: Mapping[str, Shades], ground: str) -> dict[str, str]:
    return {str(name): getattr(shades, ground) for name, shades in table.items()}


def test_white_and_black_are_as_far_apart_as_colours_can_be() -> None:
    assert distance(oklab(linear("#ffffff")), oklab(linear("#000000"))) == pytest.approx(
        1, abs=0.01
    )
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    red, green = "#c86464", "#8a8a4a"  # which people with deuteranopia take for one
    assert distance(seen(red, "normal"), seen(green, "normal")) > 0.15
    assert distance(seen(red, "deuteranopia"), seen(green, "deuteranopia")) < 0.06


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("sight", SIGHT)
def test_kinds_and_causes_can_be_told_apart(ground: str, sight: str) -> None:
    for table in (shade(KINDS, ground), shade(CAUSES, ground)):
        apart, which = nearest(table, sight)
        assert apart >= LEAST_DISTANCE, which
    apart, which = nearest(shade(KINDS, ground) | shade(CAUSES, ground), sight)
    assert apart >= LEAST_BESIDE.get(sight, 0.025), which


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_colour_stands_out_from_the_page(ground: str) -> None:
    for table in (KINDS, CAUSES):
        for name, colour in shade(table, ground).items():
            for page in GROUNDS[ground]:
                assert contrast(colour, page) >= LEAST_CONTRAST, (name, page)


def test_what_is_a_cause_and_a_kind_of_work_looks_the_same() -> None:
    shared = {str(it) for it in KINDS} & {str(it) for it in CAUSES}
    assert shared == {"compute", "memory", "other", "idle"}
    assert {name: CAUSES[name] for name in shared} == {name: KINDS[name] for name in shared}
