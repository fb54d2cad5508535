"""Collectives that members don't ask for alike, found without simulating.

Members that don't begin the same collectives hang, or take each other's messages for those of
another collective and finish as if nothing were wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from simastra.notices import Notice
from simastra.simulation.memberships import Memberships
from simastra.units import NpuId
from simastra.view.phrases import counted_npus

from .context import Context
from .teams import Team, Uneven

_SHOWN = 3
"""Collectives that are told of; more of them say no more."""


def collective_notices(
    context: Context, memberships: Memberships, teams: Iterable[Team]
) -> Iterator[Notice]:
    """Say which collectives members ask for unequally often, or one in another's place.

    Args:
        context: the simulation.
        memberships: tell the members.
        teams: those whose members don't ask for the same in the same order.
    """
    uneven = sorted((each for team in teams for each in team.uneven), key=lambda it: len(it.fewest))
    if uneven:
        first = uneven[0]
        say = _unlike if first.team.ask_equally_often else _unequally_often
        code, told = say(uneven, context, memberships)
        yield Notice(
            code,
            context.source(first.fewest[0]),
            f"members {told}; such a simulation hangs, or ends without meaning anything",
            "give all members of a collective the same type, size, root, dimensions and group",
        )


def on_npus(asked: object, npus: Sequence[NpuId], node: str) -> str:
    """Which collective, who asks for it, and with which node."""
    return f"{asked} on {counted_npus(npus)} ({node})"


def _unlike(
    uneven: Sequence[Uneven], context: Context, memberships: Memberships
) -> tuple[str, str]:
    """What the members of the first team ask for who ask for as much as the others."""
    team = uneven[0].team
    most = [(*max(each.counts), each) for each in uneven if each.team is team]
    shares = [
        on_npus(each.asked, npus, _node(each, count, npus[0], context))
        for count, npus, each in sorted(most, key=lambda it: len(it[1]))
    ]
    among = memberships.among(uneven[0].fewest[0], team.scope)
    return "unlike-collectives", f"ask for unlike collectives{among}: {_first(shares, ' and ')}"


def _unequally_often(
    uneven: Sequence[Uneven], context: Context, memberships: Memberships
) -> tuple[str, str]:
    shares = [_counts(each, context, memberships) for each in uneven]
    told = f"of a collective differ in how often they ask for it: {_first(shares, '; ')}"
    return "uneven-collectives", told


def _first(shares: Sequence[str], between: str) -> str:
    more = f"; {len(shares) - _SHOWN} more are like that" if len(shares) > _SHOWN else ""
    return between.join(shares[:_SHOWN]) + more


def _counts(uneven: Uneven, context: Context, memberships: Memberships) -> str:
    shares = (
        f"{counted_npus(npus)} {'has' if len(npus) == 1 else 'have'} {count or 'none'}"
        + (f" ({_node(uneven, count, npus[0], context)})" if count else "")
        for count, npus in uneven.counts
    )
    among = memberships.among(uneven.fewest[0], uneven.team.scope)
    return f"of {uneven.asked}{among}, {' and '.join(shares)}"


def _node(uneven: Uneven, count: int, npu: NpuId, context: Context) -> str:
    """The last node that asks for it: one too many is often the last."""
    index = uneven.team.plans[npu].last(uneven.asked)
    node = context.programs[npu].graph.nodes[index]
    return f"{'' if count == 1 else 'the last is '}node {node.id}"
