"""What no shortcut understands. Each rule answers with the reason against it, or None."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from simastra.collectives import RingSymmetry
from simastra.network import Queueing
from simastra.simulation.experiment import Experiment
from simastra.simulation.promised import ring_symmetry

from .communication_signatures import CommunicationSignatures

Rule: TypeAlias = Callable[[Experiment, CommunicationSignatures], str | None]


def unknown_backend(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    """Where messages wait for each other is known."""
    if experiment.platform.backend.queueing is None:
        return f"nothing is known about the network backend {experiment.platform.options.backend!r}"
    return None


def further_limits(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    """Where messages share links, nothing else limits them."""
    platform = experiment.platform
    told = platform.backend_options
    shares = platform.backend.queueing is Queueing.SHARED
    if shares and told is not None and told != type(told)():
        return f"the network backend {platform.options.backend!r} is told further limits"
    return None


def handshakes(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    """Messages go without a handshake before them."""
    return "messages are preceded by handshakes" if experiment.platform.options.rendezvous else None


def custom_collectives(experiment: Experiment, signatures: CommunicationSignatures) -> str | None:
    """No collective is played from ETs."""
    custom = experiment.platform.custom
    played = any(custom.plays(it.kind) for it in signatures.collectives)
    return "a collective is played from ETs" if played else None


def uneven_collectives(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    """The parts of every collective are equal."""
    return "the parts of a collective differ in size" if experiment.is_uneven else None


def shared_memory(experiment: Experiment, signatures: CommunicationSignatures) -> str | None:
    """No NPU waits for another at remote memory."""
    shared = experiment.platform.shares_memory and signatures.uses_memory
    return "NPUs queue for remote memory" if shared else None


def uneven_memory(experiment: Experiment, signatures: CommunicationSignatures) -> str | None:
    """Remote memory takes every NPU as long."""
    uneven = experiment.platform.prefers_npus and signatures.uses_memory
    return "remote memory may serve one NPU faster than another" if uneven else None


def unknown_algorithms(experiment: Experiment, signatures: CommunicationSignatures) -> str | None:
    """To no algorithm it matters which NPUs the members are."""
    for operation in signatures.collectives:
        for algorithm in experiment.platform.algorithms(operation.kind):
            if ring_symmetry(algorithm) is RingSymmetry.NONE:
                return f"nothing is known about the algorithm {algorithm.name}"
    return None


def happenings(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    """Nothing happens at a time that a scenario says."""
    reason = "the scenario has events, which happen in a run event by event"
    return reason if experiment.has_events else None


def own_systems(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    """All NPUs are built alike."""
    return "some NPUs have systems of their own" if experiment.platform.own_systems else None


PLAIN_RULES: tuple[Rule, ...] = (
    unknown_backend,
    further_limits,
    handshakes,
    custom_collectives,
    uneven_collectives,
    shared_memory,
    happenings,
)
"""Hold for every shortcut."""
