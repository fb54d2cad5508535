"""The full screen: panes that show the state, keys and a line for commands that move it.

Import this only where Textual is installed (the extra `debug`).
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import ClassVar

from rich.text import Text as RichText
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.widgets import Footer, Input, RichLog, Static

from simastra.debug.prompt.commands import carry_out
from simastra.debug.prompt.completion import completions
from simastra.debug.prompt.history import add_to_history, read_history
from simastra.debug.prompt.screen import Screen
from simastra.debug.prompt.session import Session
from simastra.debug.stepper import Stepper
from simastra.errors import SimastraError
from simastra.units import NpuId
from simastra.view.blocks import Text, Tone, plain_lines

from .contents import (
    event_blocks,
    network_blocks,
    npu_blocks,
    npus_blocks,
    place_blocks,
    trace_blocks,
)
from .widgets import PLACEHOLDER, CommandLine, Pane

_BORDERS = 2  # lines of the trace's pane that aren't nodes: headings, how many there are


class DebuggerApp(App[None]):
    """A simulation that is stepped through on the whole terminal.

    Args:
        stepper: the simulation.

    Attributes:
        npu: whose state and trace are shown.
    """

    TITLE = "simastra debug"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        # Keys come before the focused pane, so that what is typed fast isn't taken by the wrong
        # one; at the line for commands they are letters (see `check_action`).
        Binding("s", "press('step')", "step", priority=True),
        Binding("n", "press('next')", "next ns", priority=True),
        Binding("c", "press('continue')", "continue", priority=True),
        Binding("b", "press('back')", "back", priority=True),
        Binding("r", "press('reverse-continue')", "back to break", priority=True),
        Binding("g", "type('goto ')", "goto", priority=True),
        Binding("colon", "type('')", "command", key_display=":", priority=True),
        Binding("left_square_bracket", "other_npu(-1)", "NPU -", key_display="[", priority=True),
        Binding("right_square_bracket", "other_npu(1)", "NPU +", key_display="]", priority=True),
        Binding("f", "follow", "follow", priority=True),
        Binding("d", "toggle_dark", "dark/light", priority=True),
        Binding("q", "leave", "quit", priority=True),
        Binding("escape", "leave_prompt", "keys", priority=True),
        Binding("ctrl+c", "interrupt", "stop", show=False, priority=True),
        Binding("f5", "carry_out('continue')", "continue", show=False, priority=True),
        Binding("f9", "carry_out('back')", "back", show=False, priority=True),
        Binding("f10", "carry_out('next')", "next ns", show=False, priority=True),
        Binding("f11", "carry_out('step')", "step", show=False, priority=True),
    ]

    def __init__(self, stepper: Stepper) -> None:
        super().__init__()
        self.npu: NpuId = 0
        self._stepper = stepper
        self._session = Session(
            stepper, Screen(self._answer, lambda: max(40, self.size.width - 4), colour=True)
        )
        self._last = ""
        self._is_moving = False
        self._ahead: deque[str] = deque()
        """Lines that were typed while it moved."""

    def compose(self) -> ComposeResult:
        """The parts of the screen."""
        yield Static(id="place")
        with Horizontal(id="above"):
            yield Pane("links", "network")
            with Vertical():
                yield Pane("NPUs", "npus")
                yield Pane("NPU", "npu", wraps=True)
        yield Pane("trace", "trace")
        log = RichLog(id="log", wrap=True, markup=False, min_width=1)
        log.border_title = "log"
        yield log
        yield CommandLine(read_history())
        yield Footer()

    def on_mount(self) -> None:
        """Show the beginning; keys move until a command is typed."""
        self.query_one("#trace").focus()
        self.refresh_panes()

    def on_resize(self, _event: Resize) -> None:
        """The trace shows as many nodes as there is room for."""
        self.call_after_refresh(self.refresh_panes)

    def refresh_panes(self) -> None:
        """Show the state in which the simulation is now, unless it is moving."""
        if self._is_moving:
            return
        state, focus = self._stepper.state, self._session.focus
        if focus is not None:
            self.npu = focus.npu
        place = [line for block in place_blocks(state) for line in plain_lines(block)]
        self.query_one("#place", Static).update("  ".join(place))
        self._pane("network").show(network_blocks(state))
        self._pane("npus").show([*event_blocks(state), *npus_blocks(state)])
        self._pane("npu").border_title = f"NPU {self.npu}"
        self._pane("npu").show(npu_blocks(state, self.npu))
        lines = self._pane("trace").size.height - _BORDERS
        index = None if focus is None else focus.index
        self._pane("trace").border_title = f"trace of NPU {self.npu}"
        self._pane("trace").show(trace_blocks(state, self.npu, index, lines))

    def _pane(self, name: str) -> Pane:
        return self.query_one(f"#{name}", Pane)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key does something now: letters don't, where they are typed."""
        if action in _LETTERS:
            return not self._types
        return not (action == "leave_prompt" and not (self._types or self._is_moving))

    @property
    def _types(self) -> bool:
        """Whether a command is being typed, here or on a page above this one."""
        return isinstance(self.focused, Input)

    def action_press(self, line: str) -> None:
        """Carry out the command of a key that is a letter."""
        self.action_carry_out(line)

    def action_leave(self) -> None:
        """Leave."""
        self.exit()

    def action_carry_out(self, line: str) -> None:
        """Carry out a line of commands, beside the screen, which can so stop it."""
        if self._is_moving:
            return
        self._is_moving = True
        self.refresh_bindings()
        self._write(Text(f"(simastra) {line}", Tone.ASIDE))
        self.run_worker(partial(self._carry_out, line), thread=True)

    def _carry_out(self, line: str) -> None:
        try:
            carry_out(self._session, line)
        except SimastraError as error:
            self.call_from_thread(self._write, Text(f"*** {error}", Tone.BAD))
        finally:
            self.call_from_thread(self._has_moved)

    def _has_moved(self) -> None:
        self._is_moving = False
        self.refresh_bindings()
        collected = self._session.collected
        self.query_one(CommandLine).placeholder = (
            PLACEHOLDER
            if collected is None
            else f"a command of breakpoint {collected.number}, or end"
        )
        if self._session.quits:
            self.exit()
            return
        self.refresh_panes()
        if self._ahead:
            self.action_carry_out(self._ahead.popleft())

    def action_type(self, words: str) -> None:
        """Go to the line for commands, with the beginning of one in it."""
        prompt = self.query_one(CommandLine)
        prompt.value = words
        self.screen.set_focus(prompt)
        prompt.cursor_position = len(words)

    def action_leave_prompt(self) -> None:
        """Stop a move that is under way; otherwise let keys move again."""
        self.action_interrupt()
        self.screen.set_focus(self.query_one("#trace"))

    def action_interrupt(self) -> None:
        """Stop a move that is under way, after the present event."""
        self._ahead.clear()
        if self._is_moving:
            self._stepper.interrupt()

    def action_other_npu(self, by: int) -> None:
        """Show the next NPU, or the one before."""
        self._show_npu((self.npu + by) % len(self._stepper.state.npus))

    def action_follow(self) -> None:
        """Show the NPU at which the last event did something."""
        self._show_npu(min(self._stepper.state.concerned, default=self.npu))

    def _show_npu(self, npu: NpuId) -> None:
        self._session.focus = None
        self.npu = npu
        self.refresh_panes()

    def action_toggle_dark(self) -> None:
        """Change between dark and light."""
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Carry out what was typed; an empty line repeats the last."""
        line = event.value.strip()
        prompt = self.query_one(CommandLine)
        prompt.value = ""
        if line:
            prompt.remember(line)
            add_to_history(line)
        if self._session.collected is None:
            self._last = line = line or self._last
        if self._is_moving:
            self._ahead.append(line)
        elif line:
            self.action_carry_out(line)

    def on_command_line_completing(self, _event: CommandLine.Completing) -> None:
        """Complete what is typed, and say what may stand there."""
        if self._is_moving:
            return
        prompt = self.query_one(CommandLine)
        found = completions(prompt.value[: prompt.cursor_position], self._session)
        if not found.offers:
            return
        prompt.take(found)
        if len(found.offers) > 1:
            for offer in found.offers[:_OFFERS]:
                self._write(Text(f"  {offer.shown or offer.text:<24} {offer.meaning}"))

    def _answer(self, text: str) -> None:
        """Show what a command answers; it is carried out beside the screen."""
        self.call_from_thread(self._add_to_log, RichText.from_ansi(text))

    def _write(self, text: Text) -> None:
        self._add_to_log(RichText(text.text, style=text.tone.value))

    def _add_to_log(self, text: RichText) -> None:
        self.query_one(RichLog).write(text, expand=True)


_OFFERS = 20  # that are listed
_LETTERS = frozenset({"press", "type", "other_npu", "follow", "toggle_dark", "leave"})
"""What keys do that are letters elsewhere."""
