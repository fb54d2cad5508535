"""The prompt, line by line as a person types them, without a terminal in between."""

import builtins
import os
import readline
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asked import Asked
from machines_seen import two_npus

from simastra.debug import CommandError, Condition, State, Stepper
from simastra.debug.prompt import Screen, Session
from simastra.debug.prompt.commands import COMMANDS
from simastra.debug.prompt.terminal import PROMPT, run_prompt
from simastra.view.blocks import Block, Text, Tone

Line = str | type[BaseException] | Callable[[], str]


class Typist:
    """Types lines at the prompt of a session, and then ends the input.

    Args:
        lines: a line; what happens in place of one; or what is done while it is awaited.
    """

    def __init__(self, *lines: Line) -> None:
        self.pages: list[str] = []
        self.stepper = Stepper(two_npus())
        self.session = Session(self.stepper, Screen(self.pages.append, lambda: 100, colour=False))
        self._lines = iter(lines)

    def type_all(self, patch: pytest.MonkeyPatch) -> list[str]:
        """Type; what is answered."""
        with patch.context() as typed:
            typed.setattr(builtins, "input", self._next)
            run_prompt(self.session)
        return self.pages

    def _next(self, prompt: str) -> str:
        assert prompt == PROMPT
        match next(self._lines, EOFError):
            case str(line):
                return line
            case type() as what:
                raise what
            case act:
                return act()


@pytest.fixture(autouse=True)
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the history goes."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield tmp_path / "state" / "simastra" / "debug_history"
    readline.clear_history()


def test_lines_are_carried_out_until_one_quits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Typist("p 1", "p 2", "q", "p 3").type_all(monkeypatch) == ["1", "2"]


def test_the_end_of_the_input_ends_the_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Typist("p 1").type_all(monkeypatch) == ["1", ""]


def test_an_empty_line_repeats_the_last_command(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Typist("", "s", "", "  ", "p position", "").type_all(monkeypatch)
    assert [page.splitlines()[0] if page else "" for page in pages] == [
        "[1] 0 ns",
        "[2] 0 ns",
        "[3] 2,000 ns",
        "3",
        "3",
        "",
    ]


def test_a_wrong_line_is_told_and_the_prompt_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Typist("nonsens", "p nope", "p 1", "q").type_all(monkeypatch) == [
        f"*** unknown command 'nonsens'; known are {', '.join(each.name for each in COMMANDS)}",
        "*** unknown name 'nope'; known are abs, all, any, concerned, dir, ended, happened, "
        "in_flight, len, link, links, max, min, next_time, now, npu, position, posted_receives, "
        "round, sorted, state, sum, unexpected_messages",
        "1",
    ]


def test_ctrl_c_drops_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Typist(KeyboardInterrupt, "p 1", "q").type_all(monkeypatch) == ["", "1"]


def interrupting(at: int) -> Condition:
    """Ctrl-C is pressed, once, after so many events."""
    waits = [at]

    def press(state: State) -> bool:
        if waits == [state.position]:
            waits.clear()
            os.kill(os.getpid(), signal.SIGINT)
        return False

    return Condition(press)


def test_ctrl_c_ends_a_move_after_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGINT)
    typist = Typist("c", "c", "q")
    typist.stepper.breakpoints.add(interrupting(3))
    first, second = typist.type_all(monkeypatch)
    assert first.startswith("[3] 2,000 ns  interrupted\n")
    assert second.splitlines()[0].endswith("6,720 ns")
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_ends_anything_else_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    typist = Typist("w", "p 1", "q")
    shown = typist.session.screen.show

    def slow(*blocks: Block) -> None:
        if blocks == (Text("[0] at the beginning", Tone.TITLE),):
            os.kill(os.getpid(), signal.SIGINT)
        shown(*blocks)

    monkeypatch.setattr(typist.session.screen, "show", slow)
    assert typist.type_all(monkeypatch) == ["*** interrupted", "1"]


def test_words_are_completed_up_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[list[str | None]] = []

    def press_tab(word: str) -> Callable[[], str]:
        def act() -> str:
            complete = readline.get_completer()
            assert complete is not None
            monkeypatch.setattr(readline, "get_line_buffer", lambda: word)
            monkeypatch.setattr(readline, "get_endidx", lambda: len(word))
            offered.append([complete(word, place) for place in range(4)])
            return "p 1"

        return act

    Typist(press_tab("ti"), press_tab("ste"), press_tab("zz"), "q").type_all(monkeypatch)
    assert offered == [
        ["timeline ", None, None, None],
        ["step ", None, None, None],
        [None, None, None, None],
    ]
    assert readline.get_completer() is None
    assert set(readline.get_completer_delims()) == set(" \t\n;")


def test_history_is_read_and_written(history: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readline.clear_history()

    def remember() -> str:
        readline.add_history("p 42")
        return "q"

    Typist(remember).type_all(monkeypatch)
    assert history.read_text().splitlines()[-1] == "p 42"
    readline.clear_history()
    seen: list[str] = []

    def look() -> str:
        seen.append(readline.get_history_item(readline.get_current_history_length()))
        return "q"

    Typist(look).type_all(monkeypatch)
    assert seen == ["p 42"]


def test_a_home_that_cant_be_written_costs_the_history_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("a file where a folder is wanted")
    assert Typist("p 1", "q").type_all(monkeypatch) == ["1"]


def test_without_a_state_home_it_is_where_xdg_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for home in (None, ""):
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
        if home is not None:
            monkeypatch.setenv("XDG_STATE_HOME", home)
        folder = tmp_path / f"home {home}"
        monkeypatch.setenv("HOME", str(folder))
        Typist("q").type_all(monkeypatch)
        assert (folder / ".local" / "state" / "simastra" / "debug_history").is_file()


@pytest.mark.parametrize(
    "text",
    [
        "[not -" * 193 + "1" + "]" * 193,  # ends Python's parser for want of memory
        "-" * 1900 + "1",
        "+".join("1" * 900),
    ],
)
def test_an_expression_that_is_too_deep_for_anybody_is_one_message(text: str) -> None:
    with pytest.raises(CommandError, match="is nested more than 100 levels deep"):
        Asked(two_npus())(f"p {text}")
