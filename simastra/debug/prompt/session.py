"""A debugging session: what the commands act upon."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from simastra.debug.command_error import CommandError
from simastra.debug.stepper import Stepper
from simastra.debug.stop import Stop
from simastra.debug.value_views import value_blocks
from simastra.debug.views import stop_view
from simastra.units import NpuId
from simastra.view.blocks import Block, Text, Tone

from .expression import Expression
from .screen import Screen

SILENT = "silent"
"""As the first of a breakpoint's commands: it stops without a word."""
_MOST_NPUS = 64  # whose links are all listed: of more, those that messages have used


@dataclass(frozen=True, slots=True)
class Focus:
    """The node round which `list` shows the trace: an NPU, and the node's index in its graph."""

    npu: NpuId
    index: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A command that is to be carried out.

    Attributes:
        command: it.
        where: where it stands, for messages; empty for what is being typed.
        depth: how many files have led to it, each by a line of the one before.
        is_breakpoints: whether it is one of a breakpoint's commands.
    """

    command: str
    where: str = ""
    depth: int = 0
    is_breakpoints: bool = False


def parts_of(line: str) -> list[str]:
    """The commands of a line; none of a remark."""
    if line.lstrip().startswith("#"):
        return []
    return [part.strip() for part in line.split(_SEPARATOR) if part.strip()]


_SEPARATOR = ";;"


@dataclass(slots=True)
class Collected:
    """Commands that are being typed for a breakpoint."""

    number: int
    lines: list[str]


class Session:
    """A simulation that is stepped through, and where answers go.

    Args:
        stepper: the simulation.
        screen: where answers go.

    Attributes:
        marks: positions by the names that were given to them.
        displays: expressions that are shown at each stop, by number.
        focus: what `list` shows.
        collected: the breakpoint's commands that are being typed, if any are.
        pending: commands that are to be carried out next.
        depth: how many files have led to the present command, each by a line of the one before.
        quits: whether the session is over.
    """

    def __init__(self, stepper: Stepper, screen: Screen) -> None:
        self.stepper = stepper
        self.screen = screen
        self.marks: dict[str, int] = {}
        self.displays: dict[int, Expression] = {}
        self.focus: Focus | None = None
        self.collected: Collected | None = None
        self.pending: deque[Pending] = deque()
        self.depth = 0
        self.quits = False
        self._displayed = 0

    @property
    def links(self) -> frozenset[tuple[int, int]]:
        """The links that there are, by their ends; in a large network those used so far."""
        if len(self.stepper.state.npus) <= _MOST_NPUS:
            return self._all_links
        return frozenset((link.src, link.dst) for link in self.stepper.state.links)

    @cached_property
    def _all_links(self) -> frozenset[tuple[int, int]]:
        state = self.stepper.state
        platform = state.run.experiment.platform
        if platform.network.graph is not None:
            return frozenset((link.src, link.dst) for link in platform.network.graph.links)
        npus, topology = range(len(state.npus)), platform.topology
        hops = (topology.hops(src, dst) for src in npus for dst in npus if src != dst)
        return frozenset((hop.src, hop.dst) for way in hops for hop in way)

    def show(self, *blocks: Block) -> None:
        """Show an answer."""
        self.screen.show(*blocks)

    def show_stop(self, stop: Stop, *remarks: Block) -> None:
        """Show where a move ended; at the end of the simulation, what came of it.

        What the breakpoints that stopped it have for commands is to be carried out next.
        """
        self.focus = None
        self._replace_commands(stop)
        if [command for hit in stop.hits for command in hit.commands][:1] != [SILENT]:
            self._show_stop(stop, remarks)

    def put_first(self, commands: Iterable[Pending]) -> None:
        """Carry these out before all that is pending."""
        self.pending.extendleft(reversed([*commands]))

    def _replace_commands(self, stop: Stop) -> None:
        """What is left of the commands of the stop before is dropped, as gdb drops it."""
        while self.pending and self.pending[0].is_breakpoints:
            self.pending.popleft()
        if stop.interrupted:
            self.pending.clear()
        self.put_first(
            Pending(part, f"breakpoint {hit.number}", is_breakpoints=True)
            for hit in stop.hits
            for line in hit.commands
            for part in parts_of(line)
            if part != SILENT
        )

    def _show_stop(self, stop: Stop, remarks: tuple[Block, ...]) -> None:
        blocks = [*stop_view(stop), *remarks]
        if stop.ended:
            blocks.append(self._outcome())
        self.show(*blocks)
        self.show_displays()

    def display(self, expression: Expression) -> int:
        """Show an expression at each stop from now on; its number."""
        self._displayed += 1
        self.displays[self._displayed] = expression
        return self._displayed

    def show_displays(self, only: int | None = None) -> None:
        """Show the values of the expressions that are displayed."""
        for number, expression in self.displays.items():
            if only not in {None, number}:
                continue
            try:
                blocks = value_blocks(expression(self.stepper.state))
            except CommandError as error:
                self.show(Text(f"{number}: {error}", Tone.ASIDE))
                continue
            match blocks:
                case [Text(words)]:
                    self.show(Text(f"{number}: {expression.text} = {words}"))
                case _:
                    self.show(Text(f"{number}: {expression.text} ="), *blocks)

    def _outcome(self) -> Text:
        deadlock = self.stepper.deadlock()
        if deadlock is not None:
            return Text(str(deadlock), Tone.BAD)
        npus, makespan = len(self.stepper.state.npus), self.stepper.result().makespan
        who = "the NPU has" if npus == 1 else f"all {npus:,} NPUs have"
        return Text(f"the end: {who} finished; the makespan is {makespan:,} ns", Tone.GOOD)
