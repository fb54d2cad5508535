"""Everything has a look of its own; what has none is shown all the same."""

from collections.abc import Mapping
from enum import Enum

import pytest

from simastra.explain import Category
from simastra.palette.activities import ACTIVITIES, OTHER, Look, look_of
from simastra.palette.categories import CAUSES, colours_of, shades_of
from simastra.palette.kinds import KINDS
from simastra.palette.links import LINK_SHADES
from simastra.palette.nodes import NODE_TYPES, node_colour
from simastra.trace import NodeType
from simastra.view.colours import SERIES
from simastra.workload import Activity
from simastra.workload.kind_of_work import KindOfWork


@pytest.mark.parametrize(
    ("enum", "table"),
    [
        (Activity, ACTIVITIES),
        (NodeType, NODE_TYPES),
        (Category, CAUSES),
        (KindOfWork, KINDS),
    ],
    ids=lambda it: it.__name__ if isinstance(it, type) else "",
)
def test_every_member_has_a_look_of_its_own(
    enum: type[Enum], table: Mapping[object, object]
) -> None:
    assert set(table) == set(enum)
    assert len(set(table.values())) == len(table)


def test_activities_differ_in_everything() -> None:
    looks = [*ACTIVITIES.values(), OTHER]
    for attribute in ("colour", "pale", "letter", "style"):
        assert len({getattr(look, attribute) for look in looks}) == len(looks)
    assert {len(look.letter) for look in looks} == {1}


def test_what_only_a_file_names_has_a_look() -> None:
    assert look_of("nodes") == OTHER
    assert look_of("cpu") == ACTIVITIES[Activity.CPU]


def test_a_type_that_has_no_colour_has_that_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(NODE_TYPES, NodeType.COMP)  # type: ignore[arg-type]
    assert node_colour(NodeType.COMP) == OTHER.pale


def test_a_category_has_its_colour_whatever_stands_beside_it() -> None:
    alone, among = colours_of(["latency"]), colours_of(["compute", "mine", "latency"])
    assert alone["latency"] == among["latency"] == CAUSES[Category.LATENCY].light
    assert among["mine"] == SERIES[1]
    assert shades_of(["mine"])["mine"] == (SERIES[0], SERIES[0])
    assert shades_of(["mine", "latency"])["latency"] == CAUSES[Category.LATENCY]


def test_kinds_beyond_the_last_colour_begin_with_the_first_again() -> None:
    kinds = [f"kind {number}" for number in range(len(SERIES) + 1)]
    assert [colours_of(kinds)[kind] for kind in kinds] == [*SERIES, SERIES[0]]


def test_a_look_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        OTHER.colour = "red"  # type: ignore[misc]
    assert isinstance(OTHER, Look)


def test_kinds_of_links_have_colours_that_everybody_tells_apart() -> None:
    assert len(set(LINK_SHADES)) == len(LINK_SHADES)
    assert set(LINK_SHADES) <= set(KINDS.values())
