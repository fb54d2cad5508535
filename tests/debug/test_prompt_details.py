"""Commands in all their forms, and what each thing that happens is called."""

import pytest
from asked import Asked
from machines_seen import incast, two_dimensions, two_npus
from support.machines import network, system

from simastra import NodeType, Simulation, TraceBuilder
from simastra.debug import (
    AtEvent,
    AtNode,
    AtPhase,
    AtTime,
    CommandError,
    LongQueue,
    NodePattern,
    Stepper,
    Stop,
)
from simastra.debug.prompt.arguments import time_of, whole_number
from simastra.view.bars import TimeWindow


@pytest.mark.parametrize(
    ("word", "ns"),
    [
        ("0", 0),
        ("17", 17),
        ("1_000,000ns", 1_000_000),
        ("3us", 3000),
        ("3µs", 3000),
        ("1.5us", 1500),
        ("2.25ms", 2_250_000),
        ("2s", 2_000_000_000),
        ("0.4", 0),
        ("0.6ns", 1),
    ],
)
def test_times_have_units(word: str, ns: int) -> None:
    assert time_of(word) == ns


def test_a_whole_number_has_at_most_18_digits() -> None:
    assert whole_number("9" * 18, "it") == 10**18 - 1
    for word in ("-1", "1.0", "", "\u0661"):
        with pytest.raises(CommandError, match="it is a whole number, not '"):
            whole_number(word, "it")
    with pytest.raises(CommandError, match="it is a whole number of 18 digits at most, not '9"):
        whole_number("9" * 19, "it")


@pytest.mark.parametrize(
    ("start", "end", "columns"),
    [
        (100, 110, [0]),
        (100, 100, [0]),
        (110, 120, [1]),
        (115, 131, [1, 2, 3]),
        (119, 121, [1, 2]),
        (0, 100, [0]),
        (0, 99, []),
        (0, 111, [0, 1]),
        (195, 1000, [9]),
        (200, 200, [9]),
        (200, 300, [9]),
        (201, 300, []),
        (0, 1000, list(range(10))),
    ],
)
def test_an_interval_touches_columns(start: int, end: int, columns: list[int]) -> None:
    assert list(TimeWindow(100, 200, 10).cells(start, end)) == columns


def test_a_window_of_no_time_is_a_ns_long() -> None:
    assert TimeWindow(7, 7, 4).span == 1
    assert TimeWindow(7, 9, 4).span == 2
    assert list(TimeWindow(7, 7, 4).cells(0, 7)) == [0]


def test_the_name_of_a_bar_is_left_out_where_it_would_fill_it() -> None:
    def bars(nodes: int, columns: int) -> str:
        trace = TraceBuilder()
        for number in range(nodes):
            trace.compute(f"work {number}", micros=1)
        ask = Asked(Simulation(trace, system(), network(("Ring", 2))), columns=24 + columns)
        ask("c")
        return ask(f"timeline 0 from {nodes - 1}us to {nodes}us").splitlines()[-1].split()[-1]

    assert bars(9, 20) == "9" + "#" * 19
    ask = Asked(two_npus(), columns=24 + 20)
    ask("c")
    one, two = ask("timeline 0 from 0 to 40000").splitlines()[2:]
    assert one.split()[-1] == "#" + "." * 19  # 2000 ns are one column: no room for a name
    assert two.split()[-1] == ".#".replace("#", "=") + "." * 18


def test_nodes_under_way_are_drawn_until_now() -> None:
    ask = Asked(two_npus(), columns=24 + 20)
    ask("until 2001")
    assert [line.split() for line in ask("timeline").splitlines()[2:]] == [
        ["0", "compute", "1" + "#" * 19],
        ["0", "communication", "." * 19 + "="],
        ["1", "communication", "1" + "=" * 19],
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("b link 1 2 3", "'3' is too much: nothing may follow there"),
        ("b link 0 1 >", "how many messages may wait is missing"),
        ("b npu 0 1", "'1' is too much: nothing may follow there"),
        ("where 1-0", "'1-0' ends before it begins"),
        ("npu 0-7", "there is no NPU 7; they are numbered 0 to 1"),
        ("npu 0,1", "the NPU's number is a whole number, not '0,1'"),
        ("save bp.txt", "'bp.txt' stands where 'breakpoints' is wanted"),
        ("save", "'breakpoints' is missing"),
        ("b time", "a time, such as 5000 or 5us, is missing"),
        ("b node type", "the type is missing"),
        ("b collective phase", "the phase's number is missing"),
        (
            "b collective 1 finished",
            "'finished' is too much; a name with spaces needs quotation marks",
        ),
        ("b node 1 work", "'work' is too much; a name with spaces needs quotation marks"),
        ("n issued 1 finished", "'finished' is too much; a name with spaces needs quotation"),
        ("n npu", "the NPU's number is missing"),
        ("n npu 1 2", "'2' is too much: nothing may follow there"),
        ("s 1 2", "'2' is too much: nothing may follow there"),
        ("c now", "'now' is too much: nothing may follow there"),
        ("end now", "'now' is too much: nothing may follow there"),
        ("restart now", "'now' is too much: nothing may follow there"),
        ("w 1 x", "'x' is too much: nothing may follow there"),
        ("messages 1", "'1' is too much: nothing may follow there"),
        ("why 1 1", "'1' is too much: nothing may follow there"),
        ("q now", "'now' is too much: nothing may follow there"),
        ("help step step", "'step' is too much: nothing may follow there"),
        ("goto", "a number of events, a time with its unit such as 5us, or a mark is missing"),
        ("goto 1 2", "'2' is too much: nothing may follow there"),
        ("goto 1x", "a number of events is a whole number, not '1x'"),
        ("goto 1xs", "a time is a number of ns, or such as 5us, 1.5ms or 2s, not '1xs'"),
        ("mark a b", "'b' is too much: nothing may follow there"),
        ("link 0", "the device that receives is missing"),
        ("link 0 1 2", "'2' is too much: nothing may follow there"),
        ("p npu 7", "there is no NPU 7"),
        ("npu -1", "the NPU's number is a whole number, not '-1'"),
        (
            f"npu {10**18}",
            f"the NPU's number is a whole number of 18 digits at most, not '{10**18}'",
        ),
        ("tb if", "an expression is missing"),
    ],
)
def test_what_is_too_much_or_missing_is_said(line: str, message: str) -> None:
    with pytest.raises(CommandError) as raised:
        Asked(two_npus())(line)
    assert message in str(raised.value)


def test_links_that_are_used_are_named_to_who_asks_for_another() -> None:
    ask = Asked(two_npus())
    ask("until 2001")
    with pytest.raises(CommandError, match=r"from 1 to 0 so far; used are 0 1$"):
        ask("link 1 0")


def test_going_until_a_time_that_is_past_is_refused() -> None:
    ask = Asked(two_npus())
    ask("until 2001")
    assert ask("until 2000").startswith("[3] 2,000 ns")
    with pytest.raises(CommandError, match="1,999 ns is past; 'goto 1999ns' goes back to it"):
        ask("until 1999")


def test_a_breakpoint_at_a_time_is_ahead() -> None:
    ask = Asked(two_npus())
    assert ask("s 2", "b time 2001").splitlines()[-1] == "breakpoint 1: time 2001ns"
    with pytest.raises(CommandError, match="2,000 ns is here or past"):
        ask("b time 2000")
    ask("c", "c")
    with pytest.raises(CommandError, match="99,999 ns is here or past"):
        ask("b time 99999")


def test_going_back_to_a_breakpoint_or_saying_that_there_is_none() -> None:
    ask = Asked(two_npus())
    nothing = "nothing before this stops it; nothing has changed"
    assert ask("s 3", "back break").splitlines()[-1] == nothing
    assert ask("p position") == "3"
    ask("b node 1 finished", "c", "c")  # of NPU 1, at 3,720 ns, and to the end
    assert ask("back break").startswith("[5] 3,720 ns\n")
    assert ask("back").startswith("[4] 3,220 ns")
    assert ask("back 99").startswith("[0] at the beginning")


def test_marks_are_listed() -> None:
    ask = Asked(two_npus())
    assert ask("mark") == "no mark is set; 'mark NAME' sets one here"
    ask("s 2", "mark here", "s 3", "mark there")
    assert ask("mark").splitlines() == ["here: event 2", "there: event 5"]
    assert ask("mark here").splitlines()[0] == "here: event 5"


def test_breakpoints_are_enabled_and_deleted_by_number() -> None:
    ask = Asked(two_npus())
    ask("b npu 1", "b npu 0", "tb npu 0 if now > 5")
    assert [row.split()[2] for row in ask("disable 1 2").splitlines()[2:]] == ["no", "no", "yes"]
    assert [row.split()[2] for row in ask("enable 2").splitlines()[2:]] == ["no", "yes", "yes"]
    assert ask("delete 3 1").splitlines() == [
        "deleted temporary breakpoint 3: npu 0 if now > 5",
        "deleted breakpoint 1: npu 1",
    ]
    assert ask("b npu 1") == "breakpoint 4: npu 1"  # a number is never given out again


def test_the_end_of_one_npu_is_that_of_the_npu() -> None:
    trace = TraceBuilder()
    trace.compute("work", micros=1)
    ask = Asked(Simulation(trace, system(), network(("Switch", 1))))
    assert ask("c").splitlines()[-1] == ("the end: the NPU has finished; the makespan is 1,000 ns")
    assert ask("npu 0").splitlines()[0] == "NPU 0 finished 1 of 1 nodes, at 1,000 ns"
    assert ask("npus").splitlines()[-1].split() == ["0", "1/1", "-", "0", "0", "0", "1,000", "ns"]


def test_what_comes_next_is_said_in_words() -> None:
    stepper = Stepper(two_npus())
    told = [stepper.state.upcoming]
    while not stepper.step().ended:
        told.append(stepper.state.upcoming)
    assert told == [
        "NPU 0 begins",
        "NPU 1 begins",
        "at 2,000 ns, NPU 0 goes on: node 1 ('work before') is over",
        "at 3,220 ns, link 0 -> 1 is free again",
        "at 3,720 ns, 65,536 B from NPU 0 to NPU 1 come to the end of a link",
        "at 3,720 ns, an NPU's process ends",
        "at 6,720 ns, NPU 1 goes on: node 2 ('work after') is over",
        "at 6,720 ns, an NPU's process ends",
    ]
    assert stepper.state.upcoming == "nothing"


def test_what_happens_concerns_npus_and_has_words() -> None:
    told: dict[str, tuple[tuple[int, ...], str]] = {}
    stepper = Stepper(incast())
    while not stepper.state.ended:
        for it in stepper.step().happened:
            told.setdefault(type(it).__name__, (it.npus, str(it)))
    assert told == {
        "NodeIssued": ((0,), "NPU 0 issued node 1 ('from 1')"),
        "MessageSent": ((1,), "NPU 1 sent 65,536 B to NPU 0, tag 0"),
        "Transmitting": ((), "link 1 -> 8 transmits 65,536 B until 1,220 ns"),
        "MessageQueued": ((), "65,536 B from NPU 2 to NPU 0 wait for link 8 -> 0"),
        "MessageArrived": ((0,), "65,536 B from NPU 1 arrived at NPU 0, tag 0"),
        "NodeFinished": ((1,), "NPU 1 finished node 1 ('send')"),
        "NpuFinished": ((1,), "NPU 1 has finished its trace"),
    }


def test_phases_have_words_and_turns() -> None:
    stepper = Stepper(two_dimensions())
    told: list[str] = []
    while not stepper.state.ended:
        told += [str(it) for it in stepper.step().happened if 3 in it.npus and "phase" in str(it)]
    begun = [line for line in told if " began phase " in line]
    assert begun[0] == (
        "NPU 3 began phase 1 of stream 0 of node 1 ('ALL_REDUCE'): "
        "REDUCE_SCATTER of 524,288 B among NPUs 0 to 3"
    )
    ended = [line for line in told if " ended phase " in line]
    assert sorted(ended) == sorted(line.replace("began", "ended") for line in begun)
    assert [line.split()[4:8] for line in begun if "stream 1" in line] == [
        [str(turn), "of", "stream", "1"] for turn in (1, 2, 3)
    ]
    steps = [line for line in told if ", step " in line and "stream 0" in line]
    assert [line.partition(", step ")[2] for line in steps[:4]] == [
        *(f"{step} of phase 1 of stream 0" for step in (1, 2, 3)),
        "1 of phase 2 of stream 0",
    ]


def test_breakpoints_say_what_they_stop_at() -> None:
    one = NodePattern(3, "grad*", NodeType.COMP, 5)
    assert list(map(str, (one, NodePattern(0, npu=0), NodePattern()))) == [
        "3 grad* type COMP npu 5",
        "0 npu 0",
        "*",
    ]
    assert [str(it) for it in (AtEvent(), AtEvent(0), AtTime(5000))] == [
        "event",
        "npu 0",
        "time 5000ns",
    ]
    whens = ((True, False), (False, True), (True, True))
    assert [str(AtNode(issued=i, finished=f)) for i, f in whens] == [
        "node * issued",
        "node * finished",
        "node * issued or finished",
    ]
    assert [str(AtPhase()), str(AtPhase(phase_index=2, step=1))] == [
        "collective *",
        "collective * phase 2 step 1",
    ]
    assert [str(LongQueue()), str(LongQueue(2, 0, 1))] == ["link > 0", "link 0 1 > 2"]


def test_a_stop_is_shown_in_a_notebook() -> None:
    stop = Stepper(two_npus()).step(2)
    style = "white-space: pre-wrap; line-height: 1.4;"
    assert stop._repr_html_() == (
        f'<div style="{style} font-weight: bold">[2] 0 ns</div>'
        f"<div style=\"{style} \">  NPU 1 issued node 1 ('receive')</div>"
        f'<div style="{style} opacity: 0.7">  next: at 2,000 ns, NPU 0 goes on: '
        "node 1 ('work before') is over</div>"
    )


def test_a_stop_at_a_breakpoint_is_shown_in_colour_and_the_end_without_a_next_event() -> None:
    stepper = Stepper(two_npus())
    stepper.breakpoints.add(AtEvent(1))
    html = stepper.resume()._repr_html_()
    assert 'bold; color: #1f78b4">[2] 0 ns  breakpoint 1: npu 1</div>' in html
    interrupted = Stop(1, 2, (), (), "nothing", ended=True, interrupted=True)
    assert interrupted._repr_html_().endswith('font-weight: bold">[1] 2 ns  interrupted</div>')


def test_a_state_and_an_npu_are_shown_in_a_notebook() -> None:
    stepper = Stepper(two_npus())
    assert "no link is busy" in stepper.state._repr_html_()
    stepper.step(3)
    html = stepper.state._repr_html_()
    assert html.count("<table") == 2
    assert html.index("<b>NPUs</b>") < html.index("<b>links</b>")
    npu = stepper.state.npu(1)._repr_html_()
    assert [word for word in ("under way", "ready", "blocked", "streams") if word in npu] == [
        "under way",
        "blocked",
    ]
    assert "NPU 1 has finished 0 of 2 nodes" in npu


def test_print_shows_what_the_commands_show_or_a_value() -> None:
    ask = Asked(two_npus())
    ask("s 3")
    assert ask("p npu") == ask("npu")
    assert ask("p npu 1") == ask("npu 1")
    assert ask("p link") == ask("links")
    assert ask("p link 0 1") == ask("link 0 1")
    assert ask("p messages") == ask("messages")
    assert ask("p npu(1).nodes") == "2"
    assert ask("p link(0, 1).waiting") == "()"


def test_npus_from_one_to_another_are_named_at_once() -> None:
    ask = Asked(two_npus())
    for command in ("where", "npu", "timeline"):
        ask("n")
        assert ask(f"{command} 0-1") == ask(f"{command} 0 1")
        assert ask(f"{command} 0-1 1") == ask(f"{command} 0 1")
        assert ask(f"{command} 1-1") == ask(f"{command} 1")
