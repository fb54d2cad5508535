"""From the drafts of a stage to the nodes of each NPU."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simastra.trace import Node
from simastra.trace.renamed import NodeTemplate, RenamedNodes
from simastra.transformer.parallelism import AxisGroups, RankMapping
from simastra.units import NpuId

from .draft import Draft
from .expert_work import ExpertWork


class NpuNodes:
    """Makes the nodes of NPUs, sharing whatever they have in common.

    Args:
        placement: of the NPUs.
        stages: the drafts of each stage.
        groups: the process groups; None where collectives name network dimensions.
        experts: makes the nodes of NPUs that share experts; None where these do the same.
    """

    def __init__(
        self,
        placement: RankMapping,
        stages: Sequence[tuple[Draft, ...]],
        groups: AxisGroups | None,
        experts: ExpertWork | None = None,
    ) -> None:
        self._placement = placement
        self._groups = groups
        self._experts = experts
        self._drafts = stages
        self._shared = [tuple(draft.node for draft in drafts) for drafts in stages]
        self._open = [
            [
                (index, draft)
                for index, draft in enumerate(drafts)
                if draft.peer is not None
                or (groups is not None and draft.axes)
                or self._is_expert(draft)
            ]
            for drafts in stages
        ]
        self._axes = [{draft.axes for draft in drafts if draft.axes} for drafts in stages]
        self._firsts: dict[int, tuple[NpuId, NodeTemplate]] = {}
        """Of each stage an NPU, and its nodes."""
        self._made: dict[tuple[int, int, int, int], Node] = {}

    def stage(self, npu: NpuId) -> int:
        """An NPU's stage."""
        return self._placement.stage(npu)

    def shared(self, stage: int) -> tuple[Node, ...]:
        """The nodes of a stage, with what is an NPU's own left out."""
        return self._shared[stage]

    def own(self, npu: NpuId) -> dict[int, Node]:
        """The nodes that differ from `shared`, by index; NPUs of one group share them."""
        stage = self.stage(npu)
        numbers: dict[tuple[str, ...], int] = {}
        nodes: dict[int, Node] = {}
        position = 0 if self._experts is None else self._experts.position(npu)
        for index, draft in self._open[stage]:
            if draft.peer is not None:
                nodes[index] = self._message(draft, npu)
                continue
            number = numbers.get(draft.axes)
            if number is None:
                number = numbers[draft.axes] = self._number(npu, draft)
            place = position if self._is_expert(draft) else -1
            key = (stage, index, number, place)
            node = self._made.get(key)
            if node is None:
                node = self._made[key] = self._member(draft, number, place)
            nodes[index] = node
        return nodes

    def is_named_only(self, draft_index: int, stage: int) -> bool:
        """Whether a stage's node differs between NPUs in its process group alone."""
        return not self._is_expert(self._drafts[stage][draft_index])

    def _is_expert(self, draft: Draft) -> bool:
        return self._experts is not None and draft.role is not None

    def _number(self, npu: NpuId, draft: Draft) -> int:
        """Number of a node's process group; 0 where it names none."""
        if self._groups is None or not draft.axes:
            return 0
        return self._groups.number(npu, draft.axes)

    def _member(self, draft: Draft, number: int, place: int) -> Node:
        """The node of the members of a group, those at that place among NPUs that share experts."""
        if place < 0 or self._experts is None:
            return with_fields(draft.node, {"pg_name": str(number)})
        node = self._experts.own(draft, place)
        return replace(node, pg_name=str(number)) if number else node

    def nodes(self, npu: NpuId) -> Sequence[Node]:
        """All nodes of an NPU.

        Of NPUs of a stage that differ in whom they communicate with, the first one has them at
        hand, and the others are told by what they name in its place.
        """
        stage = self.stage(npu)
        if not self._open[stage]:
            return self._shared[stage]
        if self._experts is not None:
            return self._of_its_own(npu)
        if stage not in self._firsts:
            self._firsts[stage] = npu, NodeTemplate(self._of_its_own(npu))
        first, template = self._firsts[stage]
        return template.nodes if npu == first else self._renamed(npu, first, template)

    def _of_its_own(self, npu: NpuId) -> tuple[Node, ...]:
        nodes = list(self._shared[self.stage(npu)])
        for index, node in self.own(npu).items():
            nodes[index] = node
        return tuple(nodes)

    def _renamed(self, npu: NpuId, first: NpuId, template: NodeTemplate) -> RenamedNodes:
        """What the first NPU of a stage does, for another one of it."""
        # Whom a message goes to is as far from each of them.
        npus = [named + npu - first for named in template.npus]
        if self._groups is None:
            return template.renamed(npus, ())
        names = {
            str(self._groups.number(first, axes)): str(self._groups.number(npu, axes))
            for axes in self._axes[self.stage(npu)]
        }
        return template.renamed(npus, [names[name] for name in template.groups])

    def _message(self, draft: Draft, npu: NpuId) -> Node:
        assert draft.peer is not None
        peer = self._placement.on_stage(npu, draft.peer)
        src, dst = (npu, peer) if draft.sends else (peer, npu)
        return with_fields(draft.node, {"comm_src": src, "comm_dst": dst})


def with_fields(node: Node, changed: Mapping[str, Any]) -> Node:
    """Return a draft's node with some fields; four times as fast as dataclasses.replace."""
    return Node(
        node.id,
        node.name,
        node.type,
        node.data_deps,
        is_cpu_op=node.is_cpu_op,
        num_ops=node.num_ops,
        tensor_size=node.tensor_size,
        comm_type=node.comm_type,
        comm_size=node.comm_size,
        involved_dim=node.involved_dim,
        comm_priority=node.comm_priority,
        comm_tag=node.comm_tag,
        purpose=node.purpose,
        **changed,
    )
