"""Wrong command lines and wrong inputs: one message, exit code 2, and never a traceback."""

import io
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from command_line import Inputs, environment, python
from hypothesis import given
from hypothesis import strategies as st

from simastra import OptionError, Options
from simastra.cli import COMMANDS, Command, CommandGroup, main
from simastra.cli.options.arguments import read_inputs

Complain = Callable[..., str]


@pytest.fixture
def complaint(
    ring: Inputs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Complain:
    """Run in the folder of `ring`, with its inputs, and return the message."""
    monkeypatch.chdir(ring.folder)

    def complain(*words: str, verb: str = "run") -> str:
        code = main([verb, *ring.words, *words])
        output = capsys.readouterr()
        assert (code, output.out) == (2, "")
        prefix, message = output.err[:10], output.err[10:]
        assert prefix == "simastra: "
        return message.rstrip("\n")

    return complain


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--wrkload=x"], "unknown option '--wrkload'; did you mean '--workload'?"),
        (["--wrkload", "x"], "unknown option '--wrkload'; did you mean '--workload'?"),
        (["--num-queues", "2"], "unknown option '--num-queues'; did you mean '--num-queues-per-"),
        (["--xyzzy"], "unknown option '--xyzzy'; see simastra run --help"),
        (["-q"], "unknown option '-q'; did you mean '--quiet'?"),
        (["-x"], "unknown option '-x'; see simastra run --help"),
        (["wl"], "unexpected 'wl': all that simastra run takes are options"),
        (["--compat"], "--compat: needs a value"),
        (["--json="], "--json: needs a value, which is empty here"),
        (["--quiet=yes"], "--quiet: takes no value, but has 'yes'"),
        (["--num-queues-per-dim=1.5"], "--num-queues-per-dim: must be a whole number, not '1.5'"),
        (["--num-queues-per-dim=1_0"], "--num-queues-per-dim: must be a whole number, not '1_0'"),
        (
            ["--num-queues-per-dim=" + 19 * "9"],
            "--num-queues-per-dim: must be a whole number of 18",
        ),
        (["--num-queues-per-dim=0"], "--num-queues-per-dim: must be from 1 to 1024, not 0"),
        (["--injection-scale=fast"], "--injection-scale: must be a number, not 'fast'"),
        (["--injection-scale=nan"], "--injection-scale: must be a number, not 'nan'"),
        (["--injection-scale=-1"], "--injection-scale: must be a number from 0 to 1e+09, not -1.0"),
        (["--comm-scale=x"], "--comm-scale: must be a number, not 'x'"),
        (["--rendezvous-protocol=2"], "--rendezvous-protocol: must be true, false, 1 or 0, not "),
        (["--compat=hoti"], "--compat: unknown dialect 'hoti'; did you mean 'hoti2024'?"),
        (["--network-backend=congestion_aware"], "--network-backend: unknown backend 'congestion_"),
        (["--workload=wx"], "wx.0.et: the file does not exist."),
        (["--system=no.json"], "no.json: file not found"),
        (["--network", "no.yml"], "no.yml: file not found"),
        (["--memory=no.json"], "no.json: file not found"),
        (["--comm-groups=Empty"], "Empty: file not found"),
        (["--network=sys.json"], "sys.json: this is a system configuration, not a network conf"),
        (["--json=-"], "--json: stdout isn't a file to be replaced; name a file"),
        (["--json=."], "--json: . isn't a regular file; name a file"),
        (["--json=/dev/null"], "--json: /dev/null isn't a regular file; name a file"),
        (["--json=sys.json"], "--json: sys.json is an input; name another file"),
        (["--json=a\0b"], "--json: a\\x00b can't be written: embedded null byte"),
        (["--json=" + 300 * "x"], "--json: " + 300 * "x" + " can't be written: File name too long"),
    ],
)
def test_a_wrong_run_says_what_is_wrong(
    complaint: Complain, words: list[str], message: str
) -> None:
    said = complaint(*words)
    assert said.startswith(message)
    assert len(said.splitlines()) == 1


def test_the_folder_of_the_json_must_exist(complaint: Complain, ring: Inputs) -> None:
    folder = ring.folder.resolve() / "no"
    assert complaint("--json=no/out.json") == (
        f"--json: there is no folder {folder} to put out.json in; make it first"
    )


def test_check_finds_what_run_finds(complaint: Complain, ring: Inputs) -> None:
    ring.system(all_reduce_implementation=["rong"])
    message = "sys.json: all-reduce-implementation[0]: unknown algorithm 'rong'; did you mean"
    assert complaint(verb="check").startswith(message)
    assert complaint(verb="run").startswith(message)


def test_check_does_not_take_what_only_a_run_does(complaint: Complain) -> None:
    message = "unknown option '--json'; see simastra check --help"
    assert complaint("--json=out.json", verb="check") == message


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rnu"], "unknown command 'rnu'; did you mean 'run'?"),
        (["--workload=wl"], "--system, --network are required; see"),
        (["--xyzzy", "wl"], "'--xyzzy' stands where a command is wanted, one of run, check"),
        (["run"], "--workload, --system, --network are"),
        (["run", "--workload=a", "--network=b"], "--system is required; see --help"),
        (["schemas", "x"], "unexpected 'x': all that simastra schemas takes are options"),
        (["schemas", "--output=/dev/null/x"], "--output: /dev/null/x can't be made a folder: "),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert main(words) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"simastra: {message}")
    assert len(output.err.splitlines()) == 1


def test_nothing_at_all_shows_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert all(command.summary in output.err for command in COMMANDS.values())


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_shows_the_commands(capsys: pytest.CaptureFixture[str], word: str) -> None:
    assert main([word]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert all(command.summary in output.out for command in COMMANDS.values())


def single_commands() -> dict[str, Command]:
    """Every verb that takes options, by the words that name it."""
    found: dict[str, Command] = {}
    for name, verb in COMMANDS.items():
        if isinstance(verb, CommandGroup):
            found |= {f"{name} {word}": command for word, command in verb.commands.items()}
        else:
            found[name] = verb
    return found


@pytest.mark.parametrize("verb", single_commands())
def test_a_commands_help_names_its_options(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    assert main([*verb.split(), "--nonsense", "--help"]) == 0
    output = capsys.readouterr()
    parser = single_commands()[verb].parser(verb)
    assert output.out.startswith(f"usage: simastra {verb} ")
    assert output.err == ""
    assert len(parser._option_string_actions) >= 2  # -h, --help and whatever it has
    assert all(option in output.out for option in parser._option_string_actions)


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    name, number = capsys.readouterr().out.split()
    assert name == "simastra"
    assert number[0].isdigit()


@pytest.mark.parametrize("wanted", ["", "1"])
def test_a_bug_is_reported_and_its_traceback_shown_if_wanted(tmp_path: Path, wanted: str) -> None:
    code = (
        "import sys; from simastra.cli import Command; "
        "from simastra.cli.dispatch import carry_out; "
        "bug = Command('', '', '', lambda parser: None, lambda arguments: 1 // 0); "
        "sys.exit(carry_out(['bug'], {'bug': bug}))"
    )
    process = subprocess.run(
        python("-c", code),
        cwd=tmp_path,
        env=environment({"SIMASTRA_TRACEBACK": wanted}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (process.returncode, process.stdout) == (70, "")
    if wanted:
        assert process.stderr.startswith("simastra: internal error:\nTraceback")
        assert process.stderr.endswith("ZeroDivisionError: integer division or modulo by zero\n")
    else:
        assert process.stderr == (
            "simastra: internal error: ZeroDivisionError: integer division or modulo by zero; "
            "run with SIMASTRA_TRACEBACK=1 for the traceback\n"
        )


OPTIONS = [
    option
    for option in single_commands()["run"].parser("run")._option_string_actions
    if option not in {"-h", "--help", "--json"}
]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(OPTIONS),
            st.text(max_size=8),
            st.builds("{}={}".format, st.sampled_from(OPTIONS), st.text(max_size=8)),
        )
    )
)
def test_no_command_line_breaks_it(words: list[str]) -> None:
    # A prefix and files that don't exist: whatever the rest says, nothing can be run.
    none = ["--workload=/no/wl", "--system=/no/sys", "--network=/no/net"]
    stdout, stderr = io.StringIO(), io.StringIO()
    with redirect_stdout(stdout), redirect_stderr(stderr):
        code = main(["run", *words, *none])
    assert (code, stdout.getvalue()) == (2, "")
    assert stderr.getvalue().startswith("simastra: ")


@given(
    queues=st.integers(1, 1024),
    scale=st.floats(0, 1e6),
    rendezvous=st.booleans(),
    path=st.text(min_size=1).filter(lambda path: not path.startswith("-")),
)
def test_equals_sign_and_space_mean_the_same(
    queues: int, scale: float, path: str, *, rendezvous: bool
) -> None:
    values = {
        "--workload": path,
        "--system": path,
        "--network": path,
        "--num-queues-per-dim": str(queues),
        "--injection-scale": repr(scale),
        "--rendezvous-protocol": str(rendezvous).lower(),
    }
    parser = single_commands()["run"].parser("run")
    joined = parser.read([f"{option}={value}" for option, value in values.items()])
    apart = parser.read([word for pair in values.items() for word in pair])
    assert joined is not None
    assert apart is not None
    inputs = read_inputs(joined)
    assert inputs == read_inputs(apart)
    assert (inputs.workload, inputs.system, inputs.network) == (path, path, path)
    assert inputs.options == Options(
        queues_per_dimension=queues, injection_scale=scale, rendezvous=rendezvous
    )


def test_python_refuses_what_the_command_line_refuses() -> None:
    with pytest.raises(OptionError, match="queues_per_dimension: must be from 1 to 1024, not 0"):
        Options(queues_per_dimension=0)
