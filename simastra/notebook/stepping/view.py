"""The widget: its buttons move the stepper, and it shows where that has come to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simastra.debug import AtEvent, CommandError, Stepper, Stop
from simastra.debug.prompt.commands import carry_out
from simastra.debug.prompt.screen import Screen
from simastra.debug.prompt.session import Session
from simastra.errors import DeadlockError, SimastraError
from simastra.simulation import Simulation
from simastra.units import Ns

from .controls import Controls, make_controls
from .picture import legend_html, state_svg
from .shown import answer_html, network_html, npu_html, npus_html, stop_html

_ALL, _ONE, _NETWORK = "NPUs", "this NPU", "links and messages"


class SteppingView:
    """Buttons, a slider over time, and the state of NPUs and links; a notebook shows it as a value.

    Breakpoints are set on `stepper`, or by a command of the debugger's prompt in the line below.

    Args:
        simulation: what is stepped through.

    Attributes:
        stepper: what the buttons move. After moving it otherwise, call `refresh`.
        controls: the widgets.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.stepper = Stepper(simulation)
        npus, end = simulation.network.npus, _end(simulation)
        self.controls: Controls = make_controls(npus, end, (_ALL, _ONE, _NETWORK))
        self._answers: list[str] = []
        screen = Screen(self._answers.append, lambda: _COLUMNS, colour=False)
        self._session = Session(self.stepper, screen)
        self._stop: Stop | None = None
        self._is_showing = False
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show the state in which the stepper is now."""
        position = self.stepper.position
        self._show(self.stepper.go_to(position))

    def _connect(self) -> None:
        stepper, controls = self.stepper, self.controls
        moves: dict[str, Callable[[], Stop | None]] = {
            "restart": lambda: stepper.go_to(0),
            "back": stepper.back,
            "back_npu": lambda: stepper.back_to(AtEvent(controls.npu.value)) or stepper.go_to(0),
            "step": stepper.step,
            "tick": stepper.tick,
            "npu": lambda: stepper.next_of(controls.npu.value),
            "issued": stepper.next_issued,
            "finished": stepper.next_finished,
            "resume": stepper.resume,
            "finish": stepper.finish,
        }
        for name, button in controls.buttons.items():
            button.on_click(lambda _, move=moves[name]: self._move(move))
        controls.time.observe(self._time_chosen, names="value")
        controls.npu.observe(lambda _: self.refresh(), names="value")
        controls.command.observe(self._command_given, names="value")

    def _move(self, move: Callable[[], Stop | None]) -> None:
        """Carry out a move and show where it ended."""
        try:
            stop = move()
        except SimastraError as error:  # nothing has changed then
            self.controls.answer.value = answer_html(f"{error}", is_wrong=True)
            return
        self.controls.answer.value = ""
        if stop is not None:
            self._show(stop)

    def _time_chosen(self, change: Any) -> None:
        if not self._is_showing:
            time = change["new"]
            self._move(lambda: self.stepper.go_to_time(time))
            self._set_slider(time)  # until when nothing happens, or it could not be moved on

    def _command_given(self, change: Any) -> None:
        line = change["new"]
        if not line.strip():
            return
        self._answers.clear()
        wrong = ""
        try:
            carry_out(self._session, line)
        except CommandError as error:
            wrong = f"{error}"
        self.controls.command.value = ""
        self.refresh()
        answered = answer_html("\n".join(self._answers))
        self.controls.answer.value = answered + answer_html(wrong, is_wrong=True)

    def _show(self, stop: Stop) -> None:
        state, controls = self.stepper.state, self.controls
        npu = controls.npu.value
        controls.place.value = stop_html(stop, self.stepper)
        controls.network.value = state_svg(state) + legend_html()
        controls.pages[_ALL].value = npus_html(state)
        controls.pages[_ONE].value = npu_html(state, npu)
        controls.pages[_NETWORK].value = network_html(state)
        self._set_slider(stop.time)

    def _set_slider(self, time: Ns) -> None:
        slider = self.controls.time
        self._is_showing = True  # it follows, and moves nothing itself
        try:
            slider.value = min(time, slider.max)
        finally:
            self._is_showing = False

    def _repr_mimebundle_(self, **settings: Any) -> Any:
        return self.controls.box._repr_mimebundle_(**settings)


def step_through(simulation: Simulation) -> SteppingView:
    """Step through a simulation in a notebook, with buttons.

    Args:
        simulation: what is stepped through.
    """
    return SteppingView(simulation)


_COLUMNS = 110  # of the lines that a command answers with


def _end(simulation: Simulation) -> Ns:
    """When the simulation ends, or stands still."""
    try:
        return max(simulation.run().makespan, 1)
    except DeadlockError as error:
        return max(error.time or 0, 1)
