"""Completion follows the grammar: after each word only what fits, with what it means."""

from pathlib import Path

import pytest
from asked import Asked
from machines_seen import incast, two_npus
from support.machines import network, system

from simastra import KiB, Simulation, Trace, TraceBuilder
from simastra.debug.prompt.completion import completions


def mixed() -> Simulation:
    """Two NPUs: a computation, a message and an all-reduce."""
    npus = [TraceBuilder(npu) for npu in range(2)]
    for npu, trace in enumerate(npus):
        work = trace.compute("Forward pass", micros=1)
        if npu:
            trace.recv("tokens", size=KiB, source=0)
        else:
            trace.send("tokens", size=KiB, to=1)
        trace.all_reduce("All-Reduce", size=KiB, after=work)
    return Simulation(Trace.of(npus), system(), network(("Ring", 2)))


def offered(ask: Asked, line: str) -> dict[str, str]:
    return {offer.text: offer.meaning for offer in completions(line, ask.session).offers}


def test_after_break_only_kinds_of_places_fit() -> None:
    kinds = offered(Asked(mixed()), "break ")
    assert list(kinds) == ["npu", "node", "collective", "link", "time", "if"]
    assert kinds["node"] == "an ET node is issued, or finished; NAME may hold * and ?"
    assert all(kinds.values())


def test_a_collective_is_found_whatever_the_case() -> None:
    ask = Asked(mixed())
    assert offered(ask, "break collective all") == {"All-Reduce": "COMM_COLL of NPUs 0, 1"}
    words = offered(ask, "break collective ")
    assert list(words) == ["phase", "step", "type", "npu", "All-Reduce", "3", "if"]
    assert words["3"] == "COMM_COLL 'All-Reduce'"


def test_a_node_is_offered_by_name_and_id_in_quotation_marks_where_it_needs_them() -> None:
    ask = Asked(mixed())
    assert offered(ask, "tb node fo") == {"'Forward pass'": "COMP of NPUs 0, 1"}
    assert offered(ask, "tb node 'Forward p") == {"'Forward pass'": "COMP of NPUs 0, 1"}
    behind = list(offered(ask, "tb node 'Forward pass' "))
    assert behind == ["issued", "finished", "type", "npu", "if"]
    assert ask("tb node 'Forward pass'") == "temporary breakpoint 1: node 'Forward pass' issued"


def test_what_stands_there_already_is_offered_no_more() -> None:
    ask = Asked(mixed())
    assert "type" not in offered(ask, "b node type COMP ")
    assert list(offered(ask, "b node type COMP npu 1 finished tokens ")) == ["if"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("b npu ", ["0", "1"]),
        ("b npu 1 ", ["if"]),
        ("b link ", ["0", "1", "if"]),
        ("b link 0 ", ["1"]),
        ("b node type comm_c", ["COMM_COLL"]),
        ("b time 5", ["5ns", "5us", "5ms", "5s"]),
        ("back ", ["break", "npu"]),
        ("next is", ["issued"]),
        ("info ", ["breakpoints", "watch", "display", "npus", "links", "queues", "marks"]),
        ("save b", ["breakpoints"]),
        ("continue ", []),
        ("b npu 9 ", []),  # there is no such NPU
        ("b link 0 1 2 ", []),
        ("p nex", ["next_time"]),
        ("p len(in_f", ["len(in_flight"]),
        ("p npu(0).fin", ["npu(0).finish_time", "npu(0).finished"]),
        ("b if state.now > 5 and posi", ["position"]),
        ("s ;; ti", ["timeline"]),
    ],
)
def test_what_fits(line: str, words: list[str]) -> None:
    assert sorted(offered(Asked(mixed()), line)) == sorted(words)


def test_links_to_switches_are_offered_by_the_topology() -> None:
    ask = Asked(incast())
    assert offered(ask, "link 3 ") == {"8": "switch 8"}
    assert list(offered(ask, "link 8 ")) == [str(npu) for npu in range(8)]


def test_breakpoints_marks_displays_and_files_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.txt").write_text("")
    (tmp_path / "folder").mkdir()
    ask = Asked(two_npus())
    ask("b npu 1", "s", "mark here", "display now")
    assert offered(ask, "delete ")["1"] == "npu 1"
    assert offered(ask, "goto he") == {"here": "event 1"}
    assert offered(ask, "undisplay ") == {"1": "now"}
    assert list(offered(ask, "source ")) == ["folder/", "mine.txt"]
    assert list(offered(ask, "source mi")) == ["mine.txt"]
    assert list(offered(ask, "source nowhere/")) == []


def test_the_word_that_is_completed_begins_where_it_is_typed() -> None:
    session = Asked(mixed()).session
    for line, start in (("b no", 2), ("s ;;  b no", 8), ("b node 'Forw", 7), ("b node ", 7)):
        assert completions(line, session).start == start
