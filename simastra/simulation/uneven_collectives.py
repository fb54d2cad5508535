"""Collectives whose parts differ in size get the sizes that their members name.

Parts that are all equal make a plain collective. Where a member doesn't say its own, the collective
is left as it is (`uneven_all_to_all` makes it even). (docs/collectives.md)
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from simastra.collectives.part_sizes import PartSizes, Rows
from simastra.errors import TraceError
from simastra.notices import Notice
from simastra.trace import CollectiveType, uneven_size
from simastra.units import Bytes, NpuId
from simastra.view.phrases import npus_words
from simastra.workload import Collective, Program

from .platform import Platform
from .same_collectives import Member, uneven_ones

UNEVEN = "uneven-collective"
"""The notice that there are some."""


@dataclass(frozen=True, slots=True)
class Sized:
    """Programs in which uneven collectives have their sizes.

    Attributes:
        programs: of each NPU; the same ones if there are none.
        notices: that there are some.
    """

    programs: tuple[Program, ...]
    notices: tuple[Notice, ...] = ()


def with_part_sizes(
    programs: tuple[Program, ...], sources: Sequence[str], platform: Platform
) -> Sized:
    """Give uneven collectives the sizes of their parts.

    Raises:
        TraceError: if a node lists sizes for another number of members than take part, or members
            of an all-gather or a reduce-scatter list different ones.
    """
    changes: dict[NpuId, dict[int, Collective]] = {}
    known: dict[Hashable, PartSizes] = {}
    found: list[_Same] = []
    for listed in uneven_ones(programs, platform):
        rows = _rows(listed, sources)
        if rows is None:
            continue
        are_equal = len({size for row in rows for size in row}) == 1
        same, rows = _in_order(listed, rows, platform)
        parts = None if are_equal else known.setdefault(rows, PartSizes(rows))
        if parts is not None:
            found.append((same, parts))
        if not _is_played(same[0].operation, platform):
            parts = None
        size = _common_size(same[0].operation.kind, rows)
        for it in same:
            sized = replace(it.operation, size=size, parts=parts)
            changes.setdefault(it.npu, {})[it.index] = sized
    if not changes:
        return Sized(programs)
    return Sized(_changed(programs, changes), _notices(found, sources))


def _in_order(
    same: Sequence[Member], rows: Rows, platform: Platform
) -> tuple[Sequence[Member], Rows]:
    """The same by positions as the network has them: a group of all NPUs is in order of numbers."""
    listed = [it.npu for it in same]
    ring = platform.participants(listed[0], same[0].operation).members
    if listed == list(ring):
        return same, rows
    places = list(map(listed.index, ring))
    ordered = rows if len(rows) == 1 else tuple(map(rows.__getitem__, places))
    return (
        list(map(same.__getitem__, places)),
        tuple(tuple(map(row.__getitem__, places)) for row in ordered),
    )


def _is_played(operation: Collective, platform: Platform) -> bool:
    """Whether an algorithm sends its messages: ETs say what they send, and a price has a size."""
    return platform.prices is None and platform.custom.prefix(operation) is None


_Same: TypeAlias = tuple[Sequence[Member], PartSizes]
"""The members of a collective, and the sizes of its parts."""


def _notices(found: Sequence[_Same], sources: Sequence[str]) -> tuple[Notice, ...]:
    """That there are such collectives, and how unequal the most unequal one is."""
    if not found:
        return ()
    same, parts = max(found, key=lambda it: it[1].imbalance)
    place, load = parts.most_loaded
    it, members = same[place], npus_words([each.npu for each in same])
    return (
        Notice(
            UNEVEN,
            f"{sources[it.npu]}, node {it.node.id}",
            f"{sum(len(each) for each, _ in found)} nodes ask for collectives whose parts "
            f"differ in size; of this {it.operation.kind.name} among {members}, "
            f"NPU {it.npu} has most, {load:,} bytes, {parts.imbalance:.2f} times the mean; parts "
            "have the sizes that members list (comm_sizes), which ASTRA-sim doesn't read",
            "nothing, unless results are to be compared with ASTRA-sim's: it waits for ever where "
            "comm_size differs between members",
        ),
    )


def _rows(same: Sequence[Member], sources: Sequence[str]) -> Rows | None:
    """The sizes that members name; None where one doesn't."""
    members = len(same)
    for it in same:
        sizes = it.node.comm_sizes
        if sizes is not None and len(sizes) != members:
            raise _error(
                it,
                sources,
                f"lists {len(sizes)} comm_sizes, and {members} NPUs take part; "
                "give one for each, by position in the group",
            )
    kind = same[0].operation.kind
    if kind is CollectiveType.ALL_TO_ALL:
        rows = [_row(it, members) for it in same]
        return tuple(row for row in rows if row is not None) if None not in rows else None
    return _one_row(same, sources)


def _row(it: Member, members: int) -> tuple[Bytes, ...] | None:
    """What a member of an all-to-all has for each; None where it isn't known."""
    if it.node.comm_sizes is not None:
        return it.node.comm_sizes
    return None if it.node.comm_uneven else (it.operation.size // members,) * members


def _one_row(same: Sequence[Member], sources: Sequence[str]) -> Rows | None:
    """What each member puts in, or gets."""
    naming = [it for it in same if it.node.comm_sizes is not None]
    if not naming:
        gathers = same[0].operation.kind is CollectiveType.ALL_GATHER
        return (tuple(it.operation.size for it in same),) if gathers else None
    first, sizes = naming[0], naming[0].node.comm_sizes
    assert sizes is not None
    for it in naming:
        if it.node.comm_sizes != sizes:
            raise _error(
                it,
                sources,
                f"has other comm_sizes than NPU {first.npu}'s node "
                f"{first.node.id}, in the same collective; give all members the same",
            )
    return (sizes,)


def _error(it: Member, sources: Sequence[str], problem: str) -> TraceError:
    return TraceError(f"{it.node.name!r} {problem}", source=sources[it.npu], node=it.node.id)


def _common_size(kind: CollectiveType, rows: Rows) -> Bytes:
    """The size of a plain collective in its place: of an all-to-all, as its most loaded member has
    it, whether that sends or receives more."""
    if kind is not CollectiveType.ALL_TO_ALL:
        return uneven_size(kind, rows[0])
    return max(*map(sum, rows), *map(sum, zip(*rows, strict=True)))


def _changed(
    programs: tuple[Program, ...], changes: Mapping[NpuId, Mapping[int, Collective]]
) -> tuple[Program, ...]:
    """Programs with other operations in some places; NPUs share theirs as before if they can."""
    affected = {id(programs[npu].template) for npu in changes}
    templates: dict[int, Program] = {}
    made: dict[Hashable, Program] = {}
    changed = list(programs)
    for npu, program in enumerate(programs):
        template = id(program.template)
        if template not in affected:
            continue
        mine = changes.get(npu, {})
        key = id(program), tuple((index, it.parts, it.size) for index, it in mine.items())
        if key not in made:
            operations = list(program.operations)
            for index, operation in mine.items():
                operations[index] = operation
            base = templates.get(template)
            made[key] = replace(program, operations=tuple(operations), base_program=base)
            templates.setdefault(template, made[key])
        changed[npu] = made[key]
    return tuple(changed)
