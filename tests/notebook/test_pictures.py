"""Small pictures in full: places, sizes and colours are those that were computed by hand."""

import json
from html import escape

from support.machines import network, system
from support.recorded_runs import collective_on

from simastra.notebook.animation import animate
from simastra.notebook.animation.film import film
from simastra.notebook.animation.page import page
from simastra.notebook.dependencies import dependencies
from simastra.notebook.stepping import step_through
from simastra.notebook.stepping.picture import legend_html, state_svg
from simastra.report.run_records import RunRecorder
from simastra.simulation import Simulation
from simastra.trace import Node, NodeType, Trace, TraceBuilder
from simastra.units import KiB
from simastra.view.colours import SERIES


def one_message() -> Simulation:
    """0 computes for 2000 ns and sends; 1220 ns on the wire and 500 ns later 1 receives."""
    npus = [TraceBuilder(npu) for npu in range(2)]
    work = npus[0].compute("work", micros=2)
    npus[0].send("send", size=64 * KiB, to=1, after=work)
    npus[1].recv("receive", size=64 * KiB, source=0)
    return Simulation(Trace.of(npus), system(), network(("Ring", 2)))


def test_two_nodes_and_what_joins_them() -> None:
    trace = TraceBuilder()
    work = trace.compute("work", micros=2)
    trace.all_reduce("21 letters are one >2", size=8, after=work)
    assert dependencies(trace)._repr_html_() == (
        '<div style="overflow-x: auto">'
        '<svg width="341" height="70" font-family="sans-serif" font-size="11" role="img" '
        'aria-label="2 nodes and their dependencies">'
        '<path d="M148 27.0C170.5 27.0 170.5 27.0 193 27.0" fill="none" stroke="#cb181d" '
        'stroke-width="2"/>'
        "<g><title>COMP 1: work</title>"
        '<rect x="8" y="8" width="140" height="38" rx="6" fill="#a6c6f4" stroke="#cb181d" '
        'stroke-width="2"/>'
        '<text x="78.0" y="24" text-anchor="middle">1: work</text>'
        '<text x="78.0" y="38" text-anchor="middle" opacity="0.7">2 µs</text></g>'
        "<g><title>COMM_COLL 2: 21 letters are one &gt;2</title>"
        '<rect x="193" y="8" width="140" height="38" rx="6" fill="#d6b292" stroke="#cb181d" '
        'stroke-width="2"/>'
        '<text x="263.0" y="24" text-anchor="middle">2: 21 letters are one …</text>'
        '<text x="263.0" y="38" text-anchor="middle" opacity="0.7">COMM_COLL</text></g>'
        "</svg></div>"
    )


def test_nodes_that_are_not_critical_stand_below_and_grey() -> None:
    nodes = [
        Node(1, "a", NodeType.COMP, duration=3),
        Node(2, "20 letters, no more.", NodeType.COMP, duration=5),
        Node(3, "c", NodeType.COMP, ctrl_deps=(1,), duration=1),
    ]
    svg = dependencies(nodes).svg
    assert svg.startswith('<svg width="341" height="122" ')
    assert (
        '<path d="M148 27.0C170.5 27.0 170.5 27.0 193 27.0" fill="none" stroke="#7a8594" '
        'stroke-width="1" stroke-dasharray="4 3"/>'
    ) in svg
    assert '<rect x="8" y="60" width="140" height="38" rx="6" fill="#a6c6f4" stroke="#cb' in svg
    assert '<rect x="8" y="8" width="140" height="38" rx="6" fill="#a6c6f4" stroke="#7a' in svg
    assert ">2: 20 letters, no more.<" in svg


def test_nodes_that_are_left_out_are_counted_below() -> None:
    trace = TraceBuilder()
    for number in range(61):
        trace.compute(f"work {number}", micros=1)
    svg = dependencies(trace).svg
    assert svg.count("<rect") == 60
    assert '<text x="8" y="3134">and 1 more nodes</text>' in svg  # 8 + 59 x 52 + 38 + 8 + 12
    assert "more nodes" not in dependencies(trace, most=61).svg


def test_three_dependencies_away_are_drawn() -> None:
    nodes = [
        Node(id, f"n{id}", NodeType.COMP, data_deps=(id - 1,) if id > 1 else ())
        for id in range(1, 10)
    ]
    assert dependencies(nodes, around=5).svg.count("<rect") == 7


def test_a_message_in_the_stepping_picture() -> None:
    view = step_through(one_message())
    view.stepper.step(3)
    assert state_svg(view.stepper.state) == (
        '<svg viewBox="0 0 420 444" width="420" height="444" role="img" '
        'aria-label="the network at 2000 ns" style="max-width: 100%">'
        '<path d="M210.0 34.0Q259.28 210.0 210.0 386.0" fill="none" stroke="#d9572b" '
        'stroke-width="2">'
        "<title>0 to 1: 65,536 B from NPU 0 to NPU 1, tag 0, 0 waiting</title></path>"
        '<circle cx="210.0" cy="34.0" r="15.0" fill="#d6b292" stroke="#5d6778"/>'
        '<text x="210.0" y="38.0" text-anchor="middle" font-size="11" fill="#27303c">0</text>'
        '<circle cx="210.0" cy="386.0" r="15.0" fill="#d6b292" stroke="#5d6778"/>'
        '<text x="210.0" y="390.0" text-anchor="middle" font-size="11" fill="#27303c">1</text>'
        "</svg>"
    )


def test_npus_have_the_colour_of_what_they_are_at() -> None:
    view = step_through(one_message())

    def fills() -> list[str]:
        svg = state_svg(view.stepper.state)
        return [circle.partition('fill="')[2][:7] for circle in svg.split("<circle ")[1:]]

    assert fills() == ["#f6f7f9", "#f6f7f9"]  # nobody has begun
    view.stepper.step(2)
    assert fills() == ["#a6c6f4", "#d6b292"]  # computes; waits for the message
    view.stepper.finish()
    assert fills() == ["#8fbf8f", "#8fbf8f"]
    assert 'stroke="#c3cbd5" stroke-width="1"' in state_svg(view.stepper.state)  # a free link
    assert legend_html().startswith('<div style="max-width: 420px"><span style="display: inline')
    assert legend_html().count("background: #a6c6f4; border: 1px solid") == 1


def test_queues_make_links_thicker_up_to_six() -> None:
    npus = [TraceBuilder(npu) for npu in range(9)]
    for npu in range(1, 9):
        npus[npu].send("send", size=64 * KiB, to=0)
        npus[0].recv(f"from {npu}", size=64 * KiB, source=npu)
    view = step_through(Simulation(Trace.of(npus), system(), network(("Switch", 9))))
    view.stepper.until(1721)  # all are at the switch: one is on the wire, seven wait
    svg = state_svg(view.stepper.state)
    assert svg.count('stroke-width="8"') == 1
    assert 'fill="#d9572b" font-size="12">7</text>' in svg
    assert 'fill="#c9d2e0"' in svg
    assert ">S9</text>" in svg


def test_of_more_than_160_devices_no_picture_is_drawn() -> None:
    trace = TraceBuilder()
    trace.compute("work", micros=1)
    for npus, drawn in ((160, True), (161, False)):
        view = step_through(Simulation(trace, system(), network(("Ring", npus))))
        assert bool(state_svg(view.stepper.state)) is drawn


def test_a_message_in_the_animation() -> None:
    animation = animate(one_message())
    colours = json.dumps(SERIES, separators=(",", ":"))
    body = animation.html.partition("<body>")[2].partition('<script>"use strict"')[0]
    assert body == (
        '<svg viewBox="0 0 420 420" width="420" height="420" role="img" '
        'aria-label="2 NPUs and 1 links">'
        '<g fill="none" stroke="#aab4c0"><path d="M210.0 34.0Q259.28 210.0 210.0 386.0"/></g>'
        '<g><circle cx="210.0" cy="34.0" r="15.0" fill="#eef1f5" stroke="#5d6778"/>'
        '<circle cx="210.0" cy="34.0" r="0" fill="#8fbf8f" class="received"/>'
        '<text x="210.0" y="39.0">0</text>'
        '<circle cx="210.0" cy="386.0" r="15.0" fill="#eef1f5" stroke="#5d6778"/>'
        '<circle cx="210.0" cy="386.0" r="0" fill="#8fbf8f" class="received"/>'
        '<text x="210.0" y="391.0">1</text></g><g id="moving"></g></svg>'
        '<div id="controls"><button id="play" type="button">Play</button>'
        '<input id="time" type="range" min="0" max="3720" value="0" step="any" '
        'aria-label="simulated time"/><output id="clock">0 ns</output></div>'
        '<div id="scene"></div>'
        '<script id="data" type="application/json">{"seconds":12.0,"radius":15.0,'
        f'"links":[[210.0,34.0,259.28,210.0,210.0,386.0]],"colours":{colours},'
        '"start":0,"end":3720,"unit":[1000,"\\u00b5s"],"payloads":[],'
        '"flights":[[0,2000,3720,65536,-1]],"received":[[],[3720]],"scenes":[]}</script>'
    )
    assert animation._repr_html_() == (
        f'<iframe srcdoc="{escape(animation.html)}" sandbox="allow-scripts" '
        'style="width: 100%; max-width: 480px; height: 570px; border: none"></iframe>'
    )


def test_of_many_messages_the_page_says_how_many_are_shown() -> None:
    run = collective_on(("Ring", 4))
    cut = film(run.simulation, run.records, None, 10)
    words = f"The first 10 of {10 + cut.left_out:,} messages on links are shown."
    assert cut.left_out > 0
    assert f'<div id="cut">{words}</div>' in page(cut, network(("Ring", 4)), 12)
    assert 'id="cut"' not in animate(one_message()).html


def test_a_film_of_a_collective_has_what_touches_it() -> None:
    trace = TraceBuilder()
    first = trace.all_reduce("first", size=KiB)
    trace.all_gather("second", size=KiB, after=first)
    simulation = Simulation(trace, system(), network(("Ring", 2)))
    recorder = RunRecorder(simulation)
    simulation.run(probes=[recorder])
    records = recorder.records()
    whole = film(simulation, records, None, 100)
    halves = [film(simulation, records, node, 100) for node in (1, 2)]
    assert (whole.start, whole.left_out) == (0, 0)
    assert halves[0].end <= halves[1].start
    assert len(whole.scenes) == len(halves[0].scenes) + len(halves[1].scenes)
    assert whole.scenes[0].words == "chunk 0, phase 1: ALL_REDUCE, Ring"
    assert [it.time for it in whole.receipts] == sorted(it.time for it in whole.receipts)
    assert all(halves[1].start <= it.time <= halves[1].end for it in halves[1].receipts)
    assert {it.npu for it in halves[1].receipts} == {0, 1}


def test_the_slider_has_500_steps_and_ends_with_the_simulation() -> None:
    slider = step_through(one_message()).controls.time
    assert (slider.min, slider.max, slider.step) == (0, 3720, 7)
    trace = TraceBuilder()
    still = step_through(Simulation(trace, system(), network(("Ring", 2)))).controls
    assert (still.time.max, still.time.step) == (1, 1)
    assert (still.npu.min, still.npu.max) == (0, 1)
    assert not still.time.continuous_update
    assert not still.command.continuous_update
