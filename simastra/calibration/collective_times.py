"""What a collective takes, whatever its size and members, from the curves and the base of a file.

Where a curve of as many NPUs and nodes was measured, that is it. Otherwise a formula is asked (the
base inside a node, the datasheet across nodes), and what the nearest curves deviate from it, as
logarithms: interpolated in log₂ n between two, and fading beyond them as a Gaussian process does.
"""

import math
from collections.abc import Sequence
from functools import cached_property

from simastra.errors import ConfigError
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import collective_name
from simastra.units import Bytes

from .base import BaseTime, base_time
from .curves import PricedCurve, least_known
from .document import CollectiveSection, Curve, GpuSystem
from .estimate import CollectiveEstimate, Widths
from .priced import Knowledge
from .several_nodes import across_nodes, widths_across_nodes

_FADING = 1.2
"""Of what a curve deviates, in doublings of n (λ of the residual's Gaussian process)."""


class CollectiveTimes:
    """One collective of a file.

    Args:
        kind: which.
        section: what the file knows of it.
        system: whose times they are.
        source: the file, for messages.
    """

    def __init__(
        self, kind: CollectiveType, section: CollectiveSection, system: GpuSystem, source: str
    ) -> None:
        self._kind = kind
        self._section = section
        self._system = system
        self._source = source

    @cached_property
    def _curves(self) -> tuple[PricedCurve, ...]:
        """Without estimates that were written out, which wouldn't follow another adapter."""
        curves = (PricedCurve(it) for it in self._section.curves if not self._is_formula(it))
        return tuple(sorted(curves, key=lambda it: it.npus))

    def _is_formula(self, curve: Curve) -> bool:
        """Whether it says only what the datasheet's formula says across nodes."""
        has_formula = self._section.base is not None and self._system.nic_gb_s is not None
        return has_formula and curve.nodes > 1 and set(curve.situations) == {Knowledge.DATASHEET}

    def estimate(self, size: Bytes, npus: int, nodes: int) -> CollectiveEstimate:
        """What it takes.

        Raises:
            ConfigError: nothing is known of it among so many NPUs or nodes.
        """
        relatives = self._relatives(npus, nodes)
        if not relatives:
            return self._by_formula(size, npus, nodes)
        lower = [it for it in relatives if it.npus <= npus]
        upper = [it for it in relatives if it.npus >= npus]
        if lower and upper:
            return self._between(size, npus, nodes, (lower[-1], upper[0]))
        return self._beyond(size, npus, nodes, (lower or upper)[-1 if lower else 0])

    def _relatives(self, npus: int, nodes: int) -> Sequence[PricedCurve]:
        """Curves inside one node, or of as many members in each node."""
        return [
            it
            for it in self._curves
            if (it.nodes == nodes == 1)
            or (it.nodes > 1 and nodes > 1 and it.npus * nodes == npus * it.nodes)
        ]

    def _by_formula(self, size: Bytes, npus: int, nodes: int) -> CollectiveEstimate:
        formula = self._formula(size, npus, nodes)
        if nodes > 1:
            widths, situation = widths_across_nodes(max(size, 1)), Knowledge.DATASHEET
        else:
            situation = Knowledge.N_BEYOND
            widths = Widths.usual(situation)
        return CollectiveEstimate(formula.total, widths, situation, formula)

    def _between(
        self, size: Bytes, npus: int, nodes: int, pair: tuple[PricedCurve, PricedCurve]
    ) -> CollectiveEstimate:
        lower, upper = pair
        if lower.npus == upper.npus:
            parts = self._proportions(size, npus, nodes, lower)
            return CollectiveEstimate(
                lower.time(size), lower.widths(size), lower.situation(size), parts
            )
        share = math.log(npus / lower.npus) / math.log(upper.npus / lower.npus)
        own, low, high = (
            self._formula_or_one(size, n, each)
            for n, each in ((npus, nodes), (lower.npus, lower.nodes), (upper.npus, upper.nodes))
        )
        deviation = (1 - share) * math.log(lower.time(size) / low) + share * math.log(
            upper.time(size) / high
        )
        wider = max((it.widths(size) for it in pair), key=lambda it: it.above)
        return CollectiveEstimate(
            own * math.exp(deviation),
            wider.and_also(Widths.usual(Knowledge.N_BETWEEN)),
            least_known((lower.situation(size), upper.situation(size), Knowledge.N_BETWEEN)),
            self._proportions(size, npus, nodes, lower),
        )

    def _beyond(
        self, size: Bytes, npus: int, nodes: int, nearest: PricedCurve
    ) -> CollectiveEstimate:
        formula = self._formula(size, npus, nodes)
        there = self._formula(size, nearest.npus, nearest.nodes)
        doublings = abs(math.log2(npus / nearest.npus))
        kept = math.exp(-(doublings**2) / (2 * _FADING**2))
        deviation = kept * math.log(nearest.time(size) / there.total)
        usual = Widths.usual(Knowledge.N_BEYOND).times(max(doublings, 1.0))
        return CollectiveEstimate(
            formula.total * math.exp(deviation),
            nearest.widths(size).and_also(usual),
            least_known((nearest.situation(size), Knowledge.N_BEYOND)),
            formula,
        )

    def _formula_or_one(self, size: Bytes, npus: int, nodes: int) -> float:
        """What deviations are from: 1 where there is no formula, so that times themselves are."""
        return 1.0 if self._section.base is None else self._formula(size, npus, nodes).total

    def _formula(self, size: Bytes, npus: int, nodes: int) -> BaseTime:
        if nodes == 1:
            if self._section.base is None:
                raise self._unknown(npus)
            time = base_time(self._section.base, self._kind, size, npus)
            # Of no bytes, a base without launch and hops takes nothing, which nothing is part of.
            return time if time.total else base_time(self._section.base, self._kind, 1, npus)
        nic = self._system.nic_gb_s
        if nic is None:
            of_node = self._system.gpus_per_node
            problem = (
                f"is wanted for collectives across nodes, as of {npus} NPUs of {nodes} nodes (with "
                f"up to {of_node} NPUs in each): bandwidth of a GPU's share of its node's network "
                "adapters, as of 'simastra calibrate --nic-bandwidth'"
            )
            raise self._error("nic_gb_s", problem, "system")
        members = math.ceil(npus / nodes)
        inside = BaseTime(0.0, 0.0, 0.0)
        if members > 1:
            known = self.estimate(size, members, 1)
            scale = known.mid / known.proportions.total
            inside = known.proportions.times(scale)
        return across_nodes(self._kind, size, npus, nodes, inside, nic)

    def _proportions(self, size: Bytes, npus: int, nodes: int, curve: PricedCurve) -> BaseTime:
        """By the formula; for want of one, what the smallest size takes is no bandwidth."""
        if self._section.base is not None and (nodes == 1 or self._system.nic_gb_s is not None):
            return self._formula(size, npus, nodes)
        time = curve.time(size)
        launch = min(curve.shortest, time)
        return BaseTime(launch, 0.0, time - launch)

    def _unknown(self, npus: int) -> ConfigError:
        measured = sorted({it.npus for it in self._curves if it.nodes == 1})
        told = f"curves of {', '.join(map(str, measured))}" if measured else "no curves"
        return self._error(
            "base",
            f"is wanted for {npus} NPUs in a node, since the file has {told} there; "
            "measure that many too, or calibrate anew",
            f"collectives.{collective_name(self._kind)}",
        )

    def _error(self, key: str, problem: str, section: str) -> ConfigError:
        return ConfigError(problem, source=self._source, key=f"{section}.{key}")
