"""A hang is understood in three commands at most: continue, why, npu."""

from collections.abc import Callable

import pytest
from asked import Asked
from hangs import HANGS, Hang, stuck_behind_a_receive


@pytest.mark.parametrize("plant", HANGS, ids=lambda plant: plant.__name__)
def test_continue_tells_the_cause(plant: Callable[[], Hang]) -> None:
    hang = plant()
    story = Asked(hang.simulation)("continue")
    assert "deadlock: the simulation stands still at" in story
    assert f"likely cause: {hang.cause}" in story
    assert all(name in story for name in hang.names)


@pytest.mark.parametrize("plant", HANGS, ids=lambda plant: plant.__name__)
def test_why_leads_from_an_npu_that_hangs_to_the_cause(plant: Callable[[], Hang]) -> None:
    hang = plant()
    ask = Asked(hang.simulation)
    ask("continue")
    answer = ask(f"why {hang.npu}")
    assert f"NPU {hang.npu}, node" in answer
    assert f"[{hang.cause}]" in answer.splitlines()[-1]
    assert all(name in answer for name in hang.names)


def test_why_without_an_npu_is_about_all_that_have_not_finished() -> None:
    ask = Asked(stuck_behind_a_receive().simulation)
    ask("continue")
    answers = ask("why")
    assert all(f"\nNPU {npu}, node" in f"\n{answers}" for npu in range(4))


def test_the_npu_shows_what_it_holds_and_what_it_waits_for() -> None:
    ask = Asked(stuck_behind_a_receive().simulation)
    ask("continue")
    shown = ask("npu 1")
    assert "receives 1,024 B from NPU 0" in shown
    assert "gradients" in shown.partition("blocked:")[2]
    assert "0 -> 1  1,024 B    0      1" in ask("messages")


def test_one_can_go_back_from_a_hang_and_look_again() -> None:
    ask = Asked(stuck_behind_a_receive().simulation)
    ask("continue")
    end = ask.session.stepper.position
    assert ask("back 3").startswith(f"[{end - 3}]")
    assert ask.session.stepper.deadlock() is None
    assert "deadlock" in ask("c")
