"""All that the debugger shows of a simulation at one position, to be compared."""

from dataclasses import dataclass

from simastra.debug import (
    Flight,
    LinkState,
    ModelEvent,
    NpuState,
    State,
    Stepper,
    Unmatched,
)
from simastra.result import Result
from simastra.simulation import Simulation


@dataclass(frozen=True)
class Seen:
    """One position, in full."""

    position: int
    now: int
    upcoming: str
    happened: tuple[ModelEvent, ...]
    npus: tuple[NpuState, ...]
    links: tuple[LinkState, ...]
    in_flight: tuple[Flight, ...]
    posted_receives: tuple[Unmatched, ...]
    unexpected_messages: tuple[Unmatched, ...]


def seen(state: State) -> Seen:
    return Seen(
        position=state.position,
        now=state.now,
        upcoming=state.upcoming,
        happened=tuple(state.happened),
        npus=tuple(state.npu(npu) for npu in range(len(state.npus))),
        links=tuple(state.links),
        in_flight=tuple(state.in_flight),
        posted_receives=tuple(state.posted_receives),
        unexpected_messages=tuple(state.unexpected_messages),
    )


def all_seen(simulation: Simulation) -> list[Seen]:
    """What is seen at every position of a simulation, stepped through once."""
    stepper = Stepper(simulation)
    everything = [seen(stepper.state)]
    while not stepper.state.ended:
        stepper.step()
        everything.append(seen(stepper.state))
    return everything


def plain_result(simulation: Simulation) -> Result:
    """The result of the same simulation run event by event, which nobody steps through."""
    return simulation.run(shortcuts="off")
