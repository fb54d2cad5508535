"""The nodes of a job as those of a machine, on which other jobs are too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from simastra.errors import TraceError
from simastra.trace.edit.groups import GroupKey, group_key
from simastra.trace.edit.jobs import Job
from simastra.trace.edit.numbering import Numbering
from simastra.trace.nodes import MESSAGE_TYPES, Node, NodeType, TensorUse
from simastra.units import NpuId


@dataclass(frozen=True, slots=True)
class Placing:
    """Makes the nodes of a job those of a machine.

    Attributes:
        job: the job.
        first_id: is added to ids.
        first_tag: is added to tags of messages.
        prefix: of tensors' names.
    """

    job: Job
    first_id: int
    first_tag: int
    prefix: str

    def node(self, node: Node, npu: NpuId, group: str | None) -> Node:
        """A node in its place; the same object where nothing changes.

        Args:
            node: of an NPU of the job.
            npu: the NPU.
            group: what it names as its process group from now on.
        """
        first = self.first_id
        made = replace(
            node,
            id=node.id + first,
            data_deps=tuple([it + first for it in node.data_deps]),
            ctrl_deps=tuple([it + first for it in node.ctrl_deps]),
            comm_src=self._npu(node, npu, node.comm_src),
            comm_dst=self._npu(node, npu, node.comm_dst),
            comm_tag=self._tag(node),
            pg_name=group,
            inputs=self._tensors(node.inputs),
            outputs=self._tensors(node.outputs),
        )
        return node if made == node else made

    def _npu(self, node: Node, npu: NpuId, named: NpuId | None) -> NpuId | None:
        placement = self.job.placement
        if named is None or named < len(placement):
            return None if named is None else placement[named]
        raise TraceError(
            f"{node.name!r} names NPU {named}; job {self.job.name!r} has "
            f"NPUs 0 to {len(placement) - 1}",
            source=self.job.trace.sources[npu],
            node=node.id,
        )

    def _tag(self, node: Node) -> int | None:
        if not self.first_tag or node.type not in MESSAGE_TYPES:
            return node.comm_tag
        return (node.comm_tag or 0) + self.first_tag

    def _tensors(self, uses: tuple[TensorUse, ...] | None) -> tuple[TensorUse, ...] | None:
        if not self.prefix or not uses:
            return uses
        return tuple(TensorUse(self.prefix + it.name, it.size) for it in uses)


def placed_npus(placing: Placing, numbering: Numbering) -> Iterator[tuple[Node, ...]]:
    """The nodes of each NPU of a job; NPUs with the same ones share a tuple as before.

    Raises:
        TraceError: a collective is in no group that there is, or a message names no NPU.
    """
    kinds: dict[int, dict[GroupKey, Node]] = {}
    made: dict[tuple[int, bool, tuple[int, ...]], tuple[Node, ...]] = {}
    for npu, nodes in enumerate(placing.job.trace.npus):
        if id(nodes) not in kinds:
            collectives = (it for it in nodes if it.type is NodeType.COMM_COLL)
            kinds[id(nodes)] = {group_key(it): it for it in collectives}
        numbers = {kind: numbering.of(npu, it) for kind, it in kinds[id(nodes)].items()}
        lists = numbering.renumbers_listed(npu)
        key = id(nodes), lists, tuple(numbers.values())
        if key not in made:
            made[key] = _placed(placing, npu, numbers, lists=lists)
        yield made[key]


def _placed(
    placing: Placing, npu: NpuId, numbers: Mapping[GroupKey, int], *, lists: bool
) -> tuple[Node, ...]:
    made = []
    for node in placing.job.trace.npus[npu]:
        group = node.pg_name
        if node.type is NodeType.COMM_COLL and numbers[group_key(node)]:
            group = str(numbers[group_key(node)])
        placed = placing.node(node, npu, group)
        # What is listed there would go before the merged trace's groups.
        made.append(replace(placed, metadata="") if lists and placed.metadata else placed)
    return tuple(made)
