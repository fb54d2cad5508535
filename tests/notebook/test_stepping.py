"""The stepping widget: its buttons and its slider move a stepper, and it shows what that sees."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra.debug import LongQueue
from simastra.notebook.stepping import SteppingView, step_through
from simastra.notebook.stepping.controls import BUTTONS
from simastra.notebook.stepping.picture import state_svg
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder


@pytest.fixture
def view() -> SteppingView:
    return step_through(all_reduce_on_ring_of_8())


def press(view: SteppingView, *names: str) -> tuple[int, int]:
    """Press buttons; where the simulation is then, as events and ns."""
    for name in names:
        view.controls.buttons[name].click()
    return view.stepper.position, view.stepper.state.now


def page(view: SteppingView, title: str) -> str:
    return re.sub("<[^>]*>", " ", view.controls.pages[title].value)


def place(view: SteppingView) -> str:
    return re.sub("<[^>]*>", " ", view.controls.place.value)


def test_buttons_go_forward_and_back(view: SteppingView) -> None:
    assert press(view) == (0, 0)
    assert press(view, "step") == (1, 0)
    assert press(view, "tick") == (8, 0)
    assert press(view, "tick") == (16, 10)
    assert press(view, "back") == (15, 10)
    assert press(view, "restart") == (0, 0)
    assert press(view, "finished")[1] == 117_780
    assert press(view, "finish")[1] == 117_780


def test_buttons_for_one_npu_go_to_where_something_happens_there(view: SteppingView) -> None:
    view.controls.npu.value = 3
    assert press(view, "npu") == (4, 0)
    assert press(view, "npu") == (12, 10)
    assert press(view, "back_npu") == (4, 0)
    assert press(view, "back_npu") == (0, 0)
    assert press(view, "issued") == (1, 0)


def test_it_shows_where_it_is_and_what_the_npu_is_at(view: SteppingView) -> None:
    assert "at the beginning" in place(view)
    view.controls.npu.value = 5
    press(view, "tick", "tick")
    assert "[16] 10 ns" in place(view)
    assert "NPU 5 has finished 0 of 1 nodes" in page(view, "this NPU")
    assert "waits for 32,768 bytes from NPU 4" in page(view, "this NPU")
    assert "32,768 B from NPU 0 to NPU 1" in page(view, "links and messages")
    assert page(view, "NPUs").count("ALL_REDUCE") == 1  # the eight of them share a line


def test_the_slider_moves_the_simulation_and_follows_it(view: SteppingView) -> None:
    slider = view.controls.time
    assert (slider.min, slider.max) == (0, 117_780)
    slider.value = 1_000
    assert (view.stepper.state.now, slider.value) == (620, 1_000)
    slider.value = 5
    assert (view.stepper.position, slider.value) == (8, 5)
    press(view, "tick")
    assert slider.value == 10
    press(view, "finish")
    assert slider.value == 117_780


def test_breakpoints_come_by_a_command_and_stop_it(view: SteppingView) -> None:
    view.controls.command.value = "break npu 6"
    assert "breakpoint 1: npu 6" in view.controls.answer.value
    assert view.controls.command.value == ""
    assert press(view, "resume") == (7, 0)
    assert "breakpoint 1" in place(view)
    view.controls.command.value = "delete 1 ;; until 1000"
    assert press(view) == (24, 620)
    assert "[24] 620 ns" in place(view)


def test_a_wrong_command_is_answered(view: SteppingView) -> None:
    view.controls.command.value = "brake npu 6"
    assert "did you mean" in view.controls.answer.value
    assert press(view, "step") == (1, 0)
    assert view.controls.answer.value == ""


def test_at_a_deadlock_it_says_who_waits_for_what() -> None:
    npus = [TraceBuilder(npu) for npu in range(2)]
    npus[0].send("s", size=64, to=1, tag=7)
    npus[1].recv("r", size=64, source=0, tag=8)
    view = step_through(Simulation(Trace.of(npus), system(), network(("Ring", 2))))
    press(view, "finish")
    assert view.controls.time.value == view.controls.time.max == 501
    assert "likely cause: tag mismatch" in place(view)
    view.controls.npu.value = 1
    assert "tag mismatch" in page(view, "this NPU")


@settings(max_examples=10)
@given(st.lists(st.sampled_from(sorted(BUTTONS)), max_size=8))
def test_whatever_is_pressed_the_outcome_is_that_of_a_plain_run(names: list[str]) -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_GATHER), system(), network(("Ring", 4))
    )
    view = step_through(simulation)
    press(view, *names, "finish")
    assert view.stepper.result() == simulation.run()


def test_the_picture_shows_which_links_are_busy_and_how_long_their_queues_are() -> None:
    workload = one_collective(CollectiveType.ALL_TO_ALL)
    view = step_through(Simulation(workload, system(["direct"]), network(("Ring", 5))))
    view.stepper.breakpoints.add(LongQueue())
    press(view, "resume")
    links = view.stepper.state.links
    drawn = ElementTree.fromstring(state_svg(view.stepper.state))
    busy = {f"{it.src} to {it.dst}" for it in links if it.on_wire}
    titles = [title.text or "" for title in drawn.iter("title")]
    assert {title.partition(":")[0] for title in titles if ": free" not in title} == busy != set()
    queues = [str(len(it.waiting)) for it in links if it.waiting]
    texts = [text.text for text in drawn.iter("text")]
    assert queues
    assert texts[: len(queues)] == queues
    assert texts[len(queues) :] == ["0", "1", "2", "3", "4"]


def test_a_notebook_gets_a_widget(view: SteppingView) -> None:
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
