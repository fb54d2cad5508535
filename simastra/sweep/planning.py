"""Which parallelism trains a model fastest: the study whose points are all that fit on a machine.

What doesn't divide the model, and what needs more memory than an NPU has, is found without running
anything, and counted.

>>> found = planned("llama3-8b", "@hgx-h100:8x2", batch=64)
>>> len(found.divisions) + found.too_large + found.indivisible, found.divisions[0].npus
(42, 16)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import product

from simastra.convert.generate.requests.transformer import TransformerRequest
from simastra.errors import OptionError
from simastra.reading import is_reference
from simastra.transformer import Parallelism, Recompute
from simastra.transformer.memory import stage_memory
from simastra.units import Bytes

from .study import Study

AXIS = "parallelism"
"""The axis of the study: each value is a `Division`."""

SEQUENCES_PER_NPU = 4
"""In a step, where nothing else is said."""

_READY = "@best-parallelism"
_MICRO_BATCHES = (1, 2, 4)
"""Into how many times the pipeline's stages a replica's sequences are cut: the more, the less of
the time stages wait for each other."""


@dataclass(frozen=True, slots=True)
class Division:
    """How a step is shared out.

    Attributes:
        tp: tensor parallelism.
        pp: pipeline parallelism.
        dp: data parallelism.
        micro_batches: into how many each replica's sequences are cut.
        recompute: whether layers are computed again for the backward pass: only where it doesn't
            fit otherwise, since it takes a third more of computing.
    """

    tp: int
    pp: int
    dp: int
    micro_batches: int
    recompute: str = Recompute.NONE.value

    @property
    def npus(self) -> int:
        """For how many NPUs it is."""
        return Parallelism(tp=self.tp, pp=self.pp, dp=self.dp).npus

    @property
    def ideal_bubble(self) -> float:
        """The part of a step for which a stage waits for others, if all else takes no time."""
        return (self.pp - 1) / (self.pp - 1 + self.micro_batches)


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """What is to be run, and what isn't.

    Attributes:
        study: all divisions that fit, as a study.
        divisions: they, in its order.
        capacity: bytes of an NPU's memory; 0 if nobody knows, and everything fits.
        too_large: how many need more.
        indivisible: how many don't divide the model, or the batch.
    """

    study: Study
    divisions: tuple[Division, ...]
    capacity: Bytes
    too_large: int
    indivisible: int


def planned(
    model: str,
    network: str,
    system: str | None = None,
    *,
    batch: int | None = None,
    calibration: str | None = None,
    changes: Mapping[str, str] | None = None,
) -> SweepPlan:
    """Find all divisions of a step of training that fit.

    Args:
        model: its name.
        network: its file, or a machine with its shape, such as ``@hgx-h100:8x4``.
        system: each NPU's file, or a machine; that of the network if it is left out.
        batch: sequences of a step, on all NPUs together; `SEQUENCES_PER_NPU` each by default.
        calibration: whose times collectives, messages and computations take: its file, or the name
            of a ready one; they are simulated, and take what the datasheet says, if it is left out.
        changes: of further keys of `@best-parallelism`, as of `Study.load`.

    Raises:
        InputError: something can't be read or is wrong, or nothing fits.
    """
    asked = {"generate.model": model, "network": network, "system": system or _system_of(network)}
    if calibration is not None:
        asked |= {"calibration": calibration, "generate.calibration": calibration}
    asked |= changes or {}
    first = Study.load(_READY, {**asked, "axes": '{"generate.tp": [1]}', "where": "[]"})
    inputs = first.inputs(first.space.setting(0))
    npus = inputs.network.npus
    sequences = batch or SEQUENCES_PER_NPU * npus
    asked["generate.batch"] = str(sequences)
    base = inputs.workload.request
    assert isinstance(base, TransformerRequest)
    base = base.model_copy(update={"batch": sequences})
    search = _Search(base, inputs.system.local_mem_capacity)
    divisions = tuple(search.fitting(npus))
    if not divisions:
        raise OptionError("model", search.nothing_fits(npus))
    study = Study.load(_READY, {**asked, "axes": _axes(divisions), "where": "[]"})
    return SweepPlan(study, divisions, search.capacity, search.too_large, search.indivisible)


def _system_of(network: str) -> str:
    """The machine that a network is of."""
    if not is_reference(network):
        raise OptionError("system", f"is required, since {network} is a network alone")
    return network


def _axes(divisions: tuple[Division, ...]) -> str:
    fields = TransformerRequest.model_fields
    keys = [f"generate.{fields[name].alias}" for name in asdict(divisions[0])]
    values = [list(asdict(it).values()) for it in divisions]
    return json.dumps({AXIS: {"keys": keys, "values": values}})


@dataclass
class _Search:
    """Looks at all divisions.

    Attributes:
        base: what is asked, but for the division.
        capacity: bytes of an NPU's memory, 0 if nobody knows.
        too_large: how many needed more, so far.
        indivisible: how many didn't divide the model or the batch.
        least: bytes that the one of these needs that needs least.
        why: what was wrong with the first of those.
    """

    base: TransformerRequest
    capacity: Bytes
    too_large: int = 0
    indivisible: int = 0
    least: Bytes | None = None
    why: list[str] = field(default_factory=list)

    def fitting(self, npus: int) -> Iterator[Division]:
        """Those that divide the model and fit."""
        for degrees in _degrees(npus):
            times = _MICRO_BATCHES if degrees.pp > 1 else (_MICRO_BATCHES[0], _MICRO_BATCHES[-1])
            tried = [self._fitting(replace(degrees, micro_batches=it * degrees.pp)) for it in times]
            found = [it for it in tried if it is not None]
            yield from found
            if all(it.recompute != Recompute.NONE.value for it in found):
                yield from self._sequence_by_sequence(degrees, times[-1] * degrees.pp)

    def _sequence_by_sequence(self, degrees: Division, tried: int) -> Iterator[Division]:
        """Micro-batches of one sequence, if that spares what layers would be computed again for."""
        batch = self.base.batch
        if batch is None or batch % degrees.dp or batch // degrees.dp <= tried:
            return
        division = replace(degrees, micro_batches=batch // degrees.dp)
        try:
            needs = self._need(division)
        except OptionError:
            return  # counted already: it doesn't divide the model
        if not self.capacity or needs <= self.capacity:
            yield division

    def _fitting(self, division: Division) -> Division | None:
        needs = []
        for recompute in (Recompute.NONE, Recompute.FULL):
            it = replace(division, recompute=recompute.value)
            try:
                needs.append(self._need(it))
            except OptionError as error:
                self.indivisible += 1
                self.why.append(str(error))
                return None
            if not self.capacity or needs[-1] <= self.capacity:
                return it
        self.too_large += 1
        self.least = min(needs if self.least is None else [self.least, *needs])
        return None

    def _need(self, division: Division) -> Bytes:
        """Bytes of memory of the NPU that needs most."""
        plan = self.base.model_copy(update=asdict(division)).built().plan
        return max(stage_memory(plan, it).total for it in range(plan.pipeline.stages))

    def nothing_fits(self, npus: int) -> str:
        """Say why."""
        model = self.base.model
        if self.least is None:
            return f"{model} can't be divided among {npus} NPUs: {self.why[0]}"
        return (
            f"{model} doesn't fit on {npus} NPUs: however it is divided, one needs "
            f"{self.least:,} bytes, and has {self.capacity:,}; take more of them"
        )


def _degrees(npus: int) -> Iterator[Division]:
    """All there are for so many NPUs, whether or not they divide a model; one micro-batch each."""
    divisors = [it for it in range(1, npus + 1) if npus % it == 0]
    for tp, pp in product(divisors, repeat=2):
        if npus % (tp * pp) == 0:
            yield Division(tp, pp, npus // (tp * pp), micro_batches=1)
