"""NPUs that did the same: a large run has many, and each kind need be looked at only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

from simastra.result import NodeRecord, Result
from simastra.simulation.experiment import Experiment
from simastra.units import Ns

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


def _times(records: Iterable[NodeRecord]) -> tuple[tuple[int, Ns, Ns], ...]:
    return tuple([(it.node, it.issued, it.finished) for it in records])
