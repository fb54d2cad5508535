"""A file that says which ranks do what another's trace says, with what names in it.

``<prefix>.ranks.json`` stands for the traces that aren't there: of a training step on 65,536 NPUs
one a pipeline stage is enough, and the others differ from it in the NPUs and process groups that
nodes name (`simastra.trace.renamed`). Ours; ASTRA-sim doesn't read it.

    {"ranks": [[0], [0, [1, 9], ["2"]], ...]}

For each NPU, in order: the NPU whose trace file says what it does; and, unless that is its own,
what is named in place of the NPUs that nodes name there, in ascending order, and in place of the
process groups, in lexicographic order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from simastra.errors import TraceError
from simastra.trace.files import existing_files, ranks_path
from simastra.trace.nodes import Node
from simastra.trace.renamed import NodeTemplate, RenamedNodes
from simastra.units import NpuId

_ROW = "a row is [NPU of the file], or [NPU of the file, [NPUs], [process groups]]"


class Rank(NamedTuple):
    """What an NPU does.

    Attributes:
        of: the NPU whose trace file says it.
        npus: in place of each NPU that is named there, ascending.
        groups: likewise of the process groups.
    """

    of: NpuId
    npus: tuple[NpuId, ...]
    groups: tuple[str, ...]


def npus_there(prefix: Path | str) -> int:
    """How many NPUs there are traces of with this prefix, 0 for none.

    Raises:
        TraceError: a file of ranks says it, and is wrong.
    """
    path = ranks_path(prefix)
    return len(read_ranks(path)) if path.is_file() else len(existing_files(prefix))


def ranks_text(npus: Sequence[Sequence[Node]]) -> str:
    """What the file says of NPUs; those that aren't renamed have files of their own."""
    own: dict[int, NpuId] = {}
    rows: list[list[object]] = []
    for npu, nodes in enumerate(npus):
        if isinstance(nodes, RenamedNodes):
            rows.append([own[id(nodes.template.nodes)], list(nodes.npus), list(nodes.groups)])
        else:
            rows.append([own.setdefault(id(nodes), npu)])
    return json.dumps({"ranks": rows}, separators=(",", ":")) + "\n"


def read_ranks(path: Path) -> list[Rank]:
    """Read such a file.

    Raises:
        TraceError: it can't be read, or is wrong.
    """
    try:
        document: Any = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise TraceError(f"can't be read: {error}", source=path) from None
    rows = document.get("ranks") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not rows:
        raise TraceError('has no list "ranks" with a row for each NPU', source=path)
    ranks = [_rank(row, npu, len(rows), path) for npu, row in enumerate(rows)]
    for npu, rank in enumerate(ranks):
        if ranks[rank.of].of != rank.of:
            problem = f"is of NPU {rank.of}, which has no file of its own; name one that has"
            raise TraceError(f'"ranks"[{npu}] {problem}', source=path)
    return ranks


def _rank(row: Any, npu: NpuId, npus: int, path: Path) -> Rank:
    match row:
        case [int(of)] if not isinstance(of, bool) and 0 <= of <= npu:
            return Rank(of, (), ())
        case [int(of), [*named], [*groups]] if (
            not isinstance(of, bool)
            and 0 <= of < npu
            and all(type(it) is int and 0 <= it < npus for it in named)
            and all(isinstance(it, str) and it for it in groups)
        ):
            return Rank(of, tuple(named), tuple(groups))
        case _:
            problem = f"isn't a row of NPU {npu}: {_ROW}, of an NPU up to this one"
            raise TraceError(f'"ranks"[{npu}] {problem}; NPUs are 0 to {npus - 1}', source=path)


def nodes_of_ranks(
    ranks: Sequence[Rank], files: Mapping[NpuId, Sequence[Node]], path: Path
) -> tuple[Sequence[Node], ...]:
    """The nodes of each NPU.

    Args:
        ranks: what each does.
        files: the nodes in each file that one names.
        path: of the file of ranks, for messages.

    Raises:
        TraceError: an NPU has other numbers of names than its file.
    """
    templates = {npu: NodeTemplate(tuple(nodes)) for npu, nodes in files.items()}
    found: list[Sequence[Node]] = []
    for npu, rank in enumerate(ranks):
        template = templates[rank.of]
        if not rank.npus and not rank.groups:
            found.append(template.nodes)
            continue
        wanted, given = ([len(it.npus), len(it.groups)] for it in (template, rank))
        if wanted != given:
            raise TraceError(
                f'"ranks"[{npu}] has {given[0]} NPUs and {given[1]} process groups, where the '
                f"nodes of NPU {rank.of} name {wanted[0]} and {wanted[1]}",
                source=path,
            )
        found.append(template.renamed(rank.npus, rank.groups))
    return tuple(found)
