"""The full screen, driven by Textual's own pilot: keys and commands change what the panes show."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hangs import stuck_behind_a_receive
from machines_seen import incast, two_npus
from support.machines import network, system
from textual.pilot import Pilot
from textual.widgets import RichLog, Static

from simastra import Simulation, TraceBuilder
from simastra.debug import Stepper
from simastra.debug.tui.app import DebuggerApp
from simastra.debug.tui.widgets import CommandLine, Pane


class Screen:
    """The app under a pilot."""

    def __init__(self, app: DebuggerApp, stepper: Stepper, pilot: Pilot[None]) -> None:
        self.app, self.stepper, self.pilot = app, stepper, pilot

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, each when what the one before did is done."""
        for key in keys:
            await self.pilot.press(key)
            await self.app.workers.wait_for_complete()

    async def type(self, line: str) -> None:
        """Type a command."""
        await self.press("colon")
        self.app.query_one(CommandLine).value = line
        await self.press("enter", "escape")

    def pane(self, name: str) -> str:
        """What a pane shows."""
        return self.app.query_one(f"#{name}", Pane).text

    @property
    def place(self) -> str:
        """What the line at the top says."""
        return str(self.app.query_one("#place", Static).render())

    @property
    def log(self) -> str:
        """What commands have answered."""
        return "\n".join(line.text for line in self.app.query_one(RichLog).lines)


@pytest.fixture(autouse=True)
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the history goes."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "simastra" / "debug_history"


def on_screen(simulation: Simulation, act: Callable[[Screen], Awaitable[None]]) -> Stepper:
    """Open the screen, act, and leave."""
    stepper = Stepper(simulation)

    async def run() -> None:
        app = DebuggerApp(stepper)
        async with app.run_test(size=(140, 48)) as pilot:
            await act(Screen(app, stepper, pilot))

    asyncio.run(run())
    return stepper


def test_stepping_forward_and_back_changes_all_panes() -> None:
    async def act(screen: Screen) -> None:
        assert screen.place.startswith("[0] at the beginning")
        assert screen.pane("network") == "no message has used a link so far"
        assert "->     1  work before" in screen.pane("trace")
        before = [screen.pane(name) for name in ("network", "npus", "npu", "trace")]
        await screen.press("s", "s", "s")
        assert screen.stepper.position == 3
        assert screen.place.startswith("[3] 2,000 ns  ")
        assert "link 0 -> 1 is free again" in screen.place
        assert "65,536 B 0 -> 1" in screen.pane("network")
        assert "NPU 0 finished node 1" in screen.pane("npus")
        assert "under way since 2,000 ns" in screen.pane("trace")
        assert "->     2  send" in screen.pane("trace")
        assert "NPU 0 has finished 1 of 2 nodes" in screen.pane("npu")
        await screen.press("b", "b", "b")
        assert screen.stepper.position == 0
        assert [screen.pane(name) for name in ("network", "npus", "npu", "trace")] == before

    on_screen(two_npus(), act)


def test_keys_move_as_the_commands_do() -> None:
    async def act(screen: Screen) -> None:
        await screen.press("n")
        assert screen.stepper.position == 2
        await screen.press("f11")
        assert screen.stepper.position == 3
        await screen.press("f9")
        assert screen.stepper.position == 2
        await screen.press("c")
        assert screen.stepper.state.ended
        assert "the makespan is 6,720 ns" in screen.log
        await screen.press("g", "3", "u", "s", "enter")  # the key types the command's first word
        assert screen.stepper.position == 3
        assert "all before 3,000 ns has happened" in screen.log

    on_screen(two_npus(), act)


def test_commands_are_typed_as_at_the_prompt() -> None:
    async def act(screen: Screen) -> None:
        await screen.type("break npu 1")
        assert "breakpoint 1: npu 1" in screen.log
        await screen.press("c")
        assert screen.place.startswith("[2] 0 ns")
        await screen.type("nonsense")
        assert "*** unknown command 'nonsense'" in screen.log
        await screen.press("c")
        assert screen.stepper.position == 5
        await screen.press("r")
        assert screen.stepper.position == 2
        await screen.type("commands 1")
        assert "breakpoint 1, or end" in screen.app.query_one(CommandLine).placeholder
        await screen.type("p 6 * 7")
        await screen.type("end")
        await screen.press("c")
        assert "42" in screen.log.splitlines()

    on_screen(two_npus(), act)


def test_an_empty_line_repeats_and_the_arrows_bring_lines_back(history: Path) -> None:
    async def act(screen: Screen) -> None:
        await screen.press("colon", *"s", "enter", "enter")
        assert screen.stepper.position == 2
        await screen.press(*"p", "space", *"1", "enter", "up", "up")
        assert screen.app.query_one(CommandLine).value == "s"
        await screen.press("down")
        assert screen.app.query_one(CommandLine).value == "p 1"

    on_screen(two_npus(), act)
    assert history.read_text().splitlines() == ["s", "p 1"]


def test_tab_completes_by_the_grammar_and_says_what_words_mean() -> None:
    async def act(screen: Screen) -> None:
        prompt = screen.app.query_one(CommandLine)
        await screen.press("colon", *"tbr", "tab", *"no", "tab", *"RE", "tab")
        assert prompt.value == "tbreak node receive "
        await screen.press("enter")
        assert "temporary breakpoint 1: node receive issued" in screen.log
        await screen.press(*"b", "space", "tab")
        assert prompt.value == "b "
        assert "collective               a chunk begins its phase" in screen.log

    on_screen(two_npus(), act)


def test_a_long_move_is_stopped_and_what_was_typed_ahead_is_dropped() -> None:
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=2**26)
    ring = Simulation(trace, system(), network(("Ring", 256)))  # takes many seconds to its end

    async def act(screen: Screen) -> None:
        await screen.pilot.press("c")
        while screen.stepper.position < 1000:
            await asyncio.sleep(0.01)
        await screen.pilot.press("colon")
        screen.app.query_one(CommandLine).value = "restart"
        await screen.pilot.press("enter")  # typed ahead
        await screen.press("ctrl+c")
        assert "interrupted" in screen.log
        assert screen.stepper.position >= 1000
        await screen.type("goto 5")
        assert screen.stepper.position == 5

    on_screen(ring, act)


def test_another_npu_is_chosen_by_key_or_with_list_and_the_last_event_followed() -> None:
    async def act(screen: Screen) -> None:
        await screen.press("s", "s", "right_square_bracket")
        assert "trace of NPU 1" in screen.pane("trace")
        assert "NPU 1 has finished 0 of 2 nodes" in screen.pane("npu")
        await screen.press("right_square_bracket")
        assert "trace of NPU 0" in screen.pane("trace")
        await screen.press("f")  # the last event was at NPU 1
        assert "trace of NPU 1" in screen.pane("trace")
        await screen.type("list npu 0 send")
        assert "->     2  send" in screen.pane("trace")

    on_screen(two_npus(), act)


def test_queues_are_drawn_beside_their_links() -> None:
    async def act(screen: Screen) -> None:
        await screen.type("break link 8 0 > 3")
        await screen.press("c")
        row = next(line for line in screen.pane("network").splitlines() if "8 -> 0" in line)
        assert row.split()[-2:] == ["■■■■", "4"]
        assert "65,536 B 1 -> 0" in row

    on_screen(incast(), act)


def test_the_bar_of_a_link_is_the_part_of_the_time_in_which_it_was_busy() -> None:
    async def act(screen: Screen) -> None:
        await screen.type("end")
        row = next(line for line in screen.pane("network").splitlines() if "0 -> 1" in line)
        assert row.split()[3:6] == ["█░░░░░░░", "18.2", "%"]  # 1,220 of 6,720 ns

    on_screen(two_npus(), act)


def test_a_hang_is_explained_beside_its_npu() -> None:
    async def act(screen: Screen) -> None:
        await screen.press("c", "right_square_bracket")
        assert "deadlock" in screen.log
        assert "NPU 0 has no send to NPU 1 that matches" in screen.pane("npu")

    on_screen(stuck_behind_a_receive().simulation, act)


def test_it_is_dark_or_light_and_left_with_the_stepper_where_it_was() -> None:
    async def act(screen: Screen) -> None:
        assert screen.app.current_theme.dark
        await screen.press("d")
        assert not screen.app.current_theme.dark
        assert screen.place.startswith("[0]")
        await screen.press("s", "d")
        assert screen.app.current_theme.dark
        await screen.type("q")

    assert on_screen(two_npus(), act).position == 1


def test_it_fits_a_small_terminal() -> None:
    async def run() -> None:
        app = DebuggerApp(Stepper(two_npus()))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("s")
            await app.workers.wait_for_complete()
            await pilot.pause()
            heights = [app.query_one(f"#{name}").size.height for name in ("trace", "log", "prompt")]
            assert min(heights) >= 1
            assert app.query_one(CommandLine).region.bottom <= 24

    asyncio.run(run())
