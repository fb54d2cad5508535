"""The prompt on a real terminal: what a person types, and what the screen shows."""

import codecs
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from debug_files import Inputs, write_hang, write_ring

from simastra.debug.prompt.commands import COMMANDS

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x07|\r")
PROMPT = "(simastra) "
PATIENCE = 60.0  # seconds until a test gives up: a shared machine is slow now and then
CTRL_C, CTRL_D, TAB, UP = "\x03", "\x04", "\t", "\x1b[A"


# Ctrl-C is a signal only on a terminal that controls the session of the process.
TAKE_TERMINAL = """\
import os, sys
os.close(os.open(os.ttyname(0), os.O_RDWR))
words = [word for word in sys.argv[1:] if word != "--quiet"]
os.execv(words[0], words)
"""


LOOKS = {
    "TERM": "xterm-256color",
    "COLUMNS": "100",
    "LINES": "40",
    "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody here answers where the cursor is
}


def without_menus(inputs: Inputs) -> dict[str, str]:
    """The environment of a Python that has no prompt_toolkit."""
    folder = inputs.folder / "without"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(
        "import sys\nsys.modules['prompt_toolkit'] = None\n"  # which says that there is none
    )
    return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


class Terminal:
    """A terminal with ``simastra debug`` on it.

    Args:
        inputs: what it debugs.
        words: further words of its command line.
        program: Python code to be run in its place.
        has_menus: whether prompt_toolkit is there; readline edits lines otherwise.
    """

    def __init__(
        self, inputs: Inputs, *words: str, program: str | None = None, has_menus: bool = False
    ) -> None:
        self._ours, theirs = pty.openpty()
        command = inputs.command(*words) if program is None else [sys.executable, "-c", program]
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *command],
            cwd=inputs.folder,
            env={**inputs.environment, **LOOKS, **({} if has_menus else without_menus(inputs))},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._shown = ""
        self._decode = codecs.getincrementaldecoder("utf-8")().decode

    def until(self, text: str) -> str:
        """What is shown up to `text`, which is taken off; colours are left out."""
        deadline = time.monotonic() + PATIENCE
        while text not in self._plain():
            self._read(deadline)
        before, _, after = self._plain().partition(text)
        self._shown = after
        return before

    def ask(self, line: str) -> str:
        """Type a line; what is answered to it, up to the next prompt."""
        self.type(f"{line}\n")
        return self.until(PROMPT).partition("\n")[2].strip()

    def type(self, keys: str) -> None:
        """Type some keys."""
        os.write(self._ours, keys.encode())

    def raw(self) -> str:
        """What has been shown and not been taken off, colours included."""
        return self._shown

    def wait(self, seconds: float) -> None:
        """Take in what is shown within so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(time.monotonic() + PATIENCE)

    def leave(self, keys: str = "q\n") -> int:
        """Type what ends it; its exit code."""
        self.type(keys)
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            self._read(deadline)
        return self.process.returncode

    def close(self) -> None:
        """End the process, if it is still there."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)

    def _plain(self) -> str:
        return CONTROL.sub("", self._shown)

    def _read(self, deadline: float) -> None:
        ready, _, _ = select.select([self._ours], [], [], 0.1)
        if ready:
            try:
                self._shown += self._decode(os.read(self._ours, 65536))
            except OSError:  # Linux's word for the end
                if self.process.poll() is None:
                    time.sleep(0.01)
        assert time.monotonic() < deadline, f"the terminal shows {self._shown!r}"


@contextmanager
def terminal(
    inputs: Inputs, *words: str, program: str | None = None, has_menus: bool = False
) -> Iterator[Terminal]:
    """A terminal, which is closed in the end."""
    opened = Terminal(inputs, *words, program=program, has_menus=has_menus)
    try:
        yield opened
    finally:
        opened.close()


def cpu_time(process: int) -> float:
    """Seconds for which a process has been computing."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def ring(tmp_path: Path) -> Inputs:
    return write_ring(tmp_path)


def test_a_session_as_a_newcomer_has_it(ring: Inputs) -> None:
    with terminal(ring) as screen:
        assert "8 NPUs with 8 nodes, nothing has happened yet" in screen.until(PROMPT)
        assert screen.ask("b collective npu 3 step 2") == ("breakpoint 1: collective npu 3 step 2")
        assert "NPU 3 sent 32,768 B to NPU 4" in screen.ask("c")
        assert "8 -> 0" not in screen.ask("links")
        first = screen.ask("s").splitlines()[0]
        second = screen.ask("").splitlines()[0]  # an empty line repeats
        assert _position(second) == _position(first) + 1
        assert screen.ask("bogus") == (
            f"*** unknown command 'bogus'; known are {', '.join(each.name for each in COMMANDS)}"
        )
        assert "the makespan is 117,780 ns" in screen.ask("end")
        assert _position(screen.ask("goto 50us").splitlines()[0]) == 632
        assert screen.leave() == 0


def _position(line: str) -> int:
    match = re.match(r"\[([\d,]+)\]", line)
    assert match
    return int(match[1].replace(",", ""))


def test_colours_are_shown(ring: Inputs) -> None:
    with terminal(ring) as screen:
        screen.until(PROMPT)
        screen.type("w\n")
        while "finished" not in screen.raw():
            screen._read(time.monotonic() + PATIENCE)
        assert "\x1b[1m" in screen.raw()
        screen.until(PROMPT)
        assert screen.leave(CTRL_D) == 0


def test_words_are_completed(ring: Inputs) -> None:
    with terminal(ring) as screen:
        screen.until(PROMPT)
        screen.type(f"tbr{TAB}nod{TAB}GRA{TAB}\n")
        assert "temporary breakpoint 1: node gradients issued" in screen.until(PROMPT)
        assert screen.leave() == 0


def test_readline_says_what_the_words_mean_and_leaves_the_line_as_it_was(ring: Inputs) -> None:
    with terminal(ring) as screen:
        screen.until(PROMPT)
        screen.type(f"tbreak {TAB}{TAB}")
        screen.until("node                     an ET node is issued, or finished")
        screen.until(f"{PROMPT}tbreak ")
        screen.type("npu 3\n")
        assert "temporary breakpoint 1: npu 3" in screen.until(PROMPT)
        assert screen.leave() == 0


def test_history_is_there_in_this_session_and_in_the_next(ring: Inputs) -> None:
    with terminal(ring) as screen:
        screen.until(PROMPT)
        screen.ask("p 6 * 7")
        screen.type(f"{UP}\n")
        assert screen.until(PROMPT).endswith("42\n")
        assert screen.leave() == 0
    with terminal(ring) as screen:
        screen.until(PROMPT)
        screen.type(f"{UP}{UP}\n")  # over the q
        assert screen.until(PROMPT).endswith("42\n")
        assert screen.leave() == 0


def test_ctrl_c_returns_to_the_prompt_from_a_long_run(tmp_path: Path) -> None:
    with terminal(write_ring(tmp_path, npus=256, size=2**26)) as screen:
        screen.until(PROMPT)
        assert screen.ask("tb if position > 1000").startswith("temp")
        assert screen.ask("c").startswith("[1,001]")
        before = cpu_time(screen.process.pid)
        screen.type("end\n")
        while cpu_time(screen.process.pid) < before + 0.3:  # so that it is amid the run
            time.sleep(0.02)
        screen.type(CTRL_C)
        stopped = screen.until(PROMPT)
        assert "interrupted" in stopped
        assert "next: " in stopped
        assert screen.leave() == 0


def test_ctrl_c_at_the_prompt_drops_the_line(ring: Inputs) -> None:
    with terminal(ring) as screen:
        screen.until(PROMPT)
        screen.type("nonsense")
        screen.until("nonsense")
        while PROMPT not in screen.raw():  # readline misses one that comes while it goes to sleep
            screen.type(CTRL_C)
            screen.wait(0.3)
        screen.type("s\n")
        assert "***" not in screen.until("[1] 0 ns")
        assert screen.leave() == 0


def test_a_hang_met_by_a_person_is_no_failure(tmp_path: Path) -> None:
    with terminal(write_hang(tmp_path)) as screen:
        screen.until(PROMPT)
        assert "likely cause: missing send" in screen.ask("c")
        assert "'never sent'" in screen.ask("why 1")
        assert screen.leave(CTRL_D) == 0


def test_commands_before_the_prompt(ring: Inputs) -> None:
    with terminal(ring, "-c", "s 3", "-i") as screen:
        assert "[3] 0 ns" in screen.until(PROMPT)
        assert screen.ask("p position") == "3"
        assert screen.leave() == 0
    with terminal(ring, "-c", "s 3") as screen:
        assert screen.leave("") == 0


PROGRAM = """\
from simastra import Simulation
from simastra.debug.prompt import debug
stepper = debug(Simulation("wl", "sys.json", "net.yml"))
print("left at event", stepper.position)
debug(stepper)
"""


def test_a_python_program_opens_the_prompt_and_goes_on_where_it_was_left(ring: Inputs) -> None:
    with terminal(ring, program=PROGRAM) as screen:
        screen.until(PROMPT)
        assert screen.ask("s 9").startswith("[9] 10 ns")
        screen.type("q\n")
        assert "left at event 9" in screen.until(PROMPT)
        assert screen.ask("s").startswith("[10] 10 ns")
        assert screen.leave() == 0


def test_with_prompt_toolkit_a_menu_says_what_words_mean_and_history_is_shared(
    ring: Inputs,
) -> None:
    with terminal(ring) as screen:  # readline's history, to begin with
        screen.until(PROMPT)
        screen.ask("p 6 * 7")
        assert screen.leave() == 0
    with terminal(ring, has_menus=True) as screen:
        screen.until(PROMPT)
        screen.type(f"break {TAB}")
        assert "an ET node is issued" in screen.until("becomes true")
        screen.type(CTRL_C)
        screen.until(PROMPT)
        screen.type(f"{UP}{UP}\r")  # over the q
        screen.until("\n42")
        assert screen.leave("q\r") == 0
    history = ring.folder / "state" / "simastra" / "debug_history"
    assert history.read_text().splitlines()[-4:] == ["p 6 * 7", "q", "p 6 * 7", "q"]


def test_with_prompt_toolkit_ctrl_c_stops_a_run_and_an_empty_line_repeats(tmp_path: Path) -> None:
    with terminal(write_ring(tmp_path, npus=256, size=2**26), has_menus=True) as screen:
        screen.until(PROMPT)
        screen.type("step 1001\r")
        screen.until("[1,001]")
        screen.until(PROMPT)
        screen.type("\r")
        screen.until("[2,002]")
        screen.until(PROMPT)
        before = cpu_time(screen.process.pid)
        screen.type("end\r")
        while cpu_time(screen.process.pid) < before + 0.5:
            screen.wait(0.05)
        screen.type(CTRL_C)
        screen.until("interrupted")
        screen.until(PROMPT)
        assert screen.leave(CTRL_D) == 0


def test_the_full_screen_opens_moves_and_closes(ring: Inputs) -> None:
    # What is redrawn is only what changes, so what was done is seen by what is saved.
    saved = ring.folder / "saved"
    with terminal(ring, "-c", "tb npu 5", "--tui", has_menus=True) as screen:
        screen.until("trace of NPU 0")
        screen.type("c")
        screen.until("NPU 5 issued node 1")
        screen.type(":break npu 6 ;; save breakpoints saved\r")
        end = time.monotonic() + PATIENCE
        while not saved.exists() and time.monotonic() < end:
            screen.wait(0.1)
        assert saved.read_text().splitlines()[1:] == ["break npu 6"]  # the other has stopped it
        assert screen.leave("quit\r") == 0
