"""ASTRA-sim's own answers, by shortcuts wherever these apply.

The order of NPUs that end in one nanosecond is compared wherever no path says that it lists them by
number. How many cases are folded is asserted too: a search for symmetries that found none would
pass every comparison.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from shortcut_oracle import order_is_known
from support.cases import Case, load_cases, node_times, simulation_of

from simastra.result import Result
from simastra.shortcut_use import Shortcut

COLLECTIONS = ("hoti2024", "master", "multidim_aware", "scale")


@dataclass(frozen=True)
class Answered:
    """A case, and what simastra answers by shortcuts."""

    case: Case
    result: Result

    @property
    def taken(self) -> set[Shortcut]:
        return {use.shortcut for use in self.result.shortcuts if use.taken}


_answers: dict[str, list[Answered]] = {}


def answers(collection: str) -> list[Answered]:
    """All cases of a collection, run once."""
    if collection not in _answers:
        _answers[collection] = [
            Answered(case, simulation_of(case).run(shortcuts="always"))
            for case in load_cases(collection)
        ]
    return _answers[collection]


every_collection = pytest.mark.parametrize("collection", COLLECTIONS)


@every_collection
def test_cycles_are_astra_sims(collection: str) -> None:
    assert [
        it.case["name"]
        for it in answers(collection)
        if {str(npu): at for npu, at in it.result.cycles.items()} != it.case["expect"]["cycles"]
    ] == []


@every_collection
def test_node_times_are_astra_sims(collection: str) -> None:
    different = [
        f"NPU {npu} of {it.case['name']}"
        for it in answers(collection)
        for npu, recorded in it.case["expect"].get("trace", {}).items()
        if node_times(it.result.nodes[int(npu)], recorded) != sorted(map(list, recorded))
    ]
    assert different == []


@every_collection
def test_the_order_is_astra_sims_wherever_it_is_said_to_be_known(collection: str) -> None:
    different = [
        it.case["name"]
        for it in answers(collection)
        if order_is_known(it.result) and list(it.result.finish_order) != it.case["expect"]["order"]
    ]
    assert different == []


@every_collection
def test_npus_of_unknown_order_come_by_time_and_then_by_number(collection: str) -> None:
    for it in answers(collection):
        ends = [(end.cycles, end.npu) for end in it.result.finishes]
        assert len(ends) == it.case["npus"]
        assert [time for time, _ in ends] == sorted(time for time, _ in ends), it.case["name"]


@pytest.mark.parametrize(
    ("collection", "folded", "met", "known"),
    [("hoti2024", 250, 3, 450), ("master", 74, 3, 170), ("multidim_aware", 80, 0, 120)],
)
def test_as_many_cases_are_shortened_as_ever(
    collection: str, folded: int, met: int, known: int
) -> None:
    taken = [it.taken for it in answers(collection)]
    assert sum(Shortcut.FOLD in paths for paths in taken) >= folded
    assert sum(Shortcut.SKEW in paths for paths in taken) >= met
    assert sum(order_is_known(it.result) for it in answers(collection)) >= known


def test_all_large_cases_are_shortened() -> None:
    assert [it.case["name"] for it in answers("scale") if not it.taken] == []
