"""``visualize``, ``timeline``, ``jsonize``, ``report``, and the way to a verb: details of each."""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Inputs

from simastra import DeadlockError, InputError, TraceBuilder
from simastra.cli import COMMANDS, Command, ExitCode, main
from simastra.cli.dispatch import carry_out
from simastra.cli.options.parser import Parser, number, truth, whole_number

WORDS = ("--workload=wl", "--system=sys.json", "--network=net.yml")


@pytest.fixture(autouse=True)
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, as the current one, with a trace of five nodes in a row."""
    monkeypatch.chdir(ring.folder)
    trace = TraceBuilder()
    last = trace.compute("n1", micros=1)
    for index in range(2, 6):
        last = trace.compute(f"n{index}", micros=1, after=last)
    trace.write("row", 1)
    return ring.folder


def error_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err.removeprefix("simastra: ").rstrip("\n")


@pytest.mark.parametrize(
    ("words", "nodes", "is_told"),
    [
        ("", [1, 2, 3, 4, 5], False),
        ("--max-nodes=5", [1, 2, 3, 4, 5], False),
        ("--max-nodes=4", [1, 2, 3, 4], True),
        ("--max-nodes=1", [1], True),
        ("--around=3 --depth=0", [3], True),
        ("--around=3 --depth=1", [2, 3, 4], True),
        ("--around=1 --depth=2", [1, 2, 3], True),
        ("--around=3", [1, 2, 3, 4, 5], False),
    ],
)
def test_a_window_shows_these_nodes(
    here: Path,
    words: str,
    nodes: list[int],
    is_told: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["visualize", "row.0.et", "--output=a.dot", *words.split()]) == 0
    text = (here / "a.dot").read_text()
    assert [it for it in range(1, 6) if f'"{it}: n{it}' in text] == nodes
    told = (
        f"simastra: notice: row.0.et: {len(nodes)} of 5 nodes are shown; --around, --depth and "
        "--max-nodes choose which\n"
    )
    assert capsys.readouterr().err == (told if is_told else "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("visualize row.0.et", "--output: is required; see --help"),
        (
            "visualize row.0.et --output=a.dot --depth=0",
            "--depth: needs --around, the node that it counts from",
        ),
        (
            "visualize row.0.et --output=a.dot --around=1 --depth=-1",
            "--depth: must be at least 0, not -1",
        ),
        (
            "visualize row.0.et --output=a.dot --max-nodes=0",
            "--max-nodes: must be at least 1, not 0",
        ),
        (
            "visualize row.0.et --output=a.txt",
            "--output: a.txt: unknown kind of picture 'txt'; known are dot, graphml, svg, pdf, png",
        ),
        ("timeline", "FILE is required; see --help"),
        ("timeline a --input=b --output=c", "FILE is given twice; see --help"),
        ("jsonize row.0.et", "--output: is required; see --help"),
        ("link", "HOST is required; see --help"),
        ("link a", "DEVICE is required; see --help"),
        ("link a b --chakra-host-trace=c", "HOST is given twice; see --help"),
        ("link a b", "--output: is required; see --help"),
        ("link a b --output=c --rank=-1", "--rank: must be 0 or more, not -1"),
        ("generate piepline", "unknown generator 'piepline'; did you mean 'pipeline'?"),
        ("timeline_visualizer", "unknown command 'timeline_visualizer'; did you mean 'timeline'?"),
        ("trace_link", "unknown command 'trace_link'; did you mean 'link'?"),
        (
            "--version2",
            f"'--version2' stands where a command is wanted, one of {', '.join(COMMANDS)}; as in: "
            "simastra run --workload PREFIX --system FILE --network FILE",
        ),
        ("run x", "unexpected 'x': all that simastra run takes are options"),
        (
            "inspect wl y",
            "unexpected 'y': all that simastra inspect takes are options and the one before it",
        ),
        ("run --json", "--json: needs a value"),
        ("run --quiet=1", "--quiet: takes no value, but has '1'"),
        ("run --statistcs", "unknown option '--statistcs'; did you mean '--statistics'?"),
        ("run wl --statistcs", "unknown option '--statistcs'; did you mean '--statistics'?"),
        ("run --statistcs=3", "unknown option '--statistcs'; did you mean '--statistics'?"),
        ("run --zzz", "unknown option '--zzz'; see simastra run --help"),
    ],
)
def test_what_is_wrong_is_said_exactly(
    words: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert error_of(capsys, *words.split()) == message


def test_a_picture_s_kind_is_told_by_its_ending_in_letters_of_either_case(here: Path) -> None:
    assert main(["visualize", "row.0.et", "--output=a.DOT"]) == 0
    assert (here / "a.DOT").read_text().startswith('digraph "row.0.et" {')
    assert main(["visualize", "row.0.et", "--output=a.b.graphml"]) == 0
    assert (here / "a.b.graphml").read_text().startswith("<?xml")


def program(folder: Path, script: str) -> str:
    made = folder / "bin" / "dot"
    made.parent.mkdir(exist_ok=True)
    made.write_text(script)
    made.chmod(0o755)
    return os.pathsep.join((str(made.parent), "/usr/bin", "/bin"))


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "#!/bin/sh\ncat >/dev/null\nexit 1\n",
            "failed with exit code 1: it said nothing; fewer --max-nodes may help, or a .dot",
        ),
        (
            "#!/bin/sh\ncat >/dev/null\necho one >&2\necho two >&2\nexit 2\n",
            "failed with exit code 2: one; fewer --max-nodes may help, or a .dot",
        ),
        ("#!/no/such/shell\n", "can't be run: No such file or directory"),
    ],
)
def test_a_graphviz_that_fails_is_told(
    here: Path,
    script: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", program(here, script))
    said = error_of(capsys, "visualize", "row.0.et", "--output=a.png")
    assert said == f"--output: {here / 'bin' / 'dot'} {message}"
    assert not (here / "a.png").exists()


def test_the_timeline_says_what_it_ignores(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *WORDS, "--json=r.json"]) == 0
    capsys.readouterr()
    words = ["timeline", "r.json", "--output=t.json"]
    assert main([*words, "--num-npus=8", "--npu-frequency=1000"]) == 0
    assert capsys.readouterr() == ("", "")
    assert main([*words, "--log-filename=x"]) == 0
    assert capsys.readouterr().err == (
        "simastra: notice: --log-filename: has no effect: simastra writes no log; what there is to "
        "say is on stderr (leave it out)\n"
    )
    assert error_of(capsys, *words, "--npu-frequency=999").startswith(
        "--npu-frequency: is 999 MHz, but a cycle of ASTRA-sim is 1 ns, whatever the NPU's clock; "
        "give 1000"
    )


def test_a_report_has_a_title_and_names_all_it_writes(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", *WORDS]) == 0
    assert capsys.readouterr().out == "report.html\n"
    assert "<title>wl</title>" in (here / "report.html").read_text()
    assert main(["report", *WORDS, "--output=p.html", "--title=Mine", "--tables=t"]) == 0
    first, *tables = capsys.readouterr().out.splitlines()
    assert first == "p.html"
    assert sorted(tables) == sorted(f"t/{path.name}" for path in (here / "t").iterdir())
    page = (here / "p.html").read_text()
    assert "<title>Mine</title>" in page
    assert "<title>wl</title>" not in page
    document = json.loads((here / "t" / "tables.json").read_text())
    assert document


def verb(run: Callable[[argparse.Namespace], ExitCode]) -> Command:
    return Command("s", "u", "d", lambda _parser: None, run)


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (InputError("wrong"), 2, "wrong"),
        (DeadlockError((), (), (1,), 7), 3, "deadlock: the simulation stands still at 7 ns with 1"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (MemoryError(), 70, "out of memory; fewer NPUs, nodes, chunks or queues need less"),
        (
            ValueError("x"),
            70,
            "internal error: ValueError: x; run with SIMASTRA_TRACEBACK=1 for the traceback",
        ),
        (
            ValueError(),
            70,
            "internal error: ValueError; run with SIMASTRA_TRACEBACK=1 for the traceback",
        ),
    ],
    ids=lambda it: type(it).__name__ if isinstance(it, BaseException) else "",
)
def test_whatever_a_verb_raises_is_one_message_and_an_exit_code(
    raised: BaseException,
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SIMASTRA_TRACEBACK", raising=False)

    def run(_: argparse.Namespace) -> ExitCode:
        raise raised

    assert carry_out(["x"], {"x": verb(run)}) == code
    out, err = capsys.readouterr()
    assert (out, err.startswith(f"simastra: {said}")) == ("", True)
    if code == ExitCode.INTERNAL_ERROR and not isinstance(raised, MemoryError):
        monkeypatch.setenv("SIMASTRA_TRACEBACK", "1")
        assert carry_out(["x"], {"x": verb(run)}) == code
        err = capsys.readouterr().err
        assert err.startswith("simastra: internal error:\nTraceback (most recent call last):\n")


def test_a_verb_s_exit_code_is_that_of_the_process() -> None:
    for code in ExitCode:
        assert carry_out(["x"], {"x": verb(lambda _, code=code: code)}) is code


@pytest.mark.parametrize(
    ("word", "value"),
    [("0", 0), ("-7", -7), ("+7", 7), ("9" * 18, 10**18 - 1), ("007", 7)],
)
def test_whole_numbers(word: str, value: int) -> None:
    assert whole_number(word) == value


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("9" * 19, f"must be a whole number of 18 digits at most, not '{'9' * 19}'"),
        ("-" + "9" * 19, f"must be a whole number of 18 digits at most, not '-{'9' * 19}'"),
        ("1.0", "must be a whole number, not '1.0'"),
        ("", "must be a whole number, not ''"),
        ("--1", "must be a whole number, not '--1'"),
        (" 1", "must be a whole number, not ' 1'"),
    ],
)
def test_what_is_no_whole_number(word: str, message: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as raised:
        whole_number(word)
    assert str(raised.value) == message


def test_numbers_are_finite_and_truths_four_words() -> None:
    assert (number("1.5"), number("-1e3")) == (1.5, -1000)
    for word in ("inf", "nan", "-inf", "x", "", "1e999"):
        with pytest.raises(argparse.ArgumentTypeError, match="must be a number, not "):
            number(word)
    assert [truth(word) for word in ("true", "TRUE", "1", "false", "False", "0")] == [
        *[True] * 3,
        *[False] * 3,
    ]
    for word in ("yes", "", "2"):
        with pytest.raises(argparse.ArgumentTypeError, match="must be true, false, 1 or 0, not"):
            truth(word)


def test_an_option_is_known_with_dashes_or_underscores_and_not_in_part() -> None:
    parser = Parser("p", "u", "d")
    parser.add_argument("--long-name", type=str)
    for word in ("--long-name=a_b", "--long_name=a_b"):
        arguments = parser.read([word])
        assert arguments is not None
        assert arguments.long_name == "a_b"
    with pytest.raises(InputError, match="unknown option '--long'; did you mean '--long-name'"):
        parser.read(["--long=1"])
