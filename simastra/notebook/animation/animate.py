"""The way in: a simulation becomes an animation."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from simastra.errors import DeadlockError, OptionError
from simastra.report.run_records import RunRecorder
from simastra.simulation import Simulation
from simastra.writing import WriteError, write_file

from .film import film
from .page import frame, page
from .payloads import Payloads

_MOST_FLIGHTS = 20_000


@dataclass(frozen=True, slots=True)
class Animation:
    """A moving picture; a notebook shows it where it is a cell's value.

    Attributes:
        html: the whole of it, a file for a browser.
    """

    html: str

    def save(self, path: Path | str) -> None:
        """Write the HTML file, whole or not at all.

        Raises:
            OptionError: the file can't be written.
        """
        try:
            write_file(path, self.html.encode())
        except WriteError as error:
            raise OptionError("output", str(error)) from None

    def _repr_html_(self) -> str:
        return frame(self.html)


def animate(simulation: Simulation, *, node: int | None = None, seconds: float = 12.0) -> Animation:
    """Play messages on the links of a simulation's topology, and what each NPU has received.

    A dot is a message, from the moment its first byte leaves a device until its last byte is at
    the next one. It has the number and the colour of the block that it carries, and is full by as
    much as the block's sum is complete: a quarter, if two of eight NPUs have contributed. An NPU is
    green by as much as it has received of all that it gets. The simulation is run, event by event;
    one that hangs is played up to there. Of very many messages the first 20,000 are played, and it
    says so.

    Args:
        simulation: what is played.
        node: id of the ET node of a collective that is played; the whole simulation by default.
        seconds: how long it takes to play.

    Raises:
        OptionError: `seconds` isn't positive, or no NPU has such a collective.
    """
    if not seconds > 0:
        raise OptionError("seconds", f"must be larger than 0, not {seconds}")
    recorder, payloads = RunRecorder(simulation), Payloads(simulation)
    with suppress(DeadlockError):
        simulation.run(probes=[recorder, payloads])
    records = recorder.records()
    if node is not None and all(it.node != node for it in records.phases.records):
        raise OptionError("node", f"no collective with the node id {node} has begun")
    played = film(simulation, records, node, _MOST_FLIGHTS, payloads.sent)
    return Animation(page(played, simulation.network, seconds))
