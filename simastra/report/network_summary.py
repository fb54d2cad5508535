"""What a network's graph says of it: devices, links, tiers, diameter, bisection bandwidth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from simastra.config import NetworkConfig
from simastra.config.shown import link_table
from simastra.network_graph import NetworkGraph
from simastra.network_graph.measures import (
    Bisection,
    Hops,
    Tier,
    bisection,
    device_kinds,
    hops,
    link_kinds,
    tiers,
)
from simastra.view.phrases import listed
from simastra.view.table import Cell, Table, left, right


@dataclass(frozen=True)
class NetworkSummary:
    """Numbers of a network, each worked out when it is first asked for.

    Attributes:
        network: as it was configured.
        graph: as a graph; what it is expanded to, if it isn't one.
    """

    network: NetworkConfig
    graph: NetworkGraph = field(repr=False)

    @cached_property
    def hops(self) -> Hops:
        """Lengths of the shortest ways between NPUs."""
        return hops(self.graph)

    @cached_property
    def bisection(self) -> Bisection:
        """The bisection bandwidth."""
        return bisection(self.graph)

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        """Tiers above the NPUs, and their oversubscription."""
        return tiers(self.graph)

    def tables(self) -> tuple[Table, ...]:
        """All of it for people."""
        kinds = tuple(device_kinds(self.graph).items())
        return (
            Table(left("network", str(self.network.source)), tuple(self._facts()), "network"),
            Table((*left("devices"), *right("number")), kinds, "devices"),
            _titled(link_table(self.graph), "links"),
            Table(_TIERS, tuple(map(_tier, self.tiers)), "tiers"),
        )

    def to_dict(self) -> dict[str, object]:
        """All of it for programs: bandwidths in bytes per ns, which is GB/s, latencies in ns."""
        return {
            "source": str(self.network.source),
            "npus": self.graph.npus,
            "npus_count": list(self.network.npus_count),
            "topology": [str(it) for it in self.network.topology],
            "routing": {"name": self.graph.routing.name, **self.graph.routing.options},
            "devices": dict(device_kinds(self.graph)),
            "reducing": list(self._reducing),
            "links": [
                {**kind._asdict(), "number": count}
                for kind, count in link_kinds(self.graph).items()
            ],
            "tiers": [_tier_dict(it) for it in self.tiers],
            "diameter": self.hops.diameter,
            "mean_hops": self.hops.mean,
            "hops_are_exact": self.hops.is_exact,
            "bisection": {
                "at_least": self.bisection.at_least,
                "at_most": self.bisection.at_most,
                "is_exact": self.bisection.is_exact,
            },
        }

    def _facts(self) -> Iterator[tuple[str, str]]:
        counts = " x ".join(f"{it:,}" for it in self.network.npus_count)
        order = ", ".join(map(str, self.network.topology))
        yield "NPUs", f"{self.graph.npus:,}"
        yield "collectives go along", f"{counts} ({order})"
        yield "routing", self.graph.routing.name
        yield "diameter", _diameter(self.hops)
        if self.hops.diameter:
            about = "" if self.hops.is_exact else "about "
            yield "mean distance", f"{about}{_hops(f'{self.hops.mean:.4g}')}"
        if self.graph.npus > 1:
            yield "bisection bandwidth", _bisection(self.bisection, self.graph.npus)
        if self._reducing:
            yield "switches that reduce", listed(self._reducing, _SHOWN_SWITCHES)

    @cached_property
    def _reducing(self) -> Sequence[str]:
        return [node.name for node in self.graph.nodes if node.reduces]


_SHOWN_SWITCHES = 4

_TIERS = (*right("tier"), *left("devices"), *right("number", "GB/s down", "GB/s up"))
_TIERS += right("oversubscription")


def _tier(tier: Tier) -> tuple[Cell, ...]:
    ratio = tier.oversubscription
    shown = None if ratio is None else f"{ratio:.3g}"
    if ratio is not None and tier.worst is not None and tier.worst > ratio * (1 + 1e-9):
        shown = f"{shown}, at most {tier.worst:.3g}"
    return (
        tier.number,
        tier.kind,
        tier.devices,
        f"{tier.down:,g}",
        f"{tier.up:,g}" if tier.up else None,
        shown,
    )


def _tier_dict(tier: Tier) -> Mapping[str, object]:
    return {
        "tier": tier.number,
        "kind": tier.kind,
        "devices": tier.devices,
        "down": tier.down,
        "up": tier.up,
        "oversubscription": tier.oversubscription,
        "worst_oversubscription": tier.worst,
    }


def _titled(table: Table, title: str) -> Table:
    return Table(table.columns, table.rows, title)


def _diameter(found: Hops) -> str:
    if found.diameter is None:
        return "none: no way leads from some NPUs to others"
    least = "" if found.is_exact else f", or more: as seen from {found.sampled} NPUs"
    return f"{_hops(f'{found.diameter:,}')}{least}"


def _hops(number: str) -> str:
    return f"{number} hop" if number == "1" else f"{number} hops"


def _bisection(found: Bisection, npus: int) -> str:
    half = npus // 2
    shown = (
        f"{found.at_most:,.6g} GB/s each way, {found.at_most / half:,.4g} for each NPU of a half"
    )
    if found.is_exact:
        return shown
    below = f", at least {found.at_least:,.6g} GB/s" if found.at_least else ""
    return f"at most {shown}{below}"
