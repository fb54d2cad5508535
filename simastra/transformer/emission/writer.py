"""Writes the drafts of a stage, so that they run in one order wherever they run.

Computations wait for the one before, and so do communications. An NPU has one unit for each
(behaviour 2.2), so nothing is lost by it; and since every member of a collective has the same
order, and messages are in the order of their sending on both sides, nobody can wait in a circle.

Messages that have nothing between them make a batch: each waits for what is before the batch, none
for another. In ASTRA-sim at hoti2024, where a receive holds the communication unit, they go in the
order of their ids; in its master a receive holds nothing, and they go at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from simastra.trace import CollectiveType, Node, NodeType, Purpose, TensorUse
from simastra.trace.builder import ALL_DIMS
from simastra.trace.shares import SharedTensor
from simastra.transformer.costs import Hardware, replica_count
from simastra.transformer.graph import START, Computation, ExpertRole, Segment
from simastra.transformer.parallelism import RankMapping
from simastra.units import Bytes, Ns, micros_to_ns, ns_to_whole_micros

from .draft import Draft

TAGS = 100_000_000
"""First tag of messages: in hoti2024 lower ones could be those of collectives (behaviour 3.2)."""


@dataclass(frozen=True, slots=True)
class PipelineMessage:
    """One side of a message.

    Attributes:
        name: for people.
        sends: whether it is the sender's.
        peer: stage of the other side.
        size: its bytes.
        number: that tells it from others between the same NPUs.
        tensor: of which it is a replica's share; None for a whole.
    """

    name: str
    sends: bool
    peer: int
    size: Bytes
    number: int
    tensor: SharedTensor | None = None


@dataclass(frozen=True, slots=True)
class KeptTensors:
    """What forward passes keep for backward passes.

    Attributes:
        written: what begins to be kept.
        read: what is kept no longer.
    """

    written: tuple[TensorUse, ...] = ()
    read: tuple[TensorUse, ...] = ()


NOTHING_KEPT = KeptTensors()


class Writer:
    """The drafts of a stage in the making. Each method returns the ids of what it adds.

    Args:
        placement: of the NPUs.
        hardware: for durations.

    Attributes:
        drafts: what has been written.
        layer: number of the layer that is being written.
    """

    def __init__(self, placement: RankMapping, hardware: Hardware) -> None:
        self.drafts: list[Draft] = []
        self.layer = 0
        self._placement = placement
        self._hardware = hardware
        self._computation: tuple[int, ...] = ()
        self._communication: tuple[int, ...] = ()

    @property
    def computed(self) -> tuple[int, ...]:
        """The last computation, if there is one."""
        return self._computation

    def segment(
        self,
        segment: Segment,
        prefix: str,
        start: Sequence[int],
        purpose: Purpose,
        kept: KeptTensors = NOTHING_KEPT,
        *,
        layer: bool = False,
    ) -> list[int]:
        """Add a segment whose input is there after `start`; return the ids of its steps.

        Args:
            segment: which.
            prefix: what the names of its nodes begin with.
            start: ids of the nodes after which its input is there.
            purpose: of its computations.
            kept: what its first computation writes and its last one reads, for a backward pass.
            layer: whether it is all that a layer does.
        """
        ids: list[int] = []
        computations = [step for step in segment.steps if isinstance(step, Computation)]
        backward = purpose is Purpose.BACKWARD
        least = self._launched(segment, backward=backward) if layer else 0
        times = iter(self._hardware.durations(computations, backward=backward, least=least))
        for step in segment.steps:
            after = list[int]()
            for index in step.after or (START,):
                after += start if index == START else [ids[index]]
            name = f"{prefix}.{step.name}"
            if isinstance(step, Computation):
                tensors = KeptTensors(
                    kept.written if step is computations[0] else (),
                    kept.read if step is computations[-1] else (),
                )
                ids += self._computed(step, next(times), name, purpose, after, tensors)
            else:
                experts = step.collective is CollectiveType.ALL_TO_ALL and "ep" in step.axes
                label = Purpose.EXPERTS if experts else Purpose.ACTIVATIONS
                ids += self.collective(name, step.collective, step.axes, step.size, label, after)
                self._note(step.role)
        return ids

    def _note(self, role: ExpertRole | None, fixed: Bytes = 0) -> None:
        """Note what the last draft has to do with experts."""
        if role is not None:
            self.drafts[-1] = replace(self.drafts[-1], role=role, layer=self.layer, fixed=fixed)

    def compute(
        self,
        step: Computation,
        name: str,
        purpose: Purpose,
        after: Iterable[int],
    ) -> tuple[int, ...]:
        """Add a computation, under a name of its own."""
        (time,) = self._hardware.durations([step], backward=False)
        return self._computed(step, time, name, purpose, after, NOTHING_KEPT)

    def _computed(
        self,
        step: Computation,
        exact: Ns,
        name: str,
        purpose: Purpose,
        after: Iterable[int],
        kept: KeptTensors,
    ) -> tuple[int, ...]:
        duration = micros_to_ns(ns_to_whole_micros(exact))
        node = Node(
            self._next_id,
            name,
            NodeType.COMP,
            self._waits(after, computes=True),
            duration=duration,
            is_cpu_op=False,
            num_ops=step.operations,
            tensor_size=step.size,
            inputs=kept.read or None,
            outputs=kept.written or None,
            duration_nanos=None if exact == duration else exact,
            purpose=purpose,
        )
        self.drafts.append(Draft(node, step.work))
        self._note(step.role, step.fixed)
        self._computation = (node.id,)
        return self._computation

    def collective(
        self,
        name: str,
        collective: CollectiveType,
        axes: tuple[str, ...],
        size: Bytes,
        purpose: Purpose,
        after: Iterable[int],
    ) -> tuple[int, ...]:
        """Add a collective."""
        node = Node(
            self._next_id,
            name,
            NodeType.COMM_COLL,
            self._waits(after, computes=False),
            is_cpu_op=False,
            comm_type=collective,
            comm_size=size,
            involved_dim=self._placement.involved(axes),
            comm_priority=0,
            purpose=purpose,
        )
        self.drafts.append(Draft(node, purpose, axes))
        self._communication = (node.id,)
        return self._communication

    def shared(
        self,
        name: str,
        collective: CollectiveType,
        axes: tuple[str, ...],
        tensor: SharedTensor,
        purpose: Purpose,
        after: Iterable[int],
    ) -> tuple[int, ...]:
        """Add a collective on what replicas share out, which says of what size that is."""
        count = replica_count(self._placement.parallelism, axes)
        size = tensor.comm_size(collective, count)
        ids = self.collective(name, collective, axes, size, purpose, after)
        draft = self.drafts[-1]
        node = replace(draft.node, num_ops=tensor.elements, tensor_size=tensor.size)
        self.drafts[-1] = replace(draft, node=node)
        return ids

    def messages(self, batch: Sequence[PipelineMessage], after: Iterable[int]) -> tuple[int, ...]:
        """Add messages that wait for the same; the first goes first where one must."""
        waits = self._waits((*after, *self._computation), computes=False)
        ids = []
        for message in batch:
            node = Node(
                self._next_id,
                message.name,
                NodeType.COMM_SEND if message.sends else NodeType.COMM_RECV,
                waits,
                is_cpu_op=False,
                comm_size=message.size,
                comm_tag=TAGS + message.number,
                involved_dim=ALL_DIMS,
                comm_priority=0,
                purpose=Purpose.PIPELINE,
                num_ops=None if message.tensor is None else message.tensor.elements,
                tensor_size=None if message.tensor is None else message.tensor.size,
            )
            self.drafts.append(Draft(node, Purpose.PIPELINE, peer=message.peer))
            ids.append(node.id)
        self._communication = tuple(ids) or self._communication
        return tuple(ids)

    def _launched(self, layer: Segment, *, backward: bool) -> Ns:
        """The least that a layer's computations take."""
        calibrated = self._hardware.calibrated
        if calibrated is None:
            return 0
        each = calibrated.calibration.gpus_per_node

        def extent(axes: tuple[str, ...]) -> tuple[int, int]:
            members = self._placement.line(0, axes)
            return len(members), len({npu // each for npu in members})

        return calibrated.launched(layer, extent, backward=backward)

    @property
    def _next_id(self) -> int:
        return len(self.drafts) + 1  # from 1: files leave 0 out, and it reads as "no id"

    def _waits(self, after: Iterable[int], *, computes: bool) -> tuple[int, ...]:
        """What a node waits for: `after` and the last of its unit, less what these waited for."""
        computations = list(self._computation) if computes else []
        communications = [] if computes else list(self._communication)
        for id in after:
            if self.drafts[id - 1].node.type is NodeType.COMP:
                computations.append(id)
            elif computes:
                communications.append(id)
        newest = [max(computations)] if computations else []  # it has waited for all the others
        return tuple(sorted({*newest, *communications}))
