"""What the commands of the prompt answer."""

import re

import pytest
from asked import Asked
from machines_seen import incast, two_dimensions, two_npus
from support.machines import all_reduce_on_ring_of_8

from simastra.debug import CommandError
from simastra.debug.prompt.commands import BY_NAME, COMMANDS
from simastra.debug.prompt.completion import completions


def test_moving_forward_and_back_says_where_one_is_and_what_happened() -> None:
    ask = Asked(two_npus())
    assert ask("s 2") == (
        "[2] 0 ns\n  NPU 1 issued node 1 ('receive')\n"
        "  next: at 2,000 ns, NPU 0 goes on: node 1 ('work before') is over"
    )
    assert ask("n issued").startswith(
        "[3] 2,000 ns\n"
        "  NPU 0 finished node 1 ('work before')\n"
        "  NPU 0 issued node 2 ('send')\n"
        "  NPU 0 sent 65,536 B to NPU 1, tag 0\n"
        "  link 0 -> 1 transmits 65,536 B until 3,220 ns\n"
    )
    assert ask("back").startswith("[2] 0 ns\n  NPU 1 issued node 1")
    assert ask("n npu 1").startswith("[5] 3,720 ns\n  65,536 B from NPU 0 arrived at NPU 1, tag 0")
    assert ask("back npu 1").startswith("[2] 0 ns")
    assert ask("until 2us").startswith("[2] 0 ns")
    assert ask("until 2001").startswith("[3] 2,000 ns")
    assert ask("n finished 'work after'").startswith("[7] 6,720 ns\n  NPU 1 finished node 2")
    assert ask("goto 5us").startswith("[6] 3,720 ns")
    assert ask("restart") == "[0] at the beginning\n  next: NPU 0 begins"


def test_the_end_says_what_came_of_it() -> None:
    assert Asked(two_npus())("c").splitlines()[-1] == (
        "the end: all 2 NPUs have finished; the makespan is 6,720 ns"
    )


def test_breakpoints_are_set_listed_and_stop() -> None:
    ask = Asked(two_npus())
    assert ask("b node work* npu 1") == "breakpoint 1: node work* npu 1 issued"
    assert ask("tb link 0 1 > 3") == "temporary breakpoint 2: link 0 1 > 3"
    assert ask("b if now > 5000") == "breakpoint 3: if now > 5000"
    assert ask("disable 3").splitlines() == [
        "breakpoints:",
        "  number  stops   enabled  hits  at",
        "       1  always  yes         0  node work* npu 1 issued",
        "       2  once    yes         0  link 0 1 > 3",
        "       3  always  no          0  if now > 5000",
    ]
    assert ask("c").startswith("[5] 3,720 ns  breakpoint 1: NPU 1 issued node 2 ('work after')\n")
    assert ask("delete all").count("deleted") == 3
    assert ask("b") == "no breakpoint is set; see 'help break'"
    assert "the end" in ask("c")


@pytest.mark.parametrize(
    ("place", "shown", "stops_at"),
    [
        ("npu 1", "npu 1", 0),
        ("node 2", "node 2 issued", 2000),
        ("node send finished", "node send finished", 3720),
        ("node type comm_recv", "node type COMM_RECV issued", 0),
        ("time 2.5us", "time 2500ns", 2000),
        ("npu 1 if now > 5000", "npu 1 if now > 5000", 6720),
        ("if len(in_flight) > 0", "if len(in_flight) > 0", 2000),
        ("if any(0 in each.npus for each in happened if npu(0).finished > 1)", None, 3720),
        ("link >= 0", None, None),
    ],
)
def test_places(place: str, shown: str | None, stops_at: int | None) -> None:
    ask = Asked(two_npus())
    if stops_at is None:
        with pytest.raises(CommandError, match="whole number"):
            ask(f"b {place}")
        return
    assert ask(f"b {place}") == f"breakpoint 1: {shown or place}"
    assert re.match(rf"\[\d+\] {stops_at:,} ns  breakpoint 1: ", ask("c"))


def test_a_collective_stops_at_its_phases_and_steps() -> None:
    ask = Asked(two_dimensions())
    ask("b collective ALL_REDUCE npu 5 phase 2", "c")
    ask("d 1", "b collective phase 3 step 2 npu 5")
    assert "NPU 5 sent 131,072 B to NPU 4" in ask("c")
    assert "step 2 of phase 3 of stream 0" in ask("w")


def test_an_npu_is_shown_in_full() -> None:
    assert Asked(two_npus())("s 3", "npu 0 1").splitlines()[6:] == [
        "NPU 0 has finished 1 of 2 nodes",
        "under way:",
        "  node  name  does                               since",
        "     2  send  sends 65,536 B to NPU 1, tag 0  2,000 ns",
        "units: CPU free, GPU_COMPUTE free, GPU_COMMUNICATION 2 send",
        "NPU 1 has finished 0 of 2 nodes",
        "under way:",
        "  node  name     does                                 since",
        "     1  receive  receives 65,536 B from NPU 0, tag 0   0 ns",
        "blocked:",
        "  node  name        waits for",
        "     2  work after  1 receive",
        "units: CPU free, GPU_COMPUTE free, GPU_COMMUNICATION 1 receive",
    ]


def test_nodes_that_wait_for_a_unit_are_ready() -> None:
    answer = Asked(incast())("s 8", "npu 0")
    assert "     7  from 7  1 from 1" in answer
    assert answer.count("  1 from 1") == 6


def test_links_and_messages_are_shown() -> None:
    ask = Asked(incast())
    ask("b link 8 0 > 5", "c")
    assert ask("link 8 0").splitlines() == [
        "link 8 -> 0",
        "  transmits: 65,536 B from NPU 1 to NPU 0, tag 0",
        "waiting, oldest first:",
        "     message",
        *(f"  {n - 1}  65,536 B from NPU {n} to NPU 0, tag 0" for n in range(2, 8)),
    ]
    assert ask("links").splitlines()[2:] == [
        "  8 -> 0  65,536 B from NPU 1 to NPU 0, tag 0        6         0"
    ]
    messages = ask("messages")
    assert messages.count("65,536 B    0  0 ns") == 7
    assert "1 -> 0  65,536 B    0      1" in messages.partition("posted receives")[2]
    assert ask("p len(link(8, 0).waiting), now") == "(6, 1720)"


def test_streams_are_shown_by_queue_and_phase() -> None:
    answer = Asked(all_reduce_on_ring_of_8())("goto 20000ns", "npu 3")
    rows = answer.partition("streams:")[2].splitlines()[2:]
    assert [row.split()[-1] for row in rows] == ["runs", "waits", "waits", "waits"]
    assert all("ALL_REDUCE of 262,144 B among NPUs 0 to 7" in row for row in rows)


def test_where_shows_all_npus_and_what_comes_next() -> None:
    lines = Asked(two_npus())("s 3", "w").splitlines()
    assert lines[lines.index("NPUs:") - 1] == "  next: at 3,220 ns, link 0 -> 1 is free again"
    assert lines[-1].split() == ["1", "0/2", "node", "1", "('receive')", "0", "1", "0"]


def test_the_timeline_draws_bars_to_scale() -> None:
    answer = Asked(two_npus(), columns=24 + 67)("c", "timeline")
    bars = [
        line.split()[-1] for line in answer.splitlines() if " co" in line and "column" not in line
    ]
    assert bars == [
        "1" + "#" * 19 + "." * 47,  # 2000 of 6720 ns
        "." * 19 + "2" + "=" * 18 + "." * 29,
        "." * 37 + "2" + "#" * 29,
        "1" + "=" * 37 + "." * 29,
    ]


def test_a_timeline_of_a_part() -> None:
    answer = Asked(two_npus())("c", "timeline 1 from 3720 to 6720")
    assert answer.splitlines()[-2].split()[:2] == ["1", "compute"]
    assert set(answer.splitlines()[-2].split()[-1]) == {"2", "#"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("frobnicate", "unknown command 'frobnicate'; known are step, "),
        ("contineu", "unknown command 'contineu'; did you mean 'continue'?"),
        ("s x", "how many events is a whole number, not 'x'"),
        ("s 0", "a number of events is 1 at least, not 0"),
        ("n npu 9", "there is no NPU 9; they are numbered 0 to 1"),
        ("n soon", "'soon' is too much: nothing may follow there"),
        ("until", "a time, such as 5000 or 5us, is missing"),
        ("until 5 minutes", "'minutes' is too much: nothing may follow there"),
        ("until 5min", "a time is a number of ns, or such as 5us, 1.5ms or 2s, not '5min'"),
        ("back", "this is the beginning"),
        ("goto nowhere", "unknown mark 'nowhere'; known are none"),
        ("goto 999", "there are only 8 events; this is the end"),
        ("b nod 3", "unknown kind of place 'nod'; did you mean 'node'?"),
        ("tb", "where to stop is missing: one of npu, node, collective, link, time or if"),
        ("b node works*", "unknown node 'works*'; "),
        ("b node 77", "no node is '77'"),
        ("b node type COMMS", "unknown type of nodes 'COMMS'; did you mean"),
        ("b node a b", "'b' is too much; a name with spaces needs quotation marks"),
        ("b node 'work", "\"'work\" can't be read: no closing quotation"),
        ("b collective 1 issued", "'issued' is too much; a name with spaces needs quotation marks"),
        ("b time 0", "0 ns is here or past; go back first"),
        ("b if", "an expression is missing"),
        ("b if now >", "'now >' is no Python expression"),
        ("b if later > 3", "unknown name 'later'; did you mean 'state'?"),
        ("b link 1", "the device that receives is missing"),
        ("d", "the breakpoint's number (break lists them) is missing"),
        ("d 4", "there is no breakpoint 4; set are none"),
        ("link 0 1", "no message has used a link from 0 to 1 so far"),
        ("npu 2", "there is no NPU 2; they are numbered 0 to 1"),
        ("why 2", "there is no NPU 2; they are numbered 0 to 1"),
        ("p", "what to print is missing"),
        ("p 1 / 0", "'1 / 0' failed: ZeroDivisionError: division by zero"),
        ("timeline from 5us to 1us", "the timeline would end at 1,000 ns, before it begins"),
        ("help me", "unknown command 'me'"),
        ("mark 1st", "a mark's name doesn't begin with a digit, as '1st' does"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(line: str, message: str) -> None:
    with pytest.raises(CommandError) as raised:
        Asked(two_npus())(line)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_marks_are_gone_to() -> None:
    ask = Asked(two_npus())
    assert ask("s 3", "mark sent").endswith("sent: event 3")
    ask("c")
    assert ask("goto sent").startswith("[3] 2,000 ns")
    with pytest.raises(CommandError, match="did you mean 'sent'"):
        ask("goto snet")


def test_commands_can_share_a_line_and_remarks_do_nothing() -> None:
    ask = Asked(two_npus())
    assert ask("s ;; s ;; p position").endswith("\n2")
    assert not ask("# s", "", " ;; ")
    ask("q ;; s")
    assert ask.session.quits
    assert ask.session.stepper.position == 2


def test_help_explains_every_command() -> None:
    ask = Asked(two_npus())
    listed = ask("help")
    for command in COMMANDS:
        assert command.summary in listed
        for name in (command.name, *command.aliases):
            assert ask(f"help {name}").startswith(
                f"{command.name} {command.grammar.usage}".rstrip()
            )
    assert len(BY_NAME) == sum(1 + len(command.aliases) for command in COMMANDS)
    assert "collective [ID|NAME] [phase K] [step K] [type TYPE] [npu N]" in ask("help break")


def test_completion_offers_what_can_stand_there() -> None:
    session = Asked(two_npus()).session

    def offered(line: str) -> list[str]:
        return [offer.text for offer in completions(line, session).offers]

    assert offered("con") == ["continue", "condition"]
    assert offered("help tb") == ["tbreak"]
    assert offered("b no") == ["node"]
    assert offered("b node 'w") == ["'work before'", "'work after'"]
    assert offered("s ;; npu ") == ["0", "1"]
    assert not offered("nothing ")


def test_a_terminal_gets_the_same_words_in_colour() -> None:
    plain, coloured = Asked(incast()), Asked(incast(), colour=True)
    for line in ("b link > 2", "c", "w", "npu 0", "links", "m", "timeline", "help"):
        shown = coloured(line)
        bare = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        assert bare.replace(":\n", "\n").split() == plain(line).replace(":\n", "\n").split()
    assert "\x1b[1m" in coloured("w")
    timeline = coloured("timeline")
    assert timeline.count("\x1b[33m1=") == 8  # a bar in the colour of communication for each NPU


def test_before_an_npu_begins_what_waits_for_nothing_is_ready() -> None:
    ask = Asked(two_npus())
    assert ask("npu").splitlines()[-1] == "  0, 1   0/2  -              1        1        0"
    assert ask("npu 0").splitlines() == [
        "NPU 0 has finished 0 of 2 nodes",
        "ready:",
        "  node  name         waits for a unit held by",
        "     1  work before  free",
        "blocked:",
        "  node  name  waits for",
        "     2  send  1 work before",
        "units: CPU free, GPU_COMPUTE free, GPU_COMMUNICATION free",
    ]
    ask("s 2")
    assert ask("p npu(0).ready, npu(1).ready") == "((), ())"
