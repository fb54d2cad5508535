"""Missions: all seeds can be solved, the authors' answers score best, and rules are kept."""

import doctest
import json
import re
import warnings
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.errors import ArgumentError, OptionError
from simastra.notebook import missions
from simastra.notebook.course import CourseTask, course
from simastra.notebook.exercises import Outcome, check
from simastra.notebook.missions import MISSIONS, mission, overview

ROOT = Path(__file__).parents[2]
SEEDS = (3, 5)
posed_once = cache(mission)
"""A mission for several tests: what it has simulated, it keeps."""

each_mission = pytest.mark.parametrize("name", MISSIONS)

FORBIDDEN: tuple[Any, ...] = (
    None,
    "",
    3.5,
    (),
    [],
    {},
    {"nothing": 1},
    [[...]],
    True,
    b"it",
    -1,
    10**30,
    10**400,
    (1, 10**400),
    ("leaf.0", "spine.0", 10**400),
    {"latency": 10**400, "bandwidth": 1},
    {"latency": True, "bandwidth": True},
    {1: 2},
)


@each_mission
def test_the_authors_answer_is_worth_three_stars_whatever_the_seed(name: str) -> None:
    posed = [posed_once(name, seed) for seed in SEEDS]
    assert [it.score(it.par()).stars for it in posed] == [3] * len(SEEDS)
    assert len({repr(it) for it in posed}) == len(SEEDS)


@each_mission
def test_the_same_seed_is_the_same_mission(name: str) -> None:
    one, other = posed_once(name, 3), mission(name, 3)
    assert repr(one) == repr(other)
    assert one.score(other.par()).stars == 3


@each_mission
def test_what_isnt_allowed_is_refused_with_the_reason(name: str) -> None:
    posed = posed_once(name, 3)
    for answer in FORBIDDEN:
        marks = posed.judge(answer)
        assert marks.points == 0, answer
        assert marks.remark.startswith("Not allowed: "), answer
        assert len(marks.remark) < 400, answer


@each_mission
def test_a_mission_shows_itself_and_is_an_exercise(name: str) -> None:
    posed = posed_once(name, 3)
    assert posed.title in posed._repr_html_()
    assert "seed 3" in repr(posed)
    assert check("16.1", ..., posed.judge).outcome is Outcome.OPEN
    right = check("16.1", posed.par(), posed.judge)
    assert (right.outcome, right.points) == (Outcome.RIGHT, 1)
    assert right.remark.startswith("★★★")


FAST = (
    "deadlock-tag",
    "deadlock-order",
    "deadlock-absent",
    "every-nanosecond",
    "chunks",
    "topology",
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
answers = st.recursive(
    leaves | st.sampled_from(["send 0", "gradients 1", "expert 0", "end", "latency", "ring"]),
    lambda inner: st.lists(inner) | st.tuples(inner, inner, inner) | st.dictionaries(leaves, inner),
)
POSED = {name: mission(name, 1) for name in FAST}


@given(st.sampled_from(FAST), answers)
def test_no_answer_breaks_a_mission(name: str, answer: object) -> None:
    marks = POSED[name].judge(answer)
    assert marks.remark
    assert 0 <= marks.points <= 1


def test_numbers_count_as_they_are_in_whatever_type() -> None:
    posed = mission("one-change", 2)
    assert posed.score({"clock": 2.0}) == posed.score({"clock": Fraction(2)})
    assert posed.score({"clock": 2}).stars < 3


def test_what_is_code_is_shown_as_code() -> None:
    shown = mission("cheapest-network", 3)._repr_html_()
    assert "<code>price(answer)</code>" in shown
    assert "`" not in shown
    assert "<b>Answer: </b>" in shown


def test_entries_say_all_that_is_asked_of_them() -> None:
    for name, entry in MISSIONS.items():
        assert entry.name == name
        for text in (entry.task, entry.practises, entry.hint, entry.way):
            assert len(text) > 10
    assert len({entry.pose for entry in MISSIONS.values()}) == len(MISSIONS) >= 16
    assert [row[0] for row in overview().rows] == list(MISSIONS)


def test_a_mission_that_there_isnt_and_a_seed_that_is_none_are_refused() -> None:
    with pytest.raises(OptionError, match="did you mean 'chunks'"):
        mission("chunk")
    wrong: Any
    for wrong in ("7", -1, True, 1.0):
        with pytest.raises(ArgumentError, match="seed"):
            mission("chunks", wrong)


def test_the_package_says_what_is_true() -> None:
    assert doctest.testmod(missions).failed == 0


def course_tasks() -> dict[str, tuple[str, str, CourseTask]]:
    """Of each mission in the course: the name that its notebook gives it, and its task."""
    found = {}
    for notebook in (it for it in course().notebooks if "missions" in it.file):
        text = (ROOT / "notebooks" / f"{notebook.file}.ipynb").read_text(encoding="utf-8")
        sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
        posed = re.findall(r'^(\w+) = mission\("([\w-]+)", SEED\)$', "\n".join(sources), re.M)
        (imports,) = [it for it in sources if it.startswith("import ")]
        for (variable, name), task in zip(posed, notebook.tasks, strict=True):
            found[name] = variable, imports, task
    return found


def test_the_course_has_all_missions_and_lists_them() -> None:
    assert list(course_tasks()) == list(MISSIONS)
    listed = (ROOT / "notebooks" / "16_missions.ipynb").read_text(encoding="utf-8")
    for row in overview().rows:
        name, task, practises = row
        assert f"| `{name}` | {task} | {practises} |" in listed


@each_mission
def test_a_solution_of_the_course_holds_for_other_seeds_too(name: str) -> None:
    variable, imports, task = course_tasks()[name]
    assert task.mission == name
    assert MISSIONS[name].hint == task.hint
    posed = posed_once(name, 5)
    told: dict[str, Any] = {variable: posed}
    with warnings.catch_warnings():
        exec(imports, told)
        exec(task.right, told)
        assert posed.score(told["answer"]).stars == 3
        for wrong in task.wrong:
            exec(wrong, told)
            assert posed.judge(told["answer"]).points == 0
