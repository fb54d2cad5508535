"""What people know from gdb and pdb: watch, condition, ignore, commands, display, list, info."""

from pathlib import Path

import pytest
from asked import Asked
from machines_seen import incast, two_npus

from simastra.debug import AtChange, AtEvent, CommandError, Condition, Stepper
from simastra.debug.prompt import run_script


def first_lines(answer: str) -> list[str]:
    return [line for line in answer.splitlines() if line.startswith("[")]


def test_watch_stops_where_the_value_changes_and_only_there() -> None:
    ask = Asked(two_npus())
    assert ask("watch npu(1).finished") == "breakpoint 1: watch npu(1).finished"
    assert ask("c").startswith("[5] 3,720 ns  breakpoint 1: npu(1).finished was 0, is 1\n")
    assert ask("c").startswith("[7] 6,720 ns  breakpoint 1: npu(1).finished was 1, is 2\n")
    assert ask("c").startswith("[8] 6,720 ns\nthe end")


def test_reverse_continue_goes_back_from_change_to_change_and_to_the_beginning() -> None:
    ask = Asked(two_npus())
    ask("watch npu(1).finished", "end")
    assert ask("rc").startswith("[7] 6,720 ns\n")
    assert ask("reverse-continue").startswith("[5] 3,720 ns\n")
    assert ask("rc").startswith("[0] at the beginning")
    with pytest.raises(CommandError, match="this is the beginning"):
        ask("rc")


def test_what_the_last_event_did_is_a_value_that_can_be_watched() -> None:
    ask = Asked(two_npus())
    ask("s 2", "watch len(happened)")  # one thing at the second event, more at the third
    assert ask("c").startswith("[3] 2,000 ns  breakpoint 1: len(happened) was 1, is 4")
    ask("delete 1", "restart", "watch happened")
    assert ask("c").startswith("[1]")


def test_a_watched_link_that_is_not_used_yet_changes_when_it_is() -> None:
    ask = Asked(two_npus())
    ask("s 3", "watch link(0, 1).on_wire.size", "restart")
    assert ask("c").startswith(
        "[3] 2,000 ns  breakpoint 1: link(0, 1).on_wire.size was None, is 65536"
    )


def test_a_change_can_be_watched_from_python() -> None:
    stepper = Stepper(two_npus())
    stepper.breakpoints.add(AtChange(lambda state: len(state.in_flight), "in flight"))
    assert [str(hit) for hit in stepper.resume().hits] == ["breakpoint 1: in flight was 0, is 1"]
    assert stepper.resume().position == 5  # it has arrived


def test_a_condition_is_given_changed_and_taken_away() -> None:
    ask = Asked(two_npus())
    ask("b npu 1 if now > 5000")
    assert ask("condition 1 now > 3000") == "breakpoint 1: npu 1 if now > 3000"
    assert ask("c").startswith("[5] 3,720 ns")
    assert ask("condition 1") == "breakpoint 1 stops always: npu 1"
    assert ask("restart ;; c").splitlines()[-3].startswith("[2] 0 ns  breakpoint 1: npu 1")
    with pytest.raises(CommandError, match="unknown name 'nonsense'"):
        ask("condition 1 nonsense")
    with pytest.raises(CommandError, match="there is no breakpoint 7; set are 1"):
        ask("condition 7 now > 1")


def test_a_watch_may_have_a_condition_too() -> None:
    ask = Asked(two_npus())
    ask("watch npu(1).finished", "condition last now > 5000")
    assert ask("c").startswith("[7] 6,720 ns  breakpoint 1: npu(1).finished was 1, is 2")


def test_a_breakpoint_is_passed_over_as_often_as_it_is_said_going_forward() -> None:
    ask = Asked(two_npus())
    ask("b npu 1")
    assert ask("ignore 1 2") == "breakpoint 1 is passed over 2 times: npu 1"
    assert ask("c").startswith("[7] 6,720 ns  breakpoint 1: npu 1")
    assert ask("info breakpoints").splitlines()[-1].split() == [
        *("1", "always", "yes", "3", "npu", "1"),
    ]
    assert ask("ignore last 1") == "breakpoint 1 is passed over once: npu 1"
    assert ask("back break").startswith("[5]")  # back it isn't counted
    assert "passed over 1 times more" in ask("b")


def test_commands_are_carried_out_at_each_stop_and_may_go_on() -> None:
    ask = Asked(two_npus())
    ask("b npu 1", "commands 1", "p now, npu(1).finished", "continue")
    assert ask("end") == "at breakpoint 1: p now, npu(1).finished ;; continue"
    answer = ask("c").splitlines()
    assert [line for line in answer if line.startswith("(")] == ["(0, 0)", "(3720, 1)", "(6720, 2)"]
    assert answer[-1].startswith("the end")
    assert ask.session.stepper.position == 8


def test_silent_commands_say_nothing_else_of_the_stop() -> None:
    ask = Asked(two_npus())
    ask("tb npu 1 ;; commands last ;; silent ;; p now ;; end")
    assert ask("c") == "0"
    assert ask("c").startswith("[8]")


def test_what_is_typed_behind_a_move_comes_after_the_breakpoints_commands() -> None:
    ask = Asked(two_npus())
    ask("b npu 1 ;; commands 1 ;; silent ;; p 'of the breakpoint' ;; end")
    assert ask("c ;; p 'typed'").splitlines() == ["'of the breakpoint'", "'typed'"]


def test_an_error_in_a_breakpoints_commands_says_where_it_stands() -> None:
    ask = Asked(two_npus())
    ask("b npu 1 ;; commands 1 ;; p 1 / 0 ;; p 1 ;; end")
    with pytest.raises(CommandError, match=r"^breakpoint 1: '1 / 0' failed: ZeroDivisionError"):
        ask("c")
    assert ask("p 2") == "2"


def test_a_script_that_ends_amid_commands_is_refused() -> None:
    ask = Asked(two_npus())
    with pytest.raises(CommandError, match="the commands of breakpoint 1 lack their last line"):
        run_script(ask.session, [("line 1", "b npu 1"), ("line 2", "commands 1"), ("l 3", "s")])


def test_displays_are_shown_at_each_stop_until_they_are_taken_away() -> None:
    ask = Asked(two_npus())
    assert ask("display now + 1") == "1: now + 1 = 1"
    ask("display len(in_flight)")
    assert ask("s 3").splitlines()[-2:] == ["1: now + 1 = 2001", "2: len(in_flight) = 1"]
    assert ask("undisplay 1 ;; display") == "2: len(in_flight) = 1"
    assert ask("info display").splitlines()[-1].split() == ["2", "len(in_flight)"]
    with pytest.raises(CommandError, match="there is no display 1; there are 2"):
        ask("undisplay 1")
    assert ask("undisplay ;; display") == "nothing is displayed; 'display EXPRESSION' does"


def test_a_display_that_fails_says_so_and_stops_nothing() -> None:
    ask = Asked(two_npus())
    ask("s 3", "display link(0, 1).waiting")
    assert "no message has used a link from 0 to 1 so far" in ask("restart")


def test_list_shows_the_trace_round_the_node_that_is_under_way() -> None:
    ask = Asked(two_npus())
    ask("s 3")
    words = [line.split() for line in ask("list").splitlines()]
    assert words[0] == ["trace", "of", "NPU", "0:"]
    assert words[2][:3] == ["1", "work", "before"]
    assert words[2][3:] == ["takes", "2,000", "ns", "finished", "at", "2,000", "ns", "-", "2"]
    assert words[3][:3] == ["->", "2", "send"]
    assert words[3][-7:] == ["under", "way", "since", "2,000", "ns", "1", "-"]
    assert "->     2  work after" in ask("list npu 1 'work after'")
    assert ask("list").splitlines()[-1].split()[-3:] == ["blocked", "1", "-"]  # it stays there


def test_up_and_down_follow_dependencies() -> None:
    ask = Asked(two_npus())
    ask("s 3", "list send")
    assert "->     1  work before" in ask("up")
    assert "->     2  send" in ask("down")
    with pytest.raises(CommandError, match=r"node 2 \('send'\) has no node that waits for it"):
        ask("down")
    with pytest.raises(CommandError, match="there are 1 of them, not 2"):
        ask("up 2")
    ask("s")
    assert "trace of NPU 0" in ask("list")  # a stop takes the focus back to where things happen


def test_info_tells_of_each_subject() -> None:
    ask = Asked(incast())
    ask("b link 8 0 > 3", "c", "mark here")
    assert ask("info marks").startswith("here: event ")
    assert ask("info queues").splitlines()[0] == "link 8 -> 0"
    assert ask("info links") == ask("links")
    assert ask("info npus") == ask("npus")
    assert ask("info watch") == ask("break")
    assert ask("info").startswith("info SUBJECT, which is one of\nbreakpoints ")
    with pytest.raises(CommandError, match="unknown subject 'link'; did you mean 'links'"):
        ask("info link")


def test_breakpoints_are_saved_and_read_back_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ask, again = Asked(two_npus()), Asked(two_npus())
    ask("b node 'work after' npu 1 finished if now > 5", "tb link 0 1 > 2", "watch npu(0).finished")
    ask("b time 5us", "b if len(in_flight) > 0")
    ask("ignore 1 3", "condition 3 now > 7", "disable 2", "commands 3 ;; silent ;; p now ;; end")
    assert ask("save breakpoints mine.txt") == "5 breakpoints are in mine.txt"
    again("source mine.txt")
    assert list(again.session.stepper.breakpoints) == list(ask.session.stepper.breakpoints)
    assert ask("save breakpoints mine.txt").endswith("are in mine.txt")  # its own file it replaces


def test_what_is_set_from_python_is_not_saved_and_no_other_file_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ask = Asked(two_npus())
    points = ask.session.stepper.breakpoints
    points.add(Condition(lambda state: state.now > 3, "now > 3"))
    points.add(AtEvent())
    points.add(AtChange(lambda state: state.now, "now"))
    points.add(AtEvent(1), condition=Condition(lambda state: True, "later"))
    answer = ask("save breakpoints mine.txt").splitlines()
    assert answer[-1] == "0 breakpoints are in mine.txt"
    assert [line.partition("isn't saved: ")[2] for line in answer[:-1]] == [
        *("if now > 3", "event", "watch now", "npu 1 if later"),
    ]
    (tmp_path / "trace.txt").write_text("mine\n")
    with pytest.raises(CommandError, match=r"trace\.txt is there and holds no breakpoints"):
        ask("save breakpoints trace.txt")
    assert (tmp_path / "trace.txt").read_text() == "mine\n"


def test_a_file_of_commands_goes_on_after_its_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "script").write_text("# a remark\nb npu 1\nc\np now ;; c\np now\n")
    assert Asked(two_npus())("source script").splitlines()[-1] == "3720"


def test_a_wrong_line_of_a_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "script").write_text("s\nnonsense\ns\n")
    (tmp_path / "circle").write_text("source circle\n")
    ask = Asked(two_npus())
    with pytest.raises(CommandError, match=r"^script, line 2: unknown command 'nonsense'"):
        ask("source script")
    assert ask("p position") == "1"
    with pytest.raises(CommandError, match="circle: files that read each other end after 20"):
        ask("source circle")
    with pytest.raises(CommandError, match="nowhere: file not found"):
        ask("source nowhere")
    with pytest.raises(CommandError, match="/dev/zero: can't be read: it is a device"):
        ask("source /dev/zero")


@pytest.mark.parametrize("line", ["b time 3 us", "b time 3us", "until 3 us", "goto 3 us"])
def test_a_time_may_have_a_blank_before_its_unit(line: str) -> None:
    ask = Asked(two_npus())
    ask(line)
    if line.startswith("b"):
        ask("c")
    assert ask("p position, now, next_time") == "(3, 2000, 3220)"


@pytest.mark.parametrize("line", ["until 3us", "goto 3us"])
def test_a_move_to_a_time_says_why_it_ends_where_it_does(line: str) -> None:
    assert Asked(two_npus())(line).splitlines()[-1] == (
        "  all before 3,000 ns has happened; the next is at 3,220 ns"
    )


def test_a_breakpoint_at_a_time_says_why_it_stops() -> None:
    ask = Asked(two_npus())
    assert ask("b time 3us ;; c").splitlines()[1] == (
        "[3] 2,000 ns  breakpoint 1: all before 3,000 ns has happened, the next is at 3,220 ns"
    )


def test_where_shows_the_npus_that_are_asked_for() -> None:
    ask = Asked(incast())
    ask("s 8")
    rows = {line: ask(line).splitlines()[2:] for line in ("w 3 5", "w at send", "w at 'from*'")}
    assert [len(each) for each in rows.values()] == [1, 1, 1]
    assert rows["w at send"][0].startswith("  1 to 7")
    assert rows["w at 'from*'"][0].split()[0] == "0"
    assert rows["w 3 5"][0].startswith("  3, 5")
    ask("end")
    assert ask("where unfinished") == "no NPU is"


def test_values_are_shown_as_people_read_them() -> None:
    ask = Asked(two_npus())
    ask("s 3")
    assert ask("p npu(1)").splitlines() == [
        "NPU 1: 0 of 2 nodes have finished",
        "  under way: node 1 ('receive') receives 65,536 B from NPU 0, tag 0, since 0 ns",
        "  0 ready, 1 blocked, 0 streams",
        "  look into it with npu, nodes, finished, finish_time, running, ready, blocked, units, "
        "streams, meetings",
    ]
    assert ask("p links") == ("[0] link 0 -> 1: transmits 65,536 B from NPU 0 to NPU 1, tag 0")
    assert ask("p in_flight") == "[0] 65,536 B from NPU 0 to NPU 1, tag 0, sent at 2,000 ns"
    assert ask("p posted_receives") == "[0] 1 x 65,536 B from NPU 0 to NPU 1, tag 0"
    assert ask("p npu(1).blocked") == "[0] node 2 ('work after') waits for node 1 ('receive')"
    assert ask("p npu(0).running[0].node") == "node 2 ('send')"
    assert ask("p happened[0]") == "NPU 0 finished node 1 ('work before')"
    assert ask("p npu(0).running[0].node.type") == "COMM_SEND"
    assert ask("p now, 'text', None") == "(2000, 'text', None)"


def test_dir_says_what_there_is() -> None:
    ask = Asked(two_npus())
    names = ask("p dir()")
    assert "'posted_receives'" in names
    assert "builtins" not in names
    assert ask("p dir(npu(0).ready[0])") == "['holder', 'node']"
    assert ask("p dir(3)") == "[]"


def test_a_link_shows_what_has_left_it_and_is_not_there_yet() -> None:
    ask = Asked(two_npus())
    ask("s 4")  # at 3,220 ns the transmitter is free, and the latency isn't over
    assert ask("link 0 1").splitlines() == [
        "link 0 -> 1",
        "  transmits: nothing",
        "  crossing: 65,536 B from NPU 0 to NPU 1, tag 0, there at 3,720 ns",
    ]
    assert "until 3,720 ns" in ask("why 1")  # the same
    assert ask("links").splitlines()[-1].split() == ["0", "->", "1", "-", "0", "1"]
    ask("s")
    assert ask("links") == "no link is busy"
