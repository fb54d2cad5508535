"""Checks of a trace by itself, whatever it is to run on: one that can't run can be looked at, too.

One notice for each kind of doubt and NPU, however many nodes have it: it names the first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from simastra.errors import TraceError
from simastra.notices import Notice, Severity
from simastra.trace import CollectiveType, Node, NodeType, check_nodes
from simastra.units import NpuId
from simastra.view.phrases import counted_npus

from .groups import names_a_group
from .messages import trace_message_notices
from .trace_collectives import collective_notices

_NEEDED: Mapping[NodeType, tuple[str, ...]] = {
    NodeType.COMM_COLL: ("comm_type", "comm_size"),
    NodeType.COMM_SEND: ("comm_dst", "comm_size"),
    NodeType.COMM_RECV: ("comm_src", "comm_size"),
    NodeType.MEM_LOAD: ("tensor_size",),
    NodeType.MEM_STORE: ("tensor_size",),
}
"""Attributes without which a node of the type can't be simulated."""


def trace_notices(
    npus: Mapping[NpuId, Sequence[Node]],
    names: Mapping[NpuId, str],
    unknown: Mapping[str, int],
    source: str,
) -> Iterator[Notice]:
    """Say what is wrong or doubtful in a trace.

    Args:
        npus: the nodes of every NPU in order, or of any one; NPUs with the same nodes (`is`) are
            told of together.
        names: what to call each NPU's nodes.
        unknown: names of attributes that are not known, and how many nodes have each.
        source: what to call the trace.
    """
    sharers: dict[int, list[NpuId]] = {}
    for npu, nodes in npus.items():
        sharers.setdefault(id(nodes), []).append(npu)
    for first, *others in sharers.values():
        name = f"{names[first]} and {len(others)} more like it" if others else names[first]
        for check in (_dependencies, _missing_attributes, _without_placement, _never_run):
            yield from check(npus[first], name)
    yield from _unknown_attributes(unknown, source)
    yield from _groups_not_read(npus.values(), source)
    if len(npus) > 1:
        yield from _missing_npus(list(npus), source)
        yield from trace_message_notices(npus, names)
    yield from collective_notices(npus, source)


def _unknown_attributes(attributes: Mapping[str, int], source: str) -> Iterator[Notice]:
    if attributes:
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(attributes.items()))
        message = f"attributes that simastra doesn't know, by number of nodes: {listed}"
        fix = "nothing need be done: they have no effect"
        yield Notice("unknown-attributes", source, message, fix, Severity.INFO)


def _groups_not_read(npus: Iterable[Sequence[Node]], source: str) -> Iterator[Notice]:
    """That collectives name process groups, which not every dialect reads."""
    names = Counter(
        node.pg_name
        for nodes in npus
        for node in nodes
        if node.type is NodeType.COMM_COLL and names_a_group(node)
    )
    if names:
        yield Notice(
            "group-not-read",
            source,
            f"collectives that name a process group (pg_name): {names.total()}, in {len(names)} "
            f"{'group' if len(names) == 1 else 'groups'}; ASTRA-sim's master reads it, hoti2024 "
            "doesn't",
            "run it with the groups in --comm-groups, and not with --compat hoti2024",
            Severity.INFO,
        )


def _missing_npus(npus: Sequence[NpuId], source: str) -> Iterator[Notice]:
    missing = sorted(set(range(npus[-1])) - set(npus))
    if missing:
        message = f"there is no file for {counted_npus(missing)}"
        yield Notice("missing-npu", source, message, "every NPU of a network needs one")


def _dependencies(nodes: Sequence[Node], source: str) -> Iterator[Notice]:
    ids = {node.id for node in nodes}
    broken = False
    for with_ctrl_deps in (False, True):
        try:
            check_nodes(nodes, source, with_ctrl_deps=with_ctrl_deps)
        except TraceError as error:
            where = source if error.node is None else f"{source}, node {error.node}"
            fix = "until then it can't run"
            if with_ctrl_deps and broken:
                return  # what is wrong may be the same again
            if with_ctrl_deps:
                fix = "the dialect hoti2024 doesn't heed control dependencies, master does"
            absent = sum(
                dependency not in ids
                for node in nodes
                for dependency in (node.ctrl_deps if with_ctrl_deps else node.data_deps)
            )
            are = (
                "1 dependency is on a node"
                if absent == 1
                else f"{absent} dependencies are on nodes"
            )
            more = f"; {are} that it doesn't hold" if absent else ""
            yield Notice("dependencies", where, error.problem + more, fix)
            broken = True


def _missing_attributes(nodes: Sequence[Node], source: str) -> Iterator[Notice]:
    lacking: dict[tuple[NodeType, str], list[int]] = {}
    for node in nodes:
        given = {
            "comm_type": node.comm_type,
            "comm_size": node.comm_size,
            "comm_dst": node.comm_dst,
            "comm_src": node.comm_src,
            "tensor_size": node.tensor_size,
        }
        for name in _NEEDED.get(node.type, ()):
            needless = name == "comm_size" and node.comm_type is CollectiveType.BARRIER
            if given[name] is None and not needless:
                lacking.setdefault((node.type, name), []).append(node.id)
    for (node_type, name), found in lacking.items():
        yield Notice(
            "missing-attribute",
            f"{source}, node {found[0]}",
            f"{node_type.name} nodes without the attribute {name}: {len(found)}",
            "they can't be simulated, unless they run on the CPU; add it",
        )


def _without_placement(nodes: Sequence[Node], source: str) -> Iterator[Notice]:
    found = [node.id for node in nodes if node.is_cpu_op is None and node.type in _NEEDED]
    if found:
        yield Notice(
            "no-is-cpu-op",
            f"{source}, node {found[0]}",
            f"communication and memory nodes without the attribute is_cpu_op: {len(found)}; the "
            "dialect hoti2024 takes them for computations of the CPU, master does not",
            "give them is_cpu_op false, or use --compat master",
        )


def _never_run(nodes: Sequence[Node], source: str) -> Iterator[Notice]:
    found = [node.id for node in nodes if node.type is NodeType.INVALID]
    if found:
        yield Notice(
            "invalid-node",
            f"{source}, node {found[0]}",
            f"nodes of the type INVALID: {len(found)}",
            "they do nothing; give them a type",
            Severity.INFO,
        )
