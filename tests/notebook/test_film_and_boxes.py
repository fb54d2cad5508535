"""Films, pictures of dependencies and stepping views of inputs made by hand, to the last number."""

import json
import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, one_collective, system
from support.made_runs import made_records, phase

from simastra.errors import OptionError
from simastra.notebook.animation import animate
from simastra.notebook.animation.film import FilmedMessage, Receipt, Scene, film
from simastra.notebook.animation.page import page
from simastra.notebook.dependencies import dependencies
from simastra.notebook.exercises import Outcome, check, near, seal
from simastra.notebook.stepping import step_through
from simastra.report.run_records import MessageRecord, Transmission
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Node, NodeType, TraceBuilder


@pytest.fixture(scope="module")
def ring() -> Simulation:
    return Simulation(one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 4)))


def message(src: int, dst: int, start: int, end: int | None) -> MessageRecord:
    return MessageRecord(src, dst, 10, 0, start, end)


def test_a_film_of_a_collective_holds_what_touches_its_time(ring: Simulation) -> None:
    phases = [phase(2, 100, 150), phase(1, 120, 200, place=1), phase(3, 0, 999, node=2)]
    times = [(50, 99), (50, 100), (90, 101), (199, 250), (200, 260), (150, None), (160, 200)]
    messages = [message(0, 1, *times[0]), *(message(1, 2, *it) for it in times[1:])]
    records = made_records(4, messages=[*messages, message(3, 3, 120, 130)], phases=phases)
    cut = film(ring, records, 1, 100)
    assert (cut.npus, cut.start, cut.end, cut.left_out) == (4, 100, 200, 0)
    assert cut.flights == (
        FilmedMessage(1, 2, 50, 100, 10),
        FilmedMessage(1, 2, 90, 101, 10),
        FilmedMessage(1, 2, 160, 200, 10),
        FilmedMessage(1, 2, 199, 250, 10),
    )
    assert cut.receipts == (Receipt(2, 100), Receipt(2, 101), Receipt(3, 130), Receipt(2, 200))
    assert cut.scenes == (Scene(120, 200, "chunk 0, phase 2: ALL_REDUCE, Ring"),)
    short = film(ring, records, 1, 3)
    assert (short.flights, short.left_out) == (cut.flights[:3], 1)


def test_a_film_of_everything_begins_at_0_and_ends_with_the_last_thing(ring: Simulation) -> None:
    records = made_records(4, messages=[message(0, 1, 5, 30)], phases=[phase(0, 0, 20)])
    whole = film(ring, records, None, 9)
    assert (whole.start, whole.end) == (0, 30)
    assert whole.receipts == (Receipt(1, 30),)
    longer = film(ring, made_records(4, phases=[phase(0, 0, 70), phase(1, 3, None)]), None, 9)
    assert (longer.start, longer.end, longer.flights) == (0, 70, ())
    assert longer.scenes == (Scene(0, 70, "chunk 0, phase 1: ALL_REDUCE, Ring"),)


def test_a_film_lasts_at_least_one_ns(ring: Simulation) -> None:
    nothing = film(ring, made_records(4), None, 9)
    assert (nothing.start, nothing.end) == (0, 1)
    begun = film(ring, made_records(4, phases=[phase(0, 40, None)]), 1, 9)
    assert (begun.start, begun.end, begun.scenes) == (40, 41, ())
    other = film(ring, made_records(4, phases=[phase(0, 40, 50)]), 2, 9)
    assert (other.start, other.end, other.scenes) == (0, 1, ())


def test_over_a_link_a_message_flies_for_the_latency_of_the_link_too(ring: Simulation) -> None:
    flights = [Transmission(0, 1, 8, 10, 20), Transmission(1, 2, 8, 0, 5)]
    sent = [message(0, 1, 10, 520)]  # of the link from 1 to 2 no message tells
    cut = film(ring, made_records(4, messages=sent, transmissions=flights), None, 9)
    assert cut.flights == (FilmedMessage(1, 2, 0, 5, 8), FilmedMessage(0, 1, 10, 520, 8))


def test_the_page_of_a_film_has_its_data(ring: Simulation) -> None:
    messages = [message(0, 1, 5, 30), message(0, 1, 35, 60), message(2, 3, 6, 31)]
    cut = film(ring, made_records(4, messages=messages), None, 2)
    html = page(cut, network(("Ring", 4)), 2.5)
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', html)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    assert (data["start"], data["end"], data["seconds"]) == (0, 60, 2.5)
    assert data["flights"] == [[0, 5, 30, 10, -1], [1, 6, 31, 10, -1]]
    assert data["received"] == [[], [30, 60], [], [31]]
    assert len(data["links"]) == 2
    assert "The first 2 of 3 messages on links are shown." in html


@pytest.mark.parametrize("seconds", [0, -1, -0.5, float("nan")])
def test_a_film_that_takes_no_time_is_refused(ring: Simulation, seconds: float) -> None:
    with pytest.raises(OptionError, match="must be larger than 0"):
        animate(ring, seconds=seconds)
    assert '"seconds":0.5,' in animate(ring, seconds=0.5).html


def box(svg: str, id: int) -> tuple[int, int]:
    """Column and row of a node's box, counted from 0."""
    for group in ElementTree.fromstring(svg).iter("g"):
        rect, label = group.find("rect"), group.find("text")
        assert rect is not None
        assert label is not None
        if (label.text or "").startswith(f"{id}:"):
            x, y = (float(rect.attrib[name]) - 8 for name in ("x", "y"))
            assert (x % 185, y % 52) == (0, 0)
            return int(x // 185), int(y // 52)
    raise AssertionError(f"no node {id}")


def comp(id: int, *before: int, duration: int = 0) -> Node:
    return Node(id, f"n{id}", NodeType.COMP, data_deps=before, duration=duration)


@given(st.permutations(range(1, 7)))
def test_a_chain_goes_to_the_right_in_whatever_order_its_nodes_are(order: list[int]) -> None:
    svg = dependencies([comp(id, *([id - 1] if id > 1 else [])) for id in order]).svg
    assert [box(svg, id) for id in range(1, 7)] == [(column, 0) for column in range(6)]


def test_the_longest_way_decides_the_column_and_the_order_the_row() -> None:
    svg = dependencies([comp(1), comp(2, 1), comp(3, 2, 1), comp(4, 1), comp(5, 4, 3)]).svg
    places = [box(svg, id) for id in range(1, 6)]
    assert places == [(0, 0), (1, 0), (2, 0), (1, 1), (3, 0)]
    assert svg.startswith(f'<svg width="{8 + 3 * 185 + 140 + 8}" height="{8 + 52 + 38 + 8 + 16}" ')


def test_nodes_in_a_circle_lie_within_as_many_columns_as_there_are_nodes() -> None:
    svg = dependencies([comp(1, 3), comp(2, 1), comp(3, 2)]).svg
    assert {box(svg, id)[0] for id in (1, 2, 3)} <= {0, 1, 2}
    assert sorted(box(svg, id) for id in (1, 2, 3))[-1][0] == 2


def test_without_nodes_there_is_an_empty_picture() -> None:
    assert dependencies([]).svg == (
        '<svg width="148" height="62" font-family="sans-serif" font-size="11" role="img" '
        'aria-label="0 nodes and their dependencies"></svg>'
    )


def test_an_edge_leaves_a_box_at_its_right_and_comes_to_the_next_at_its_left() -> None:
    svg = dependencies([comp(1), comp(2), comp(3, 1, 2)]).svg
    ends = [path.attrib["d"] for path in ElementTree.fromstring(svg).iter("path")]
    assert ends == [
        "M148 27.0C170.5 27.0 170.5 27.0 193 27.0",
        "M148 79.0C170.5 79.0 170.5 27.0 193 27.0",
    ]


def test_long_names_are_cut_and_times_are_in_microseconds() -> None:
    long = Node(1, "x" * 21, NodeType.COMP, duration=1_500)
    svg = dependencies([long, Node(2, "y" * 20, NodeType.COMM_SEND)]).svg
    texts = [it.text for it in ElementTree.fromstring(svg).iter("text")]
    assert texts == [f"1: {'x' * 19}…", "1.5 µs", f"2: {'y' * 20}", "COMM_SEND"]


@given(st.integers(1, 30), st.integers(0, 30))
def test_nodes_that_are_left_out_are_counted(drawn: int, more: int) -> None:
    svg = dependencies([comp(id) for id in range(drawn + more)], most=drawn).svg
    assert svg.count("<rect") == drawn
    said = re.findall(r"and ([0-9,]+) more nodes", svg)
    assert said == ([str(more)] if more else [])


def tabs_of(command: str) -> tuple[str, str]:
    """What the view answers to a command, and what it shows then."""
    view = step_through(
        Simulation(one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 2)))
    )
    view.controls.command.value = command
    return view.controls.answer.value, view.controls.place.value


def test_a_wrong_command_is_answered_in_another_tone_than_a_right_one() -> None:
    tags = [re.sub(">[^<]*<", "><", tabs_of(it)[0]) for it in ("brake npu 1", "break npu 1")]
    wrong, right = (set(re.findall(r"<[^/>]+>", it)) for it in tags)
    assert wrong
    assert wrong != right


def test_an_answer_is_wrapped_at_the_same_column_each_time() -> None:
    answer, _ = tabs_of("help")
    lines = re.sub("<[^>]*>", "", answer.replace("<br>", "\n")).splitlines()
    assert lines
    assert max(map(len, lines)) <= 110


def test_an_answer_has_no_colours_of_a_terminal() -> None:
    for command in ("help", "npus", "break npu 1"):
        answer, _ = tabs_of(command)
        assert answer
        assert "\x1b" not in answer
        assert "[0m" not in answer


def test_the_slider_follows_a_step_and_moves_nothing_itself() -> None:
    view = step_through(
        Simulation(one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 8)))
    )
    for button, position, time in (("tick", 8, 0), ("step", 9, 10), ("step", 10, 10)):
        view.controls.buttons[button].click()
        assert (view.stepper.position, view.stepper.state.now) == (position, time)
        assert view.controls.time.value == time


def test_a_blank_command_is_no_command() -> None:
    view = step_through(
        Simulation(one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 2)))
    )
    view.controls.command.value = "break npu 1"
    answered = view.controls.answer.value
    view.controls.command.value = "   "
    assert view.controls.answer.value == answered


def test_a_move_that_is_refused_is_answered_and_moves_nothing() -> None:
    trace = TraceBuilder()
    trace.compute("work", micros=1)
    view = step_through(Simulation(trace, system(), network(("Ring", 2))))
    for _ in range(9):
        view.controls.buttons["finish"].click()
    before = view.stepper.position
    view.controls.buttons["step"].click()
    assert view.stepper.position == before
    view.controls.buttons["restart"].click()
    assert (view.stepper.position, view.controls.time.value) == (0, 0)
    view.controls.buttons["back"].click()
    assert view.stepper.position == 0


def test_controls_begin_at_0() -> None:
    view = step_through(
        Simulation(one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 3)))
    )
    npu, time = view.controls.npu, view.controls.time
    assert (npu.value, npu.min, npu.max) == (0, 0, 2)
    assert (time.value, time.min) == (0, 0)
    assert time.step == time.max // 500


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_what_is_near_lies_within_one_percent(expected: float, answer: float) -> None:
    is_right = check("1", answer, near(expected)).outcome is Outcome.RIGHT
    assert is_right == (abs(answer - expected) <= 0.01 * abs(expected))


def test_answers_within_answers_are_told_apart() -> None:
    forms: list[object] = [
        *((), (1,), (1, 2), ((1,), 2), (1, (2,)), [[1, 2]], {1}, {1, 2}, {1: 2}, {1: 2, 3: 4}),
        *({"a": (1, 2)}, {"a": {1, 2}}, "", "1", "(1)", True, None, 0.5, 0.25, b""[:0].decode()),
    ]
    seals = [seal("1", form) for form in forms]
    assert len(set(seals)) == len(forms) - 1  # the empty text stands there twice
    assert all(len(it) == 12 for it in seals)
    assert len({seal("1", number / 8) for number in range(64)}) == 64
    with pytest.raises(TypeError, match="not bytes"):
        seal("1", b"1")


def test_rows_of_scenes_follow_each_other(ring: Simulation) -> None:
    html = animate(ring).html
    found = re.search(r'"scenes":(\[.*?\])\}', html)
    assert found is not None
    scenes = json.loads(found[1])
    assert len(scenes) == 4
    assert [words for _, _, words in scenes] == [
        f"chunk {chunk}, phase 1: ALL_REDUCE, Ring" for chunk in range(4)
    ]
    assert all(one[1] <= other[0] for one, other in pairwise(scenes))


@pytest.mark.parametrize(("npus", "labels"), [(159, 159), (160, 160), (161, 0)])
def test_of_more_than_160_devices_none_is_labelled(
    ring: Simulation, npus: int, labels: int
) -> None:
    html = page(film(ring, made_records(npus), None, 9), network(("Ring", npus)), 1)
    picture = html.partition("<svg")[2].partition("</svg>")[0]
    assert picture.count("<text") == labels
    size = round(90 / npus**0.5, 2)
    assert picture.count(f'r="{size}"') == npus
    assert picture.count('r="0"') == npus  # nothing has been received


def test_a_switch_is_darker_has_an_s_and_receives_nothing(ring: Simulation) -> None:
    flights = [Transmission(0, 2, 8, 0, 5), Transmission(2, 1, 8, 5, 9)]
    html = page(
        film(ring, made_records(2, transmissions=flights), None, 9), network(("Ring", 2)), 1
    )
    picture = html.partition("<svg")[2].partition("</svg>")[0]
    assert re.findall(r'fill="(#[0-9a-f]{6})" stroke="#5d6778"', picture) == [
        *("#eef1f5", "#eef1f5", "#c9d2e0"),
    ]
    assert re.findall(r">([S0-9]+)</text>", picture) == ["0", "1", "S2"]
    assert picture.count('class="received"') == 2
    assert picture.count('<path d="') == 2
