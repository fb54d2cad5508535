"""The section ``npus:``: what some NPUs are like, and what happens to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from simastra.config.messages import problem, show
from simastra.config.quantities import either
from simastra.quantities import BANDWIDTH

from .section import ScenarioSection, Speed, Time
from .selectors import Npus


def _own_system(value: object) -> object:
    if isinstance(value, Mapping) or (isinstance(value, str) and value):
        return value
    raise problem(
        "must be a system file, a machine such as @hgx-h100, or keys of a system file that differ, "
        f"not {show(value)}"
    )


_OwnSystem = Annotated[
    str | dict[str, Any],
    BeforeValidator(_own_system),
    WithJsonSchema({"type": ["string", "object"]}),
]
_Rate = Annotated[
    float,
    Field(strict=False, ge=0),
    either(lambda: BANDWIDTH, "GB/s"),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0}),
]


class NpuEntry(ScenarioSection):
    """What some NPUs are like; with `at`, from when, and with `until`, until when."""

    npus: Npus
    """which: an NPU such as 3, NPUs such as 8-15, every 8, group NAME, all, or a list of these"""

    compute: Speed | None = None
    """speed of their computations: 0.5 doubles how long they take, from at to until"""

    system: _OwnSystem | None = None
    """their own system: a file, a machine, or keys of a system file that differ"""

    endpoint_delay: Time | None = None
    """what each packet takes at their endpoint, instead of the system file's endpoint-delay"""

    local_mem_bw: _Rate | None = None
    """bandwidth of their local memory, in GB/s of 10^9 bytes"""

    at: Time | None = None
    """when it happens; from the start if it is left out"""

    until: Time | None = None
    """when it is over; never if it is left out"""

    stop: bool = False
    """whether they stand still, from at to until: nothing goes on there, and they send nothing"""

    resume: bool = False
    """whether all that has begun before and has no end ends at that time"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._check_effects()
        self._check_times()
        return self

    def _check_effects(self) -> None:
        lasting = {
            "system": self.system,
            "endpoint-delay": self.endpoint_delay,
            "local-mem-bw": self.local_mem_bw,
        }
        given = [key for key, value in lasting.items() if value is not None]
        if not given and self.compute is None and not self.stop and not self.resume:
            raise problem(
                "says nothing of these NPUs; write compute, system, endpoint-delay, local-mem-bw, "
                "stop or resume"
            )
        if given and self.is_event:
            raise problem("holds from the start to the end; leave at and until out", key=given[0])
        if self.stop and self.compute is not None:
            raise problem("is beside stop: who stands still has no speed", key="compute")
        if self.resume and (self.stop or self.compute is not None):
            raise problem("is beside what begins; give each an entry of its own", key="resume")
        if self.is_event and self.compute is not None and self.compute > 1:
            text = f"must be at most 1 in an event, not {float(self.compute):g}"
            raise problem(f"{text}; a faster NPU is one from the start, without at", key="compute")

    def _check_times(self) -> None:
        if self.resume and (self.at is None or self.until is not None):
            raise problem("needs at, and no until", key="resume")
        if self.stop and self.at is None and self.until is None:
            raise problem("needs at: an NPU that never runs is none", key="stop")
        if self.until is not None and self.until <= (self.at or 0):
            raise problem(f"must be after at, which is {self.at or 0} ns", key="until")

    @property
    def has_own_system(self) -> bool:
        """Whether it says what their system is, or a part of it."""
        return any(it is not None for it in (self.system, self.endpoint_delay, self.local_mem_bw))

    @property
    def is_event(self) -> bool:
        """Whether it happens at a time, rather than being so from the start to the end."""
        return self.at is not None or self.until is not None or self.stop or self.resume


def npu_entries(value: object) -> object:
    """The entries of a list; or of a mapping whose keys select the NPUs."""
    if not isinstance(value, Mapping):
        return value
    entries = []
    for selected, entry in value.items():
        if not isinstance(entry, Mapping):
            raise problem(
                f"has {show(entry)} for {show(selected)}; write what is different, "
                "as {compute: 0.9}"
            )
        if "npus" in entry:
            raise problem(f"has npus for {show(selected)}, which says already which NPUs are meant")
        entries.append({"npus": selected, **entry})
    return entries
