"""The form of a check of ET nodes, and how all such checks are made: what fails one is counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol

from simastra.notices import Notice, Severity
from simastra.quick_dataclass import dataclass
from simastra.trace import Node
from simastra.view.phrases import listed
from simastra.workload import Program

from .context import Context
from .found_nodes import NodesFound


def _always(_context: Context) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NodeCheck:
    """A check of ET nodes, each by itself.

    Attributes:
        code: the notice's code.
        failing: indices of a program's nodes that are doubtful, ascending. It is to look at what
            is known of all nodes, rather than at each of them.
        message: what is doubtful; follows the number of nodes. A text may have ``[is|are]``, for
            one and for several of them, and ``{reference}``.
        fix: what to write instead.
        severity: how much it matters.
        applies: whether any node can be doubtful in this simulation.
        of_durations: whether it is about durations, which count even where all is replayed.
        of_names: whether the names of process groups matter, or which NPUs a node names.
    """

    code: str
    failing: Callable[[Program, Context], Sequence[int]]
    message: str | Callable[[Sequence[Node], Context], str]
    fix: str
    severity: Severity = Severity.WARNING
    applies: Callable[[Context], bool] = _always
    of_durations: bool = False
    of_names: bool = False


def verb(nodes: Sequence[Node], one: str, several: str) -> str:
    """What the message about some nodes begins with."""
    return one if len(nodes) == 1 else several


def node_notices(context: Context, checks: Iterable[NodeCheck]) -> Iterator[Notice]:
    """A notice for each check that nodes fail, in order of the checks."""
    applying = [check for check in checks if check.applies(context)]
    if context.system.replay_only:  # then nothing of a node counts but its duration
        applying = [check for check in applying if check.of_durations]
    found = NodesFound(is_alone=len(context.distinct) == 1)
    of_names = [check for check in applying if check.of_names]
    others = [check for check in applying if not check.of_names]
    known: dict[int, Mapping[str, Sequence[int]]] = {}
    for npu, program in context.distinct:
        original = program.original
        if id(original) not in known:
            known[id(original)] = {it.code: it.failing(original, context) for it in others}
        named = {it.code: it.failing(program, context) for it in of_names}
        found.add(npu, program, {**known[id(original)], **named})
    for check in applying:
        yield from node_notice(check, found, context)


_MOST_NODES = 5
_LONGEST_NAME = 60


class TellsOfNodes(Protocol):
    """What is said of nodes: as of a NodeCheck."""

    @property
    def code(self) -> str:
        """The notice's code."""

    @property
    def message(self) -> str | Callable[[Sequence[Node], Context], str]:
        """What is doubtful."""

    @property
    def fix(self) -> str:
        """What to write instead."""

    @property
    def severity(self) -> Severity:
        """How much it matters."""


def node_notice(check: TellsOfNodes, found: NodesFound, context: Context) -> Iterator[Notice]:
    """About nodes by the first NPU that has them; those of the first one are named."""
    by_npu = found.of(check.code)
    if not by_npu:
        return
    npu, here = next(iter(by_npu.items()))
    nodes = found.everywhere(check.code)
    names = [f"{node.id} {_short(node.name)!r}" for node in islice(here, _MOST_NODES)]
    which = listed(names, _MOST_NODES, of=len(here))
    count = "1 node" if len(nodes) == 1 else f"{len(nodes)} nodes"
    if len(by_npu) > 1:
        # NPUs share nodes, and traces may have only such, so that neither can be counted in full.
        count, which = f"{len(nodes)} different nodes of several traces", f"in this one {which}"
    message = f"{count} ({which}) {_message(check, nodes, context)}"
    yield Notice(check.code, context.source(npu), message, check.fix, check.severity)


_EITHER = re.compile(r"\[([^|\]]*)\|([^]]*)]")


def _message(check: TellsOfNodes, nodes: Sequence[Node], context: Context) -> str:
    if not isinstance(check.message, str):
        return check.message(nodes, context)
    chosen = _EITHER.sub(lambda either: verb(nodes, either[1], either[2]), check.message)
    return chosen.format(reference=context.reference)


def _short(name: str) -> str:
    """A node's name as far as it tells nodes apart: a kernel's goes on with its arguments."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."
