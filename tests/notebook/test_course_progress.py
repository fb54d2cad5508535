"""What a reader answers is recorded, kept in a file when asked, and shown."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.errors import ArgumentError, InputError
from simastra.notebook.course import check, hint, keep, keeping, progress, record, solution, tasks
from simastra.notebook.course.progress import CourseProgress, Standing, read_progress
from simastra.notebook.exercises import Marks, Outcome, Verdict

MANY = 3


@pytest.fixture(autouse=True)
def _new_session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As in a new kernel, in an empty folder."""
    monkeypatch.setattr(keeping, "_SESSIONS", [])
    monkeypatch.delenv(keeping.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)


def answer(name: str, *, right: bool) -> Verdict:
    return check(name, 1, lambda _: right)


def standing(name: str) -> Standing:
    return progress().progress.of(name)


def test_a_blank_answer_leaves_no_trace() -> None:
    check("1.1", ..., "cad84a73aba8")
    assert progress().progress == CourseProgress()


def test_a_wrong_answer_shows_the_hint_and_after_some_that_there_is_a_solution() -> None:
    said = [answer("1.1", right=False).remark for _ in range(MANY)]
    assert said[0] == said[1] == "Hint: 4 chunks, 2 x 7 steps each"
    assert said[2] == f'{said[0]} (solution("1.1") shows one.)'
    assert standing("1.1") == Standing(tries=3)


def test_what_is_right_stays_right() -> None:
    answer("1.1", right=False)
    answer("1.1", right=True)
    answer("1.1", right=False)
    assert standing("1.1") == Standing(tries=2, is_right=True, points=1)


def test_a_solution_is_shown_after_a_try_and_leaves_half_the_points() -> None:
    assert "try one first" in repr(solution("1.3"))
    assert tasks()["1.3"].right not in repr(solution("1.3"))
    assert standing("1.3") == Standing()
    answer("1.3", right=False)
    assert repr(solution("1.3")) == "a solution of 1.3:\nanswer = 400"
    answer("1.3", right=True)
    assert standing("1.3") == Standing(2, is_right=True, points=1, solution=True)
    assert standing("1.3").score == 0.5


def test_who_has_answered_may_look_at_everything() -> None:
    answer("1.3", right=True)
    hint("1.3")
    solution("1.3")
    assert standing("1.3").score == 1
    assert not standing("1.3").hint


def test_a_solution_is_shown_to_who_insists() -> None:
    assert "answer = 400" in repr(solution("1.3", anyway=True))
    assert standing("1.3").solution


def test_help_is_shown_escaped() -> None:
    shown = hint("13.5")._repr_html_()
    assert shown.startswith('<div style="border-left')
    given = solution("6.2", anyway=True)._repr_html_()
    assert "<pre>" in given
    assert "answer = next(" in given


def test_parts_of_points_are_kept_and_the_best_counts() -> None:
    for points in (0.25, 0.75, 0.5):
        check("1.1", 1, lambda _, points=points: Marks(points))
    assert standing("1.1").score == 0.75


def test_verdicts_of_others_are_recorded_too() -> None:
    record(Verdict("99.1", Outcome.RIGHT, "well done", 1))
    assert standing("99.1").is_right


def test_progress_is_kept_in_a_file_from_the_beginning_of_the_session(tmp_path: Path) -> None:
    answer("1.1", right=True)
    path = tmp_path / "mine.json"
    assert keep(path, "Ada").summary.startswith("Ada: 1 of ")
    answer("1.2", right=False)
    kept = read_progress(path)
    assert kept == progress().progress
    assert (kept.right(["1.1", "1.2"]), kept.student) == (1, "Ada")


def test_another_session_goes_on_and_two_at_once_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.json"
    keep(path)
    answer("1.1", right=True)
    first = keeping.session()
    monkeypatch.setattr(keeping, "_SESSIONS", [])
    keep(path)
    answer("1.2", right=True)
    monkeypatch.setattr(keeping, "_SESSIONS", [first])
    answer("1.3", right=True)
    assert set(read_progress(path).standings) == {"1.1", "1.2", "1.3"}


def test_tries_and_help_add_up_in_a_file_whoever_writes_it_in_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.json"
    keep(path)
    answer("1.1", right=False)
    first = keeping.session()
    monkeypatch.setattr(keeping, "_SESSIONS", [])
    keep(path)
    said = [answer("1.1", right=False).remark for _ in range(MANY - 1)]
    assert 'solution("1.1") shows one' in said[-1]
    solution("1.1")
    monkeypatch.setattr(keeping, "_SESSIONS", [first])
    answer("1.1", right=True)
    assert read_progress(path).of("1.1") == Standing(
        MANY + 1, is_right=True, points=1, solution=True
    )
    assert standing("1.1").score == 0.5


def test_many_kernels_at_once_lose_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"

    def answers(kernel: int) -> None:
        own = keeping.KernelSession(path)
        for task in range(8):
            name, standing = f"{kernel}.{task}", Standing(1, is_right=True, points=1)
            own.change(lambda it, name=name, new=standing: it.with_standing(name, new))

    with ThreadPoolExecutor(max_workers=6) as kernels:
        list(kernels.map(answers, range(6)))
    assert len(read_progress(path).standings) == 6 * 8


def test_the_environment_names_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "class.json"))
    answer("1.1", right=True)
    assert read_progress(tmp_path / "class.json").of("1.1").is_right


def test_a_browser_keeps_it_by_itself_and_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer("1.1", right=True)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(keeping, "_SESSIONS", [])
    monkeypatch.setattr("sys.platform", "emscripten")
    answer("1.1", right=True)
    assert read_progress(tmp_path / "progress.json").of("1.1").is_right


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "it isn't JSON"),
        ("[]", "is no progress of the course"),
        ('{"simastra-progress": 2}', "simastra-progress is 2, and this simastra reads 1"),
        ('{"simastra-progress": true}', "is no progress of the course"),
        ('{"simastra-progress": 1, "tasks": {"1.1": {"tries": 1000001}}}', "up to 1,000,000"),
        (" " * (2**24 + 1), "is larger than 16777216 bytes"),
        ('{"simastra-progress": 1, "tasks": []}', "tasks an object"),
        ('{"simastra-progress": 1, "tasks": {"1.1": 3}}', "1.1: wanted are tries"),
        ('{"simastra-progress": 1, "tasks": {"1.1": {"points": 2}}}', "points from 0 to 1"),
        ('{"simastra-progress": 1, "tasks": {"1.1": {"points": NaN}}}', "points from 0 to 1"),
        ('{"simastra-progress": 1, "tasks": {"1.1": {"tries": -1}}}', "a whole number"),
        ('{"simastra-progress": 1, "tasks": {"1.1": {"right": 1}}}', "true or false"),
    ],
)
def test_a_file_of_something_else_is_refused_and_left_alone(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "theirs.json"
    path.write_text(content)
    with pytest.raises(InputError, match=said):
        keep(path)
    assert path.read_text() == content
    assert answer("1.1", right=True).remark == ""  # in memory, as before


def test_an_answer_is_judged_even_if_it_cant_be_kept(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    keep(folder / "mine.json")
    (folder / "mine.json").unlink()
    folder.rmdir()
    verdict = answer("1.1", right=True)
    assert verdict.outcome is Outcome.RIGHT
    assert "Your progress isn't kept" in verdict.remark
    assert standing("1.1").is_right


def test_progress_shows_itself_by_track_and_notebook_with_the_next_task() -> None:
    answer("1.1", right=True)
    answer("1.2", right=False)
    shown = repr(progress())
    assert shown.startswith(f"1 of {len(tasks())} tasks right, 1 points\n")
    (newcomer,) = (line for line in shown.splitlines() if line.startswith("Newcomer"))
    assert newcomer.split()[-1] == "1.2"
    (first,) = (line for line in shown.splitlines() if "A first run" in line)
    assert first.split() == ["1", "A", "first", "run", "5", "1", "1", "2", "0"]
    assert progress()._repr_html_().count("<table") == 2


standings = st.builds(
    Standing,
    tries=st.integers(0, 5),
    is_right=st.booleans(),
    hint=st.booleans(),
    solution=st.booleans(),
).map(lambda it: Standing(it.tries, it.is_right, float(it.is_right), it.hint, it.solution))
progresses = st.builds(
    CourseProgress, st.text(), st.dictionaries(st.sampled_from(["1.1", "1.2", "x"]), standings)
)


@given(progresses)
def test_a_file_has_all_that_is_known(it: CourseProgress) -> None:
    path = Path("it.json")
    path.write_text(it.to_json(), encoding="utf-8")
    assert read_progress(path) == it
    assert json.loads(it.to_json())["simastra-progress"] == 1


@given(progresses, progresses)
def test_of_two_files_the_better_counts_whatever_their_order(
    one: CourseProgress, other: CourseProgress
) -> None:
    names = ["1.1", "1.2", "x"]
    both = one.merged(other)
    assert both.score(names) == other.merged(one).score(names)
    assert both.score(names) == sum(max(one.of(it).score, other.of(it).score) for it in names)
    assert one.merged(one) == one


@given(standings, standings)
def test_what_happened_before_there_is_an_answer_is_known_from_either_file(
    one: Standing, other: Standing
) -> None:
    both = one.merged(other)
    assert both.score == max(one.score, other.score)
    assert both.is_right == (one.is_right or other.is_right)
    if not both.is_right:
        assert both.tries == max(one.tries, other.tries)
        assert both.hint == (one.hint or other.hint)
        assert both.solution == (one.solution or other.solution)


def test_answers_are_judged_beside_a_file_that_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{")
    monkeypatch.setenv(keeping.VARIABLE, str(path))
    verdict = answer("1.1", right=True)
    assert verdict.outcome is Outcome.RIGHT
    assert "Your progress isn't kept" in verdict.remark
    assert "isn't kept" in solution("1.2", anyway=True).heading
    assert progress().progress.right(["1.1"]) == 1
    assert path.read_text() == "{"


def test_a_name_is_a_text(tmp_path: Path) -> None:
    wrong: Any = 5
    with pytest.raises(ArgumentError, match="student"):
        keep(tmp_path / "mine.json", student=wrong)
    assert list(tmp_path.iterdir()) == []
