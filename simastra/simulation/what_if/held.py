"""Which NPUs of a scenario aren't always at work, and how these are made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simastra.scenario import Hours, NpuEvent, Scenario
from simastra.system import MakeNpu, Npu
from simastra.system.held import HeldNpu
from simastra.units import NpuId


def makers(scenario: Scenario) -> Callable[[NpuId], MakeNpu]:
    """What makes each NPU: the usual one, or one that is held."""
    known: dict[tuple[NpuEvent, ...], Hours] = {}

    def maker(npu: NpuId) -> MakeNpu:
        events, delays = scenario.npus[npu].events, scenario.delays_of(npu)
        if not events and delays is None:
            return Npu
        if events not in known:
            known[events] = Hours(events)
        return partial(HeldNpu, hours=known[events], delays=delays)

    return maker
