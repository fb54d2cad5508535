"""Which nodes are NPUs, and of which ranks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from simastra.config.messages import show
from simastra.errors import InputError
from simastra.network_graph.model import NPU

_FIRST_PART = re.compile(r"npu(\.|$)")
_RANKED = re.compile(r"npu((?:\.(?:0|[1-9]\d*))+)")


def npus_by_rank(names: Iterable[str], kinds: Mapping[str, str | None]) -> list[str]:
    """The names of all NPUs, in order of their ranks.

    The number in its name is an NPU's rank: npu.3 has 3. Those with several numbers (npu.1.0) are
    in their order; and if any NPU is called otherwise, all are in the order in which `nodes` lists
    them.

    Args:
        names: of all nodes.
        kinds: as `nodes` says, in its order; None where it says none.

    Raises:
        InputError: if ranks have gaps, or can't be told.
    """
    npus = [it for it in names if is_npu(it, kinds)]
    ranks = {name: _numbers(name) for name in npus}
    if all(ranks.values()):
        ordered = sorted(npus, key=lambda name: ranks[name])
        _check_ranks(ordered, ranks)
        return ordered
    unlisted = next((it for it in npus if it not in kinds), None)
    if unlisted is None:
        return [it for it in kinds if is_npu(it, kinds)]
    if not ranks[unlisted]:
        raise InputError(
            f"{show(unlisted)} has no rank: an NPU is called by it, as npu.3; if it is none, give "
            "it a kind in nodes"
        )
    other = next(it for it in npus if not ranks[it])
    raise InputError(
        f"{show(other)} is an NPU by its kind, {show(unlisted)} by its name, so their ranks "
        "can't be told; list all NPUs in nodes, in order of their ranks"
    )


def is_npu(name: str, kinds: Mapping[str, str | None]) -> bool:
    """Whether it is one: because `nodes` says so, or says nothing and its first part is npu."""
    kind = kinds.get(name)
    return bool(_FIRST_PART.match(name)) if kind is None else kind == NPU


def _numbers(name: str) -> tuple[int, ...]:
    found = _RANKED.fullmatch(name)
    return tuple(map(int, found[1][1:].split("."))) if found else ()


def _check_ranks(ordered: Sequence[str], ranks: Mapping[str, tuple[int, ...]]) -> None:
    """Refuse gaps among ranks, and ranks of different lengths, whose order nobody would guess."""
    lengths = {len(it): name for name, it in ranks.items()}
    if len(lengths) > 1:
        first, second, *_ = lengths.values()
        raise InputError(f"{first} and {second} have ranks of one number and of several; use one")
    for rank, name in enumerate(ordered):
        if ranks[name] != (rank,) and len(ranks[name]) == 1:
            raise InputError(
                f"has {name}, but no npu.{rank}: the NPUs' ranks must be 0 to "
                f"{len(ordered) - 1}, since there are {len(ordered)}"
            )
