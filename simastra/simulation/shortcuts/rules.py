"""What no shortcut understands. Each rule answers with the reason against it, or None."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.network import BACKENDS
from simastra.simulation.scenario import Scenario
from simastra.workload import MemoryOperation

from .contacts import Contacts

Rule: TypeAlias = Callable[[Scenario, Contacts], str | None]


def own_backend(scenario: Scenario, _contacts: Contacts) -> str | None:
    """The network backend is one of simastra's own."""
    options = scenario.platform.options
    if options.tables.backends[options.backend] is not BACKENDS.get(options.backend):
        return f"nothing is known about the network backend {options.backend!r}"
    return None


def handshakes(scenario: Scenario, _contacts: Contacts) -> str | None:
    """Messages go without a handshake before them."""
    return "messages are preceded by handshakes" if scenario.platform.options.rendezvous else None


def custom_collectives(scenario: Scenario, contacts: Contacts) -> str | None:
    """No collective is played from ETs."""
    custom = scenario.platform.custom
    played = any(custom.plays(kind.collective) for kind in contacts.collectives)
    return "a collective is played from ETs" if played else None


def rooted_collectives(_scenario: Scenario, contacts: Contacts) -> str | None:
    """No collective has a root."""
    for operation in contacts.collectives:
        if operation.collective in EXTENDED_COLLECTIVES:
            return f"{operation.collective.name} has a root, which is unlike the other NPUs"
    return None


def shared_memory(scenario: Scenario, contacts: Contacts) -> str | None:
    """No NPU waits for another at remote memory."""
    if not scenario.platform.shares_memory:
        return None
    used = any(isinstance(kind, MemoryOperation) for kind in contacts.examples)
    return "NPUs queue for remote memory" if used else None


PLAIN_RULES: tuple[Rule, ...] = (own_backend, handshakes, custom_collectives, shared_memory)
"""Hold for every shortcut."""
