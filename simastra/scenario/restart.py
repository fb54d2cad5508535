"""The section ``restart:``: checkpoints, failures and restarts of a long training."""

from __future__ import annotations

from math import ceil
from typing import Annotated, Self

from pydantic import Field, WithJsonSchema, model_validator

from simastra.config.messages import problem
from simastra.config.quantities import either
from simastra.quantities import BANDWIDTH, SIZE
from simastra.units import Ns

from .section import ScenarioSection, Seed, Time

_Size = Annotated[
    float,
    Field(strict=False, ge=0, le=1e18),
    either(lambda: SIZE, "B"),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0}),
]
_Bandwidth = Annotated[
    float,
    Field(strict=False, gt=0, le=1e9),
    either(lambda: BANDWIDTH, "GB/s"),
    WithJsonSchema({"type": ["number", "string"], "exclusiveMinimum": 0}),
]


class Restart(ScenarioSection):
    """A training of many steps, each as long as the simulated one, that fails now and then."""

    interval: Time
    """how long is trained between two checkpoints"""

    mtbf: Time
    """mean time between failures of the whole cluster, which come at random (exponentially)"""

    restart_time: Time
    """from a failure to the training's going on at the last checkpoint"""

    write_time: Time | None = None
    """what it takes to write a checkpoint; or bytes and bandwidth"""

    bytes: _Size | None = None
    """size of a checkpoint"""

    bandwidth: _Bandwidth | None = None
    """at which a checkpoint is written, in GB/s of 10^9 bytes"""

    steps: Annotated[int, Field(ge=1, le=10**12)] | None = None
    """steps of the whole training; as many as fill a hundred failures if it is left out"""

    seed: Seed = 0
    """of the times of failures"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        by_bytes = self.bytes is not None or self.bandwidth is not None
        if self.write_time is None and (self.bytes is None or self.bandwidth is None):
            raise problem("is required, or bytes and bandwidth", key="write-time")
        if self.write_time is not None and by_bytes:
            raise problem("is beside bytes and bandwidth; give only one of them", key="write-time")
        for key in ("interval", "mtbf"):
            if not getattr(self, key):
                raise problem("must be more than 0", key=key)
        return self

    @property
    def writing(self) -> Ns:
        """What it takes to write a checkpoint, in ns."""
        if self.write_time is not None:
            return self.write_time
        return ceil((self.bytes or 0) / (self.bandwidth or 1))
