"""``simastra debug`` as a process: scripts, exit codes and messages."""

import os
import subprocess
from pathlib import Path

import pytest
from debug_files import Inputs, run_debug, write_hang, write_ring

RING_MAKESPAN = "117,780 ns"


@pytest.fixture
def ring(tmp_path: Path) -> Inputs:
    return write_ring(tmp_path)


@pytest.fixture
def hang(tmp_path: Path) -> Inputs:
    return write_hang(tmp_path)


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    return done.stdout.splitlines()


def test_commands_of_the_command_line_are_carried_out_in_order(ring: Inputs) -> None:
    done = run_debug(ring, "-c", "b node gra* finished npu 0", "-c", "c;;p now", "-c", "end")
    assert (done.returncode, done.stderr) == (0, "")
    assert lines(done)[0] == "breakpoint 1: node gra* npu 0 finished"
    assert "117780" in lines(done)
    assert lines(done)[-1] == f"the end: all 8 NPUs have finished; the makespan is {RING_MAKESPAN}"


def test_commands_are_read_from_stdin(ring: Inputs) -> None:
    script = "# to the first step of NPU 3\ntb collective npu 3 step 1\n\nc\nq\nnonsense\n"
    done = run_debug(ring, stdin=script)
    assert (done.returncode, done.stderr) == (0, "")
    assert "NPU 3 sent 32,768 B to NPU 4" in done.stdout


def test_nothing_to_do_is_nothing_done(ring: Inputs) -> None:
    done = run_debug(ring, stdin="")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_script_that_comes_to_a_deadlock_exits_with_3(hang: Inputs) -> None:
    done = run_debug(hang, "-c", "c", "-c", "why 1")
    assert done.returncode == 3
    assert "likely cause: missing send" in done.stdout
    assert "'never sent'" in lines(done)[-1]


def test_a_script_that_goes_back_from_it_does_not(hang: Inputs) -> None:
    assert run_debug(hang, "-c", "c;;back").returncode == 0
    assert run_debug(hang, stdin="c\n").returncode == 3


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (("-c", "s", "-c", "contineu"), "", "-c 'contineu': unknown command 'contineu'; did you"),
        ((), "s\nnpu 12\ns\n", "line 2: there is no NPU 12; they are numbered 0 to 7\n"),
        (("-c", ""), "", "-c: needs a value, which is empty here"),
        (("--frob",), "", "unknown option '--frob'"),
    ],
)
def test_a_wrong_command_ends_it_with_2(
    ring: Inputs, words: tuple[str, ...], stdin: str, message: str
) -> None:
    done = run_debug(ring, *words, stdin=stdin)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_stdin_that_is_no_text_is_refused(ring: Inputs) -> None:
    done = run_debug(ring, stdin=b"s\n\xff\xfe\n")
    assert done.returncode == 2
    assert "standard input can't be read" in done.stderr


def test_wrong_inputs_are_told_as_by_run(ring: Inputs) -> None:
    (ring.folder / "sys.json").write_text("{")
    done = run_debug(ring, "-c", "s")
    assert done.returncode == 2
    assert "sys.json" in done.stderr


def test_a_reader_that_goes_away_is_no_error(ring: Inputs) -> None:
    words = " ".join(f"'{word}'" for word in ring.command("-c", "s;;" * 500 + "s"))
    done = subprocess.run(
        ["bash", "-c", f"{words} | head -1; echo ${{PIPESTATUS[0]}}"],
        cwd=ring.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == ("[1] 0 ns\n0\n", "")


def test_the_full_screen_needs_a_terminal(ring: Inputs) -> None:
    done = run_debug(ring, "--tui")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--tui needs a terminal as standard input and output" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_textual_the_full_screen_says_how_to_get_it(
    ring: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ring.folder / "without").mkdir()
    hidden = "import sys\nsys.modules['textual'] = None\n"  # which says that there is none
    (ring.folder / "without" / "sitecustomize.py").write_text(hidden)
    path = os.pathsep.join([str(ring.folder / "without"), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path)
    done = run_debug(ring, "--tui")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the full screen of the debugger needs textual" in done.stderr
    assert "pip install 'simastra[debug]'" in done.stderr
    assert done.stderr.count("\n") == 1
    assert run_debug(ring, "-c", "s").returncode == 0  # nothing else needs it
