"""Frames, and all that can be unfolded at them, on whatever machine: nothing is lost or wrong."""

import pytest
import test_flow_states
import test_priced_states
from hangs import stuck_behind_a_receive
from machines_seen import incast, two_dimensions, two_npus
from support.graphs import on_four_and_six
from support.machines import network, system

from simastra import KiB, Simulation, TraceBuilder
from simastra.debug import State, Stepper
from simastra.debug.adapter.arguments import SourceNamed
from simastra.debug.adapter.moment import Moment, Moments
from simastra.debug.adapter.moves import into, step
from simastra.debug.adapter.scopes import scopes
from simastra.debug.adapter.stack import FrameLevel, StackFrame
from simastra.debug.adapter.traces import TraceTexts
from simastra.debug.adapter.values import Variable, Variables, variables_of
from simastra.debug.prompt.expression import Expression
from simastra.engine import NodeIssued, PhaseBegun
from simastra.trace import Trace

EVENTS = 200
DEEP = 2  # levels that are unfolded


def unfolded(parts: Variables, depth: int = DEEP) -> list[Variable]:
    """All parts, those of the parts too."""
    found = parts.page(None, 0, 0)
    inside = [it for part in found for it in below(part, depth)] if depth else []
    return [*found, *inside]


def below(part: Variable, depth: int) -> list[Variable]:
    return unfolded(variables_of(part.value, part.expression), depth - 1)


def check(state: State, moment: Moment, npu: int) -> list[FrameLevel]:
    """Look at all that there is to an NPU."""
    frames = [frame for _, frame in moment.stack(npu)]
    assert frames
    for frame in {it.level: it for it in frames}.values():
        found = list(scopes(state, frame))
        assert sum(it.is_local for it in found) == (frame.level is not FrameLevel.IDLE)
        for scope in found:
            for part in unfolded(scope.find(), DEEP if frame is frames[0] else 0):
                assert part.words
                assert "\n" not in part.words
                if part.expression is not None:
                    assert Variable("", Expression(part.expression)(state)).words == part.words
    check_nodes(state, npu, frames)
    return [frame.level for frame in frames]


def check_nodes(state: State, npu: int, frames: list[StackFrame]) -> None:
    """Each node under way has one frame, below all that is in it."""
    nodes = [it.index for it in frames if it.level is FrameLevel.NODE]
    assert sorted(nodes) == sorted(state.process(npu).running)
    running: list[int | None] = []
    for frame in frames:
        running.append(frame.index)
        if frame.level is FrameLevel.NODE:
            assert set(running) == {frame.index}
            running = []
    assert not running or frames[0].level is FrameLevel.IDLE


@pytest.mark.parametrize(
    ("simulation", "levels"),
    [
        (two_npus(), {FrameLevel.MESSAGE, FrameLevel.NODE, FrameLevel.IDLE}),
        (two_dimensions(), {*FrameLevel}),
        (incast(), {FrameLevel.MESSAGE, FrameLevel.NODE, FrameLevel.IDLE}),
        (on_four_and_six(), {FrameLevel.MESSAGE, FrameLevel.NODE}),
        (stuck_behind_a_receive().simulation, {FrameLevel.NODE, FrameLevel.COLLECTIVE}),
        (test_priced_states.simulation(), {FrameLevel.PHASE, FrameLevel.COLLECTIVE}),
    ],
)
def test_all_that_is_shown_can_be_unfolded_and_asked_for(
    simulation: Simulation, levels: set[FrameLevel]
) -> None:
    stepper, moments, seen = Stepper(simulation), Moments(), set()
    while stepper.position < EVENTS and not stepper.state.ended:
        stepper.step(max(1, min(stepper.position, 29)))
        moment = moments.at(stepper.state)
        for npu in (0, len(stepper.state.npus) - 1):
            seen |= {*check(stepper.state, moment, npu)}
    assert levels <= seen


def test_the_first_frame_is_in_the_node_to_which_the_last_event_did_something() -> None:
    trace = TraceBuilder()
    trace.compute("work", micros=1000)
    trace.all_reduce("gradients", size=KiB)
    stepper, moments = Stepper(Simulation(trace, system(), network(("Ring", 4)))), Moments()
    firsts = []
    while len(firsts) < 3:
        stepper.step()
        if any(
            isinstance(it, NodeIssued | PhaseBegun) and it.npu == 0 for it in stepper.state.happened
        ):
            firsts.append(moments.at(stepper.state).stack(0)[0][1].index)
    assert firsts == [0, 1, 1]


def test_steps_of_an_npu_that_has_finished_are_nanoseconds_of_all() -> None:
    first, second = TraceBuilder(0), TraceBuilder(1)
    first.compute("short", micros=1)
    second.compute("last", micros=3, after=second.compute("long", micros=2))
    stepper = Stepper(Simulation(Trace.of([first, second]), system(), network(("Ring", 2))))
    while stepper.state.process(0).finish_time is None:
        stepper.step()
    for time in (1000, 2000):
        target = step(into, stepper.state, 0, "statement").target
        assert target is not None
        stop = stepper.advance_to(target)
        assert (stop.time, stop.ended) == (time, False)


def test_values_of_many_items_and_long_words_are_shown_short() -> None:
    few, many = tuple(range(8)), tuple(range(9))
    assert Variable("few", few).words == str(few)
    assert Variable("many", many).words == "9 items"
    words = Variable("long", "x" * 500).words
    assert (len(words), words[-3:]) == (200, "...")


def test_flows_are_unfolded_with_their_rates() -> None:
    stepper = test_flow_states.stepper()
    (frame, *_) = [frame for _, frame in Moments().at(stepper.state).stack(1)]
    links = next(it for it in scopes(stepper.state, frame) if it.name == "Links")
    names = {part.name for part in unfolded(links.find(), 3)}
    assert {"sharing", "rate", "message", "on_wire"} <= names


def test_lines_of_texts_are_nodes_in_their_order() -> None:
    state = State(two_npus().start())
    texts = TraceTexts(state)
    lines = texts.text(1).splitlines()
    assert lines[1:] == [
        "1  'receive': receives 65,536 B from NPU 0, tag 0",
        "2  'work after': takes 3,000 ns; after 1",
    ]
    for place, node in enumerate(state.process(1).program.graph.nodes):
        line = texts.line(place)
        assert line is not None
        assert lines[line - 1].startswith(f"{node.id}  {node.name!r}")
        assert texts.node(1, line) is node
    assert texts.index(1, 1) == texts.index(1, -7) == 0
    assert texts.index(1, 99) == 1
    for npu in range(texts.npus):
        source = texts.source(npu)
        for key in ("name", "path", "sourceReference"):
            assert texts.npu_of(SourceNamed.model_validate({key: source[key]})) == npu
    there = {"path": "/some/where/npu-1.trace"}
    assert texts.npu_of(SourceNamed.model_validate(there)) == 1


def test_of_a_trace_that_is_longer_than_a_text_can_be_the_rest_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("simastra.debug.adapter.traces._MOST_LINES", 1)
    state = State(two_npus().start())
    texts = TraceTexts(state)
    assert texts.text(1).splitlines()[1:] == [
        "1  'receive': receives 65,536 B from NPU 0, tag 0",
        "# 1 more",
    ]
    assert [texts.line(place) for place in (0, 1)] == [2, None]
    assert texts.node(1, 3) is state.process(1).program.graph.nodes[0]
