"""Folded Clos networks of two or three tiers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from simastra.errors import OptionError
from simastra.network_graph.model import NetworkGraph

from .leaf_spine import LeafSpine
from .parameters import Bandwidth, Count, Duration, Generator, MaybeCount, MaybeRatio
from .parts import PORT_LATENCY, RATE
from .three_tiers import ThreeTiers
from .values import check_count, link, ratio_of

_TWO, _THREE = 2, 3


def clos(
    npus: Annotated[Count, "number of NPUs"],
    *,
    tiers: Annotated[Count, "of switches: 2 (leafs, spines) or 3 (and cores)"] = _TWO,
    radix: Annotated[MaybeCount, "ports of each switch; how many there are follows"] = None,
    leafs: Annotated[MaybeCount, "number of leafs, in place of a radix"] = None,
    spines: Annotated[MaybeCount, "number of spines, likewise"] = None,
    oversubscription: Annotated[
        MaybeRatio, "a leaf's bandwidth down over that up (default: 1 with a radix)"
    ] = None,
    bandwidth: Annotated[Bandwidth, "of each port, each way"] = RATE,
    latency: Annotated[Duration, "of each link"] = PORT_LATENCY,
) -> NetworkGraph:
    """A folded Clos network: leafs with the NPUs, spines, and with three tiers cores above.

    Given a radix, each leaf has as many NPUs as the oversubscription leaves ports for, and the
    fewest spines join them; ports that lead to the same switch are one link, a trunk. With three
    tiers, a pod has radix/2 leafs. Given leafs and spines (of two tiers), each leaf has one port to
    each spine, or as many as the oversubscription asks for. (C. Clos, A Study of Non-Blocking
    Switching Networks, 1953; leaf and spine are today's names.)

    >>> from simastra.network_graph.generators import clos
    >>> clos(1024, tiers=3, radix=32).npus
    1024

    Raises:
        OptionError: if the numbers make no such network; it names the one that doesn't fit.
    """
    host, uplink = link(bandwidth, latency, "host"), link(bandwidth, latency, "uplink")
    wanted = _Wanted(check_count("npus", npus, 2), tiers, radix, leafs, spines, oversubscription)
    return wanted.plan().graph(host, uplink)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for."""

    npus: int
    tiers: int
    radix: int | None
    leafs: int | None
    spines: int | None
    oversubscription: str | float | None

    def plan(self) -> LeafSpine | ThreeTiers:
        """The network of these numbers."""
        if self.tiers not in (_TWO, _THREE):
            raise OptionError("tiers", f"must be 2 or 3, not {self.tiers}")
        if self.radix is None:
            return self._by_numbers()
        for name, value in (("leafs", self.leafs), ("spines", self.spines)):
            if value is not None:
                raise OptionError(name, "is given beside a radix, from which it follows")
        check_count("radix", self.radix, 2)
        ports = _ports(self.radix, ratio_of("oversubscription", self.oversubscription))
        make = _two_tiers if self.tiers == _TWO else _three_tiers
        return make(self.npus, self.radix, *ports)

    def _by_numbers(self) -> LeafSpine:
        if self.tiers == _THREE or self.leafs is None or self.spines is None:
            others = "" if self.tiers == _THREE else ", or both leafs and spines in its place"
            raise OptionError("radix", f"is required{others}")
        check_count("spines", self.spines)
        per_leaf, rest = divmod(self.npus, check_count("leafs", self.leafs))
        if rest or not per_leaf:
            raise OptionError(
                "leafs", f"must share out {self.npus:,} NPUs evenly; {self.leafs} don't"
            )
        if self.oversubscription is None:
            return LeafSpine(self.leafs, per_leaf, self.spines)
        ratio = ratio_of("oversubscription", self.oversubscription)
        return LeafSpine(self.leafs, per_leaf, self.spines, uplinks(per_leaf, self.spines, ratio))


def uplinks(down: int, spines: int, ratio: Fraction) -> int:
    """How many links a leaf has to each spine.

    Raises:
        OptionError: if that is no whole number.
    """
    links = down / ratio / spines
    if links.denominator == 1:
        return int(links)
    sharing = (
        "are no whole links to 1 spine" if spines == 1 else f"{spines} spines don't share evenly"
    )
    fitting = [Fraction(down, spines * it) for it in (math.ceil(links), math.floor(links)) if it]
    named = [f"{it.numerator}:{it.denominator}" for it in fitting if it >= 1]
    instead = f"; {' or '.join(named)} would" if named else ""
    raise OptionError(
        "oversubscription",
        f"of {float(ratio):g} leaves a leaf of {down} ports down {float(down / ratio):g} up, "
        f"which {sharing}{instead}",
    )


def _ports(radix: int, ratio: Fraction) -> tuple[int, int]:
    """Ports of a leaf that lead down, and up."""
    down, up = ratio.numerator, ratio.denominator
    unit = radix // (down + up)
    if not unit:
        raise OptionError("radix", f"of {radix} has too few ports for {down} down and {up} up")
    return down * unit, up * unit


def _two_tiers(npus: int, radix: int, down: int, up: int) -> LeafSpine:
    leafs = _groups(npus, down, f"a leaf of {radix} ports has {down} of them")
    fewest = [it for it in range(1, up + 1) if up % it == 0 and leafs * (up // it) <= radix]
    if not fewest:
        raise OptionError(
            "npus",
            f"need {leafs} leafs, and a spine has {radix} ports; two tiers of that radix have up "
            f"to {radix * down:,} NPUs, and three tiers more",
        )
    return LeafSpine(leafs, down, fewest[0], up // fewest[0])


def _three_tiers(npus: int, radix: int, down: int, up: int) -> ThreeTiers:
    half = radix // 2
    if radix % 2:
        raise OptionError("radix", f"must be even for three tiers, not {radix}")
    pods = _groups(npus, down * half, f"a pod of {half} leafs has {down * half} of them")
    if pods > radix:
        problem = (
            f"are more than the {radix * down * half:,} that three tiers of {radix} ports have"
        )
        raise OptionError("npus", problem)
    cores = next(it for it in range(1, half + 1) if half % it == 0 and pods * half <= radix * it)
    return ThreeTiers(pods, half, down, up, cores, half // cores)


def _groups(npus: int, each: int, why: str) -> int:
    """How many groups of NPUs there are, two or more."""
    groups, rest = divmod(npus, each)
    if rest or groups < 2:  # noqa: PLR2004 - one needs nothing above it
        more = f"{max(2, groups) * each:,} or {max(2, groups) * each + each:,}"
        raise OptionError("npus", f"must be a multiple, {why}: {more} for instance, not {npus:,}")
    return groups


CLOS = Generator(
    "folded Clos: leafs and spines, or three tiers, with any oversubscription",
    "--npus 1024 --tiers 3 --radix 32",
    clos,
)
"""The entry of the table."""
