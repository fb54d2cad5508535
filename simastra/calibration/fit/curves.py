"""Which curves a fit makes: those measured, those of a node's usual numbers, those asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simastra.calibration.document import Curve, GpuSystem
from simastra.trace import CollectiveType

from .gathered import Times
from .grid import CurveAsked, curve
from .library import KINDS
from .model import CurveModel


@dataclass(frozen=True, slots=True, eq=False)
class FittedCurves:
    """What one model says.

    Attributes:
        model: the model.
        measured: all times that it was made from, and those that were thinned out.
        by_kind: its curves.
    """

    model: CurveModel
    measured: Times
    by_kind: Mapping[CollectiveType, Sequence[Curve]]


def curves_inside(
    model: CurveModel, measured: Times, system: GpuSystem, npus: Sequence[int]
) -> FittedCurves:
    """Those of one node; of what is asked for, whatever fits into it."""
    asked = {it for it in npus if 1 < it <= system.gpus_per_node}
    counts = {it.npus for it in measured} | _usual(system.gpus_per_node) | asked
    kinds = {it.kind for it in measured} | set(KINDS if model.evidence.tables and counts else ())
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


def curves_across(model: CurveModel, measured: Times, per_node: float) -> FittedCurves:
    """Those of several nodes, with as many NPUs of each: only those that were measured.

    A process of few numbers of nodes knows nothing of hops between others; the datasheet's formula,
    times what the nearest curve deviates from it, is better (simastra.calibration.several_nodes).
    """
    by_kind = {
        kind: [
            curve(model, CurveAsked(kind, count, round(count / per_node)))
            for count in sorted({it.npus for it in measured if it.kind is kind})
        ]
        for kind in sorted({it.kind for it in measured})
    }
    return FittedCurves(model, measured, by_kind)
