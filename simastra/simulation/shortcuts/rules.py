"""What no shortcut understands. Each rule answers with the reason against it, or None."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.network import BACKENDS
from simastra.simulation.scenario import Scenario
from simastra.workload import CollectiveOperation, MemoryOperation, Operation, Program

Rule: TypeAlias = Callable[[Scenario], str | None]


def own_backend(scenario: Scenario) -> str | None:
    """The network backend is one of simastra's own."""
    options = scenario.platform.options
    if options.tables.backends[options.backend] is not BACKENDS.get(options.backend):
        return f"nothing is known about the network backend {options.backend!r}"
    return None


def handshakes(scenario: Scenario) -> str | None:
    """Messages go without a handshake before them."""
    return "messages are preceded by handshakes" if scenario.platform.options.rendezvous else None


def custom_collectives(scenario: Scenario) -> str | None:
    """No collective is played from ETs."""
    custom = scenario.platform.custom
    for operation in collectives(scenario):
        if custom.prefix(operation.collective, operation.node) is not None:
            return "a collective is played from ETs"
    return None


def rooted_collectives(scenario: Scenario) -> str | None:
    """No collective has a root."""
    for operation in collectives(scenario):
        if operation.collective in EXTENDED_COLLECTIVES:
            return f"{operation.collective.name} has a root, which is unlike the other NPUs"
    return None


def shared_memory(scenario: Scenario) -> str | None:
    """No NPU waits for another at remote memory."""
    if not scenario.platform.shares_memory:
        return None
    used = any(isinstance(operation, MemoryOperation) for operation in operations(scenario))
    return "NPUs queue for remote memory" if used else None


PLAIN_RULES: tuple[Rule, ...] = (own_backend, handshakes, custom_collectives, shared_memory)
"""Hold for every shortcut."""


def operations(scenario: Scenario) -> Iterator[Operation]:
    """Those of all different programs."""
    for program in distinct(scenario.programs):
        yield from program.operations


def collectives(scenario: Scenario) -> Iterator[CollectiveOperation]:
    """Those of all different programs."""
    for operation in operations(scenario):
        if isinstance(operation, CollectiveOperation):
            yield operation


def distinct(programs: Sequence[Program]) -> Sequence[Program]:
    """Each program once."""
    return tuple({id(program): program for program in programs}.values())
