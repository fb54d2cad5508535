"""NPUs that did the same: a large run has many, and each kind need be looked at only once."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Hashable, Sequence

from simastra.metrics import node_times
from simastra.result import NodeRecord, Result
from simastra.result.timed_records import node_ids
from simastra.simulation.experiment import Experiment

Likeness = Hashable
"""Equal for NPUs that did the same at the same times."""


def likenesses(experiment: Experiment, result: Result) -> list[Likeness]:
    """Return a likeness for each NPU; where representatives are known, no record is looked at."""
    if result.representative is not None:
        return list(map(result.representative, range(experiment.platform.npus)))
    templates = [id(program.template) for program in experiment.programs]
    uses = Counter(templates)
    found: dict[Hashable, int] = {}
    return [
        found.setdefault(
            (template, _times(result.nodes[npu]) if uses[template] > 1 else None),
            npu,
        )
        for npu, template in enumerate(templates)
    ]


def _times(records: Sequence[NodeRecord]) -> Hashable:
    times = node_times(records)
    ids = node_ids(records)
    return tuple(
        it.tobytes() if isinstance(it, array) else tuple(it)
        for it in (ids, times.issued, times.finished)
    )
