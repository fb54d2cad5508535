"""The form of a check of ET nodes, and how all such checks are made: what fails one is counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from simastra.notices import Notice, Severity
from simastra.trace import Node
from simastra.units import NpuId
from simastra.view.phrases import listed

from .context import Among, Context, Pairs


def _always(_context: Context) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NodeCheck:
    """A check of ET nodes, each by itself.

    Attributes:
        code: the notice's code.
        among: the nodes that it looks at.
        failing: those of them that are doubtful.
        message: what is doubtful; follows the number of nodes. A text may have ``[is|are]``, for
            one and for several of them, and ``{reference}``.
        fix: what to write instead.
        severity: how much it matters.
        applies: whether any node can be doubtful in this simulation.
    """

    code: str
    among: Among
    failing: Callable[[Pairs, Context], Iterable[Node]]
    message: str | Callable[[Sequence[Node], Context], str]
    fix: str
    severity: Severity = Severity.WARNING
    applies: Callable[[Context], bool] = _always


def verb(nodes: Sequence[Node], one: str, several: str) -> str:
    """What the message about some nodes begins with."""
    return one if len(nodes) == 1 else several


def node_notices(context: Context, checks: Iterable[NodeCheck]) -> Iterator[Notice]:
    """A notice for each check that nodes fail, in order of the checks."""
    applying = [check for check in checks if check.applies(context)]
    if context.system.replay_only:  # then nothing of a node counts but its duration
        applying = [check for check in applying if check.among is Among.TIMED]
    found: dict[str, dict[NpuId, list[Node]]] = {check.code: {} for check in applying}
    told: set[tuple[str, int]] = set()  # NPUs share many of their nodes
    for npu, program in context.distinct:
        kinds = {check.among for check in applying}
        some = {kind: nodes for kind in kinds if (nodes := context.new_nodes(program, kind))}
        for check in applying:
            for node in check.failing(some.get(check.among, ()), context):
                if (check.code, id(node)) not in told:
                    told.add((check.code, id(node)))
                    found[check.code].setdefault(npu, []).append(node)
    for check in applying:
        if found[check.code]:
            yield node_notice(check, found[check.code], context)


_MOST_NODES = 5
_LONGEST_NAME = 60


def node_notice(
    check: NodeCheck, found: Mapping[NpuId, Sequence[Node]], context: Context
) -> Notice:
    """About nodes by the first NPU that has them; those of the first one are named."""
    nodes = list(chain.from_iterable(found.values()))
    npu, here = next(iter(found.items()))
    which = listed([f"{node.id} {_short(node.name)!r}" for node in here], _MOST_NODES)
    count = "1 node" if len(nodes) == 1 else f"{len(nodes)} nodes"
    if len(found) > 1:
        # NPUs share nodes, and traces may have only such, so that neither can be counted in full.
        count, which = f"{len(nodes)} different nodes of several traces", f"in this one {which}"
    message = f"{count} ({which}) {_message(check, nodes, context)}"
    return Notice(check.code, context.source(npu), message, check.fix, check.severity)


_EITHER = re.compile(r"\[([^|\]]*)\|([^]]*)]")


def _message(check: NodeCheck, nodes: Sequence[Node], context: Context) -> str:
    if not isinstance(check.message, str):
        return check.message(nodes, context)
    chosen = _EITHER.sub(lambda either: verb(nodes, either[1], either[2]), check.message)
    return chosen.format(reference=context.reference)


def _short(name: str) -> str:
    """A node's name as far as it tells nodes apart: a kernel's goes on with its arguments."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
