"""A scenario on a machine of so many NPUs: who is like what, once selectors have been followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simastra.units import NpuId

from .conditions import USUAL, NpuConditions, conditions
from .config import ScenarioConfig


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is different from what the other inputs say.

    Attributes:
        config: as it was given.
        npus: what each NPU is like; NPUs that are alike share theirs.
    """

    config: ScenarioConfig
    npus: tuple[NpuConditions, ...]

    @property
    def changes_npus(self) -> bool:
        """Whether any NPU is unlike what the other inputs say."""
        return any(it is not USUAL and it != USUAL for it in set(self.npus))

    @property
    def has_npu_events(self) -> bool:
        """Whether anything happens to an NPU at a time."""
        return any(it.events for it in set(self.npus))


def resolved(config: ScenarioConfig, npus: int, groups: Mapping[str, Sequence[NpuId]]) -> Scenario:
    """A scenario on a machine.

    Args:
        config: the scenario.
        npus: so many NPUs there are.
        groups: members of process groups, by name.

    Raises:
        ConfigError: it names an NPU or a group that there isn't, or contradicts itself.
    """
    return Scenario(config, conditions(config, npus, groups))
