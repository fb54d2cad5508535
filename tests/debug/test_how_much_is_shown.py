"""Of much, the first part is shown and the rest is counted; exactly at the limit nothing is."""

from pathlib import Path

import pytest
from asked import Asked
from machines_seen import two_npus
from support.machines import network, system

from simastra import KiB, Simulation, Trace, TraceBuilder
from simastra.debug import CommandError, NpuFinished, Stop
from simastra.debug.prompt.completion import completions
from simastra.debug.prompt.terminal import run_prompt
from simastra.debug.views import stop_view
from simastra.view.blocks import plain_lines
from simastra.view.phrases import npus_words


def computing(npus: int, nodes: int = 1) -> Simulation:
    """Every NPU computes for 1000 ns, again and again."""
    trace = TraceBuilder()
    for number in range(nodes):
        trace.compute(f"work {number:03}", micros=1)
    return Simulation(trace, system(), network(("Ring", npus)))


def test_why_explains_eight_npus() -> None:
    assert Asked(computing(8))("why").count("NPU") == 8
    assert Asked(computing(9))("why").splitlines()[-1] == "and 1 more NPUs; name one"
    ten = Asked(computing(10))("why")
    assert ten.endswith("\nand 2 more NPUs; name one")
    assert ("NPU 7" in ten, "NPU 8" in ten) == (True, False)


def test_why_of_npus_that_have_finished_is_that_they_have() -> None:
    ask = Asked(computing(9))
    ask("c")
    assert ask("why") == "all NPUs have finished"


def test_a_timeline_draws_sixteen_npus() -> None:
    ask, more = Asked(computing(16)), Asked(computing(17))
    ask("c")
    more("c")
    assert len(ask("timeline").splitlines()) == 2 + 16
    lines = more("timeline").splitlines()
    assert len(lines) == 2 + 16 + 1
    assert lines[-2].split()[0] == "15"
    assert lines[-1] == "    of 17 NPUs; name others"
    assert more("timeline 16").splitlines()[-1].split()[:2] == ["16", "compute"]


@pytest.mark.parametrize(("screen", "columns"), [(30, 20), (44, 20), (45, 21), (124, 100)])
def test_a_timeline_is_as_wide_as_the_screen_but_never_narrow(screen: int, columns: int) -> None:
    ask = Asked(two_npus(), columns=screen)
    ask("c")
    title, _headings, *rows = ask("timeline").splitlines()
    assert title == (
        f"timeline from 0 to 6,720 ns, a column is {6720 / columns:,.1f} ns; "
        "- cpu, # compute, = communication, % remote memory:"
    )
    assert {len(row.split()[-1]) for row in rows} == {columns}


def test_the_timeline_of_the_beginning_is_empty() -> None:
    ask = Asked(two_npus())
    assert ask("timeline") == "no node has been issued so far"
    assert ask("timeline from 5 to 5") == "no node has been issued so far"


def test_twenty_groups_of_like_npus_are_listed() -> None:
    def npus_that_differ(npus: int) -> list[str]:
        builders = [TraceBuilder(npu) for npu in range(npus)]
        for npu, trace in enumerate(builders):
            for _ in range(npu + 1):
                trace.compute("work", micros=1)
        machine = Simulation(Trace.of(builders), system(), network(("Ring", npus)))
        return Asked(machine)("npu").splitlines()

    assert npus_that_differ(20)[-1].split() == ["19", "0/20", "-", "20", "0", "0"]
    more = npus_that_differ(21)
    assert len(more) == 2 + 20 + 1
    assert more[-1] == "    and 1 more"


def test_like_npus_share_a_line() -> None:
    lines = Asked(computing(64))("npu").splitlines()
    assert [line.split()[:4] for line in lines[2:]] == [["0", "to", "63", "0/1"]]


def test_eight_things_that_happened_are_told() -> None:
    def told(things: int) -> list[str]:
        happened = tuple(NpuFinished(npu, 7) for npu in range(things))
        stop = Stop(1234, 5678, happened, (), "nothing", ended=True, interrupted=False)
        return [line for block in stop_view(stop) for line in plain_lines(block)]

    assert told(8) == [
        "[1,234] 5,678 ns",
        *(f"  NPU {npu} has finished its trace" for npu in range(8)),
    ]
    assert told(9) == [*told(8), "  and 1 more things"]


def test_of_what_a_node_waits_for_six_are_named() -> None:
    trace = TraceBuilder()
    parts = [trace.compute(f"part {number}", micros=1) for number in range(7)]
    trace.compute("six", micros=1, after=parts[:6])
    trace.compute("seven", micros=1, after=parts)
    blocked = Asked(Simulation(trace, system(), network(("Ring", 2))))("npu 0")
    named = ", ".join(f"{node} part {node - 1}" for node in range(1, 7))
    assert f"  8  six    {named}\n" in blocked
    assert f"  9  seven  {named} and 1 more\n" in blocked


def test_of_nodes_under_way_two_are_named_in_short() -> None:
    trace = TraceBuilder()
    for name, on_cpu in (("host", True), ("device", False)):
        trace.compute(name, micros=1, on_cpu=on_cpu)
    trace.all_reduce("gradients", size=KiB)
    shown = Asked(Simulation(trace, system(), network(("Ring", 2))))("s", "npu")
    assert "node 1 ('host'), node 2 ('device') and 1 more" in shown


def test_two_hundred_names_of_nodes_are_offered() -> None:
    for nodes in (199, 200, 201):
        session = Asked(computing(2, nodes)).session
        offered = completions("b node 'work", session).offers
        assert len(offered) == min(nodes, 200)
        assert offered[-1].text == f"'work {min(nodes, 200) - 1}'"


def test_a_name_without_spaces_is_offered_bare() -> None:
    trace = TraceBuilder()
    trace.compute("work", micros=1)
    session = Asked(Simulation(trace, system(), network(("Ring", 2)))).session
    assert [it.text for it in completions("b node wo", session).offers] == ["work"]
    assert not completions("b wo", session).offers


def test_who_names_no_node_is_told_twenty_names() -> None:
    with pytest.raises(CommandError) as raised:
        Asked(computing(2, 21))("b node zzz")
    assert "work 019" in str(raised.value)
    assert "work 020" not in str(raised.value)


@pytest.mark.parametrize(
    ("npus", "words"),
    [
        (range(3, 5), "NPUs 3, 4"),
        (range(3, 6), "NPUs 3 to 5"),
        ([3, 4, 5], "NPUs 3, 4, 5"),
        (range(0, 16, 2), "NPUs 0, 2, 4, 6, 8, 10, 12, 14"),
        (range(0, 18, 2), "9 NPUs"),
    ],
)
def test_npus_are_named_by_range_list_or_number(npus: range, words: str) -> None:
    assert npus_words(npus) == words


def test_a_thousand_lines_of_history_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readline = pytest.importorskip("readline")
    history = tmp_path / "simastra" / "debug_history"
    history.parent.mkdir()
    history.write_text("".join(f"p {number}\n" for number in range(1005)))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("builtins.input", _end_of_input)
    readline.clear_history()
    run_prompt(Asked(two_npus()).session)
    readline.clear_history()
    kept = [line for line in history.read_text().splitlines() if line.startswith("p ")]
    assert kept == [f"p {number}" for number in range(5, 1005)]


def _end_of_input(_prompt: str) -> str:
    raise EOFError
