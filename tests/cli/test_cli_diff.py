"""simastra diff: two results, two sets of inputs, or one of each."""

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest
from command_line import Inputs, environment, python, without_unit_notice
from terminal_seen import stderr_as_terminal

from simastra import Trace, TraceBuilder
from simastra.cli import main
from simastra.cli.verbs.diff.diff import DIFF
from simastra.report.result_files import read_result
from simastra.trace import write_trace

HEAD = """\
B is 17.1 % slower: 137,940 ns rather than 117,780 ns, +20,160 ns
mostly serialisation: +34,160 ns; all-reduce: +34,160 ns; over 8 nodes; over 8 links
the critical paths first differ at 10 ns: serialisation of NPU 0, node 1 (gradients) on the link \
NPU 0 to NPU 1 takes 610 ns in A and 1,220 ns in B
"""
CAUSES = """\
what they are worth
                               A          B  difference
exposed communication  117.78 µs  137.94 µs   +20.16 µs
bound                    62.1 µs   82.26 µs   +20.16 µs
slack                   55.68 µs   55.68 µs        0 ns

by cause
cause            A, ns    B, ns  difference, ns     of A
serialisation   34,160   68,320         +34,160  +29.0 %
latency         28,000   14,000         -14,000  -11.9 %
2 alike         55,620   55,620               0        -
sum            117,780  137,940         +20,160  +17.1 %
"""
OTHER = "topology: [Ring]\nnpus_count: [8]\nbandwidth: [25]\nlatency: [250]\n"


@pytest.fixture
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Inputs:
    """Section 7's example, and a network with half the bandwidth and half the latency."""
    monkeypatch.chdir(ring.folder)
    Path("other.yml").write_text(OTHER)
    return ring


def diff(here: Inputs, *words: str, inputs: bool = True) -> int:
    return main(["diff", *(here.words if inputs else ()), *words])


def written(here: Inputs, name: str, *words: str) -> str:
    """A result with an explanation."""
    assert main(["run", *here.words, "--explain", "--json", name, *words]) == 0
    return name


def test_inputs(here: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(here, "--network-b", "other.yml") == 0
    said = capsys.readouterr().out
    assert said.startswith(f"A: --network net.yml\nB: --network other.yml\n\n{HEAD}\n{CAUSES}\n")
    assert said.count("and 2 more") == 0


def test_what_is_compared_in_files_is_what_is_compared_in_memory(
    here: Inputs, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = written(here, "a.json"), written(here, "b.json", "--network", "other.yml")
    assert diff(here, "--network-b", "other.yml", "--json", "inputs.json") == 0
    capsys.readouterr()
    assert diff(here, a, b, "--json", "files.json", inputs=False) == 0
    assert capsys.readouterr().out.startswith(f"A: a.json\nB: b.json\n\n{HEAD}\n{CAUSES}\n")
    assert diff(here, a, "--network", "other.yml", "--json", "mixed.json") == 0
    assert capsys.readouterr().out.startswith(f"A: a.json\nB: --network other.yml\n\n{HEAD}")
    documents = [json.loads(Path(it).read_text()) for it in ("inputs.json", "files.json")]
    documents.append(json.loads(Path("mixed.json").read_text()))
    for document in documents:
        del document["a"], document["b"]
    assert documents[0] == documents[1] == documents[2]
    assert documents[0]["makespan"] == {"a": 117780, "b": 137940, "difference": 20160}


def test_the_same_run_twice(here: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    a = written(here, "a.json")
    capsys.readouterr()
    assert diff(here, a, a, inputs=False) == 0
    assert (
        capsys.readouterr().out
        == "A: a.json\nB: a.json\n\nno difference: both take 117,780 ns, and spend it alike\n"
    )


@pytest.mark.parametrize(
    "words", [["a.json", "--top", "3", "a.json"], ["--top", "3", "a.json", "a.json"]]
)
def test_options_may_stand_between_results_and_before_them(words: list[str], here: Inputs) -> None:
    written(here, "a.json")
    assert main(["diff", *words]) == 0


def test_settings_of_b(here: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--network-backend-b", "congestion-unaware", "--rendezvous-protocol-b=true")
    assert diff(here, "--system-b", "sys.json", *words) == 0
    said = capsys.readouterr().out
    named = "--system sys.json --network-backend {} --rendezvous-protocol {}"
    assert said.startswith(
        f"A: {named.format('congestion-aware', 'false')}\n"
        f"B: {named.format('congestion-unaware', 'true')}\n"
    )
    assert "slower" in said


def test_tables(here: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(here, "--network-b", "other.yml", "--top", "1", "--tables", "tables") == 0
    assert "and 7 more" in capsys.readouterr().out
    lines = Path("tables/nodes.csv").read_text().splitlines()
    assert lines[0] == ("npu,node,name,a_ns,b_ns,difference_ns,latency_ns,serialisation_ns")
    assert lines[1] == "0,1,gradients,13745,16265,2520,-1750,4270"
    rows = json.loads(Path("tables/tables.json").read_text())
    assert set(rows) == {"causes", "work", "nodes", "collectives", "links", "npus"}
    for name in ("causes", "work", "nodes", "collectives", "links"):
        assert sum(row["difference_ns"] for row in rows[name]) == 20160


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "nothing to compare: give two results of 'simastra run --explain --json', or inputs,"),
        ("a.json", "a.json is A; name B, another result or inputs, as in: simastra diff a.json "),
        ("a.json a.json a.json", "unexpected 'a.json': two results are compared, no more"),
        ("a.json a.json --system s", "--system: both results are given already; leave it out"),
        ("a.json --num-queues-per-dim-b 2", "--num-queues-per-dim-b: a.json is A, and B's options"),
        ("{inputs}", "B is nothing but A: say what is different in it, as in --network-b FILE"),
        ("--workload wl --network-b n", "--system, --network are"),
        ("none.json a.json", "none.json: file not found"),
        ("net.yml a.json", "net.yml: this is a network configuration, not a result of a run"),
        ("cut.json a.json", "cut.json: no JSON that 'simastra run --json' writes: EOF while"),
        ("{inputs} --network-b none.yml", "none.yml: file not found"),
        ("a.json --tup 3 a.json", "unknown option '--tup'; did you mean '--top'?"),
        ("a.json a.json --top 0", "--top: must be a whole number from 1 on, or all, not"),
        ("a.json a.json --json a.json", "--json: a.json is an input; name another file"),
    ],
)
def test_what_is_wrong_is_one_message(
    words: str, message: str, here: Inputs, capsys: pytest.CaptureFixture[str]
) -> None:
    written(here, "a.json")
    Path("cut.json").write_text(Path("a.json").read_text()[:-200])
    capsys.readouterr()
    given = shlex.split(words.replace("{inputs}", shlex.join(here.words)))
    assert main(["diff", *given]) == 2
    told = [it for it in capsys.readouterr().err.splitlines() if "notice" not in it]
    assert len(told) == 1
    assert told[0].startswith(f"simastra: {message}")


OPTIONS = ("--num-queues-per-dim=2", "--extended-collectives", "--rendezvous-protocol=true")


def test_a_file_without_an_explanation_says_how_to_write_it(
    here: Inputs, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *here.words, *OPTIONS, "--json", "plain.json"]) == 0
    assert "explanation" not in json.loads(Path("plain.json").read_text())
    capsys.readouterr()
    assert diff(here, "plain.json", "plain.json", inputs=False) == 2
    message = capsys.readouterr().err
    assert message.startswith("simastra: plain.json: it has no explanation")
    command = shlex.split(message.partition(" by: ")[2])
    assert command[0] == "simastra"
    before = json.loads(Path("plain.json").read_text())
    assert main(command[1:]) == 0
    after = json.loads(Path("plain.json").read_text())
    assert after.pop("explanation")["makespan"] == before["makespan"]
    assert (after["options"], after["finishes"]) == (before["options"], before["finishes"])
    capsys.readouterr()
    assert diff(here, "plain.json", "plain.json", inputs=False) == 0


def test_a_run_that_does_not_finish_has_nothing_to_compare(
    here: Inputs, capsys: pytest.CaptureFixture[str]
) -> None:
    npus = [TraceBuilder(npu) for npu in range(8)]
    npus[1].recv("never sent", size=4, source=0)
    write_trace("hung", Trace.of(npus))
    assert diff(here, "--workload-b", "hung") == 3
    said, told = capsys.readouterr()
    assert said == ""
    assert "simastra: B doesn't finish, so that there is nothing to compare\n" in told
    assert main(["run", *here.words, "--workload", "hung", "--json", "hung.json"]) == 3
    capsys.readouterr()
    assert diff(here, "hung.json", "hung.json", inputs=False) == 2
    assert "hung.json: its simulation didn't finish (deadlock)" in capsys.readouterr().err


def test_the_explanation_of_a_file_is_that_of_its_result(here: Inputs) -> None:
    result = read_result(written(here, "a.json"))
    assert result.explanation is not None
    assert result.explanation.makespan == result.makespan == 117780


def test_files_are_written_though_nobody_reads_what_is_shown(here: Inputs) -> None:
    words = (*here.words, "--network-b", "other.yml", "--json", "d.json", "--output", "d.html")
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        python("-m", "simastra", "diff", *words),
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
        env=environment(),
    )
    os.close(writer)
    assert (process.returncode, without_unit_notice(process.stderr)) == (0, "")
    assert json.loads(Path("d.json").read_text())["makespan"]["difference"] == 20160
    assert "B is 17.1 % slower" in Path("d.html").read_text()


def test_b_has_a_twin_of_each_option_that_makes_a_difference() -> None:
    names = {name for option in DIFF.parser("diff").options() for name in option.option_strings}
    assert {name for name in names if name.endswith("-b")} == {
        *("--workload-b", "--system-b", "--network-b", "--memory-b", "--comm-groups-b"),
        *("--calibration-b", "--scenario-b", "--replicate-b"),
        *("--network-backend-b", "--compat-b", "--extended-collectives-b", "--exact-durations-b"),
        *("--num-queues-per-dim-b", "--injection-scale-b", "--rendezvous-protocol-b"),
    }


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("", "--workload wl"),
        ("--num-queues-per-dim 2", "--num-queues-per-dim 2"),
        (
            "--network other.yml --rendezvous-protocol",
            "--network other.yml --rendezvous-protocol true",
        ),
    ],
)
def test_inputs_beside_a_file_are_named_by_what_they_differ_in(
    words: str, name: str, here: Inputs, capsys: pytest.CaptureFixture[str]
) -> None:
    a = written(here, "a.json")
    capsys.readouterr()
    assert diff(here, a, *words.split()) == 0
    assert capsys.readouterr().out.startswith(f"A: a.json\nB: {name}\n\n")


def test_a_terminal_sees_how_far_each_of_both_is(here: Inputs) -> None:
    with stderr_as_terminal() as terminal:
        assert diff(here, "--network-b", "other.yml") == 0
    told = [frame.partition("|")[0] for frame in terminal.frames]
    assert list(dict.fromkeys(told)) == ["simulating A", "simulating B"]
    with stderr_as_terminal() as terminal:
        assert diff(here, "--network-b", "other.yml", "--quiet") == 0
    assert terminal.frames == []
