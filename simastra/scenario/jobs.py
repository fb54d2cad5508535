"""The section ``jobs:``: several workloads on one machine."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from simastra.config.messages import problem, show

from .placements import Placed, Placement
from .section import ScenarioSection, Time

MOST_REPEATS = 10_000


def _in_a_line(name: str) -> str:
    if not name.isprintable():
        raise problem(f"must be a line of printable characters, not {show(name)}")
    return name


class JobEntry(ScenarioSection):
    """A workload, where it runs, when it begins, and how often."""

    workload: Annotated[str, Field(min_length=1)]
    """prefix of its trace files, relative to the scenario's folder"""

    name: Annotated[str, Field(max_length=200), AfterValidator(_in_a_line)] = ""
    """what results call it; the prefix without folders if it is left out"""

    npus: Placed = Placement()
    """NPUs in order of its ranks, such as [0, 2, 4-7]; or packed, spread, rail-aligned, random or
    {policy: random, seed: 1}, among those that no job before it has; packed if it is left out"""

    comm_groups: str | None = None
    """its process groups, in its own numbers of NPUs: a file, relative to the scenario's folder"""

    start: Time = 0
    """when it begins"""

    repeat: Annotated[int, Field(ge=1, le=MOST_REPEATS)] = 1
    """how often it runs: on each NPU one run begins when the one before it has ended there"""
