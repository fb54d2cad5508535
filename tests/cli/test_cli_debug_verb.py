"""``simastra debug``: where commands come from, and what it greets and leaves with."""

import io
import sys
from pathlib import Path

import pytest
from command_line import Inputs

from simastra import TraceBuilder
from simastra.cli import main

WORDS = ("debug", "--workload=wl", "--system=sys.json", "--network=net.yml")


@pytest.fixture(autouse=True)
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, as the current one; its history stays in it."""
    monkeypatch.chdir(ring.folder)
    monkeypatch.setenv("XDG_STATE_HOME", str(ring.folder / "state"))
    return ring.folder


class Typed(io.StringIO):
    """A stdin that passes for a terminal, with nobody at it."""

    def isatty(self) -> bool:
        return True


def debug(monkeypatch: pytest.MonkeyPatch, stdin: object, *words: str) -> int:
    with monkeypatch.context() as given:
        given.setattr(sys, "stdin", stdin)
        return main([*WORDS, *words])


def test_commands_come_from_the_command_line_then_from_stdin_if_it_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin = "p position\np now\n"
    assert debug(monkeypatch, io.StringIO(stdin), "-c", "p 1;; p 2", "-c", "p 3") == 0
    assert capsys.readouterr().out.split() == ["1", "2", "3"]
    assert debug(monkeypatch, io.StringIO(stdin), "-c", "p 1", "-i") == 0
    assert capsys.readouterr().out.split() == ["1", "0", "0"]
    assert debug(monkeypatch, io.StringIO(stdin), "-c", "q", "-i") == 0
    assert capsys.readouterr().out == ""
    assert debug(monkeypatch, io.StringIO(stdin)) == 0
    assert capsys.readouterr().out.split() == ["0", "0"]
    assert debug(monkeypatch, None) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("stdin", "words", "message"),
    [
        ("p 1\n\nnonsense\np 2\n", (), "line 3: unknown command 'nonsense'; known are step"),
        ("", ("-c", "p 1;; nonsense"), "-c 'p 1;; nonsense': unknown command 'nonsense'; known"),
    ],
)
def test_a_wrong_command_is_told_with_where_it_stands(
    stdin: str,
    words: tuple[str, ...],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert debug(monkeypatch, io.StringIO(stdin), *words) == 2
    out, err = capsys.readouterr()
    assert out == "1\n"
    assert err.splitlines()[-1].startswith(f"simastra: {message}")


def test_a_stdin_that_is_no_text_or_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bytes_of_no_text = io.TextIOWrapper(io.BytesIO(b"p 1\n\xff\xfe\n"), encoding="utf-8")
    assert debug(monkeypatch, bytes_of_no_text) == 2
    assert "simastra: standard input can't be read: 'utf-8' codec can't decode" in (
        capsys.readouterr().err
    )

    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: object) -> int:
            raise OSError(5, "Input/output error")

    broken = io.TextIOWrapper(io.BufferedReader(Broken()), encoding="utf-8")
    assert debug(monkeypatch, broken) == 2
    assert "standard input can't be read: [Errno 5] Input/output error" in capsys.readouterr().err


@pytest.mark.parametrize(("npus", "who"), [(1, "1 NPU with 2 nodes"), (2, "2 NPUs with 4 nodes")])
def test_who_types_is_greeted_unless_it_is_to_be_quiet(
    npus: int,
    who: str,
    ring: Inputs,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ring.network(npus)
    for path in ring.folder.glob("wl.*"):
        path.unlink()
    trace = TraceBuilder()
    trace.compute("b", micros=1, after=trace.compute("a", micros=1))
    trace.write("wl", npus)
    assert debug(monkeypatch, Typed()) == 0
    first, *_ = capsys.readouterr().out.splitlines()
    assert first == f"{who}, nothing has happened yet; 'help' lists commands, 'q' leaves"
    assert debug(monkeypatch, Typed(), "--quiet") == 0
    assert who not in capsys.readouterr().out
    assert debug(monkeypatch, io.StringIO()) == 0
    assert who not in capsys.readouterr().out


def test_what_no_terminal_shows_is_a_hundred_columns_wide(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    assert debug(monkeypatch, io.StringIO("c\ntimeline\n")) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert len(last) == 98  # a timeline leaves two columns free


def test_a_hang_is_in_the_exit_code_of_a_script_that_is_there(
    deadlock: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(deadlock.folder)
    assert debug(monkeypatch, io.StringIO("c\n")) == 3
    assert debug(monkeypatch, io.StringIO("c\nback\n")) == 0
    assert debug(monkeypatch, io.StringIO(), "-c", "c") == 3
    assert debug(monkeypatch, io.StringIO(), "-c", "c;; q") == 3
    assert debug(monkeypatch, Typed("c\nq\n")) == 0


def test_warnings_are_told_and_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert debug(monkeypatch, io.StringIO(), "--compute-scale=2") == 0
    assert capsys.readouterr().err.startswith("simastra: notice: --compute-scale: has no effect")
    assert debug(monkeypatch, io.StringIO(), "--compute-scale=2", "--quiet") == 0
    assert capsys.readouterr().err == ""
    assert debug(monkeypatch, io.StringIO("p 1\n"), "--compute-scale=2", "--strict") == 2
    assert capsys.readouterr().out == ""
