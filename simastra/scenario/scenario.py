"""A scenario on a machine of so many NPUs: who is like what, once selectors have been followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from simastra.units import NpuId, Ns

from .conditions import USUAL, NpuConditions, conditions, without_ends
from .config import ScenarioConfig
from .draws import Draw, drawing
from .jitter import ComputeJitter, Draws, Jitter, MessageJitter
from .messages import MessageDelays

_Draws = TypeVar("_Draws", bound=Draws)


@dataclass(frozen=True, slots=True)
class Scattering(Generic[_Draws]):
    """What is drawn for some NPUs.

    Attributes:
        seed: of the draws.
        npus: whose.
        draws: how.
        folder: that files' paths are relative to.
    """

    seed: int
    npus: frozenset[NpuId]
    draws: _Draws
    folder: Path

    def drawing(self) -> Draw:
        """How numbers are drawn.

        Raises:
            ConfigError: if a file can't be read or is wrong.
        """
        return drawing(self.draws, self.folder)


@dataclass(frozen=True)
class Scenario:
    """What is different from what the other inputs say.

    Attributes:
        config: as it was given.
        npus: what each NPU is like; NPUs that are alike share theirs.
        stops: when NPUs stop for good, where the training is restarted then: of that, and not in
            the step that is simulated, in ns.
        compute: how computations scatter; None where they don't.
        messages: how long messages are held back at their senders; None where they aren't.
    """

    config: ScenarioConfig
    npus: tuple[NpuConditions, ...]
    stops: tuple[Ns, ...] = ()
    compute: Scattering[ComputeJitter] | None = None
    messages: Scattering[MessageJitter] | None = None

    @cached_property
    def changes_npus(self) -> bool:
        """Whether any NPU is unlike what the other inputs say, jitter apart."""
        return any(it != USUAL for it in set(self.npus))

    @cached_property
    def happens(self) -> bool:
        """Whether anything happens at a time, or to messages: what programs alone can't say."""
        if self.messages is not None or self.config.links:
            return True
        return any(it.events for it in set(self.npus))

    @property
    def files(self) -> tuple[str | Path, ...]:
        """Names of further files that it names."""
        return self.config.files

    @cached_property
    def message_delays(self) -> MessageDelays | None:
        """How long messages are held back; None where they aren't.

        Raises:
            ConfigError: if a file can't be read or is wrong.
        """
        told = self.messages
        if told is None:
            return None
        return MessageDelays(told.seed, told.draws.mean, told.drawing())

    def delays_of(self, npu: NpuId) -> MessageDelays | None:
        """The same of an NPU's messages."""
        told = self.messages
        return self.message_delays if told is not None and npu in told.npus else None


def resolved(config: ScenarioConfig, npus: int, groups: Mapping[str, Sequence[NpuId]]) -> Scenario:
    """A scenario on a machine.

    Args:
        config: the scenario.
        npus: so many NPUs there are.
        groups: members of process groups, by name.

    Raises:
        ConfigError: it names an NPU or a group that there isn't, or contradicts itself.
    """
    jitter = config.jitter or Jitter()

    def scattering(key: str, draws: _Draws | None) -> Scattering[_Draws] | None:
        if draws is None:
            return None
        with config.following(f"jitter.{key}.npus"):
            of = frozenset(draws.npus.npus(npus, groups))
        return Scattering(jitter.seed, of, draws, config.folder)

    compute = scattering("compute", jitter.compute)
    messages = scattering("messages", jitter.messages)
    known = conditions(config, npus, groups)
    stops: tuple[Ns, ...] = ()
    if config.restart is not None:
        known, stops = without_ends(known)
    return Scenario(config, known, stops, compute, messages)
