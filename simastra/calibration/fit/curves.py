"""Which curves a fit makes: those measured, those of a node's usual numbers, those asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simastra.calibration.document import Curve, GpuSystem
from simastra.errors import InputError
from simastra.trace import CollectiveType

from .gathered import Times
from .grid import CurveAsked, curve
from .library import KINDS
from .model import Model


@dataclass(frozen=True, slots=True, eq=False)
class FittedCurves:
    """What one model says.

    Attributes:
        model: the model.
        measured: all times that it was made from, and those that were thinned out.
        by_kind: its curves.
    """

    model: Model
    measured: Times
    by_kind: Mapping[CollectiveType, Sequence[Curve]]


def curves_inside(
    model: Model, measured: Times, system: GpuSystem, npus: Sequence[int]
) -> FittedCurves:
    """Those of one node.

    Raises:
        InputError: more NPUs are asked for than a node has.
    """
    for count in npus:
        if not 1 < count <= system.gpus_per_node:
            raise InputError(
                f"--npus: {count} can't be of one node of {system.name}, which has "
                f"{system.gpus_per_node} GPUs; give 2 to {system.gpus_per_node}"
            )
    counts = {it.npus for it in measured} | _usual(system.gpus_per_node) | set(npus)
    kinds = {it.kind for it in measured} | set(KINDS if model.evidence.tables else ())
    return FittedCurves(
        model,
        measured,
        {
            kind: [curve(model, CurveAsked(kind, count)) for count in sorted(counts)]
            for kind in sorted(kinds)
        },
    )


def _usual(gpus: int) -> set[int]:
    """Powers of two in a node, and all of it; none if it has one GPU."""
    powers = {2**it for it in range(1, gpus.bit_length())}
    return powers | ({gpus} if gpus > 1 else set())


def curves_across(
    model: Model, measured: Times, per_node: float, nodes: Sequence[int]
) -> FittedCurves:
    """Those of several nodes, with as many NPUs of each."""
    by_kind = {}
    for kind in sorted({it.kind for it in measured}):
        counts = {it.npus for it in measured if it.kind == kind}
        counts |= {round(per_node * it) for it in nodes if it > 1}
        by_kind[kind] = [
            curve(model, CurveAsked(kind, count, round(count / per_node)))
            for count in sorted(counts)
        ]
    return FittedCurves(model, measured, by_kind)
