"""A state of the stepper as HTML."""

from __future__ import annotations

from simastra.debug import State, Stepper, Stop
from simastra.debug.network_views import links_view, messages_view
from simastra.debug.views import npu_view, npus_view, stop_view
from simastra.units import NpuId
from simastra.view.blocks import Tone, blocks_html, lines_html
from simastra.view.html import Markup, joined, title


def stop_html(stop: Stop, stepper: Stepper) -> str:
    """Where a move ended; at the end of the simulation, what came of it."""
    shown = blocks_html(stop_view(stop))
    if not stop.ended:
        return shown
    deadlock = stepper.deadlock()
    if deadlock is not None:
        return joined(shown, Markup(deadlock._repr_html_()))
    makespan = stepper.result().makespan
    return joined(shown, title(f"the end: all have finished; the makespan is {makespan:,} ns"))


def npus_html(state: State) -> str:
    """All NPUs, a row each."""
    return blocks_html(npus_view(state))


def npu_html(state: State, npu: NpuId) -> str:
    """One NPU: its nodes, units and streams, and what holds it."""
    why = state.run.why(npu)
    return joined(blocks_html(npu_view(state.npu(npu))), title("why"), lines_html(f"{why}"))


def network_html(state: State) -> str:
    """Links that carry something, and messages that are on their way or wait for a match."""
    return blocks_html([*links_view(state.links), *messages_view(state)])


def answer_html(words: str, *, is_wrong: bool = False) -> str:
    """Lines that a command has answered with."""
    return lines_html(words, Tone.BAD if is_wrong else Tone.PLAIN) if words else ""
