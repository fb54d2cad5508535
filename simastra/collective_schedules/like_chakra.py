"""MSCCL's XML as Chakra's own converter makes ETs of it: sizes are left to the simulator.

Nodes have ``msg_chunk_cnt``, ``msg_chunk_idx`` and ``total_chunk_cnt`` in place of ``comm_size``,
of which ASTRA-sim from pull request 343 on makes sizes; simastra plays what `playing` writes.
Chakra's knows steps of four types, whose source and target have the same number. (The converter of
ASTRA-sim's collectiveapi, at 1f3b1fd, of December 2025.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from simastra.trace import et_def_pb2, protobuf

from .xml_elements import XmlElement, parse_xml

_SCHEMA = "1.0.2-chakra.0.0.4"
_KNOWN = ("s", "r", "rrc", "nop")
_NOBODY = -1


def chakra_traces(text: str, source: str) -> list[bytes]:
    """Return the content of each rank's ET, in order of the ranks.

    Args:
        text: an algorithm that `read_msccl` has read.
        source: its file.

    Raises:
        ScheduleError: it has a step that Chakra's converter doesn't know, or stops at.
    """
    algorithm = parse_xml(text, source)
    metadata = et_def_pb2.GlobalMetadata(
        attr=[
            et_def_pb2.AttributeProto(name="schema", string_val=_SCHEMA),
            et_def_pb2.AttributeProto(name="input_file", string_val=text),
            et_def_pb2.AttributeProto(name="collective", string_val=algorithm.text("coll")),
        ]
    )
    gpus = sorted(algorithm.named("gpu"), key=lambda gpu: gpu.integer("id"))
    return [protobuf.serialize_messages(metadata, _Gpu(gpu).nodes(), source) for gpu in gpus]


@dataclass(slots=True)
class _Made:
    """The nodes of a step, none of a nop; others wait for the last one."""

    element: XmlElement
    nodes: list[et_def_pb2.Node] = field(default_factory=list)


class _Gpu:
    """A rank's nodes."""

    def __init__(self, gpu: XmlElement) -> None:
        self._chunks = gpu.integer("i_chunks", default=0) or gpu.integer("o_chunks", default=0)
        self._next_id = 0
        self._steps: dict[tuple[int, int], _Made] = {}
        for tb in gpu.children:
            if tb.tag != "tb":
                continue  # copies of the input
            for element in tb.named("step"):
                self._steps[tb.integer("id"), element.integer("s")] = self._made(element, tb)

    def nodes(self) -> Iterator[et_def_pb2.Node]:
        """All of them, thread block by thread block, with what they depend on."""
        for (tb, at), made in self._steps.items():
            if made.nodes:
                self._depend(made, tb, at)
                yield from made.nodes

    def _made(self, element: XmlElement, tb: XmlElement) -> _Made:
        kind = element.text("type")
        if kind not in _KNOWN:
            raise element.error(
                f"is of type {kind}, which Chakra's converter doesn't know; it is s, r, rrc or nop"
            )
        if element.integer("srcoff", least=_NOBODY) != element.integer("dstoff", least=_NOBODY):
            raise element.error("has another srcoff than dstoff, where Chakra's converter stops")
        place = f"tb{tb.text('id')}_step{element.integer('s')}"
        first = self._id()
        made = _Made(element)
        if kind == "s":
            made.nodes = [_message(first, "SEND", place, self._attributes(element, tb, "send"))]
        elif kind != "nop":
            made.nodes = [_message(first, "RECV", place, self._attributes(element, tb, "recv"))]
        if kind == "rrc":
            name = f"COMP_NODE_{place}"
            reduction = et_def_pb2.Node(id=self._id(), name=name, type=et_def_pb2.COMP_NODE)
            reduction.data_deps.append(first)
            made.nodes.append(reduction)
        return made

    def _id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _attributes(
        self, element: XmlElement, tb: XmlElement, way: str
    ) -> Mapping[str, int | bool]:
        """In their order; True and False are written as bool_val, numbers as int32_val."""
        chunk = element.integer("srcoff")
        is_reduced = {"is_rrc": True} if element.text("type") == "rrc" else {}
        return {
            "comm_dst" if way == "send" else "comm_src": tb.integer(way),
            "comm_tag": tb.integer("chan", least=_NOBODY),
            "msg_chunk_cnt": element.integer("cnt"),
            "msg_chunk_idx": chunk,
            "total_chunk_cnt": self._chunks,
            "local_time_step": element.integer("s"),
            "chunk_offset": chunk,
            **is_reduced,
            "hasdep": element.integer("hasdep"),
            "deps": element.integer("deps", least=_NOBODY),
            "depid": element.integer("depid", least=_NOBODY),
            "tb_id": tb.integer("id"),
        }

    def _depend(self, made: _Made, tb: int, at: int) -> None:
        """On the step that it names, then on the one before, or what nops before it name."""
        deps = made.nodes[0].data_deps
        if (named := self._named(made.element)) is not None:
            deps.append(named)
        for before in range(at - 1, -1, -1):
            step = self._steps[tb, before]
            if step.nodes:
                deps.append(step.nodes[-1].id)
                return
            named = self._named(step.element)
            if named is None:
                raise step.element.error("depends on no step with a node: Chakra's converter stops")
            deps.append(named)

    def _named(self, element: XmlElement) -> int | None:
        """The last node of the step that it depends on, if it has one."""
        key = element.integer("depid", least=_NOBODY), element.integer("deps", least=_NOBODY)
        step = self._steps.get(key)
        return step.nodes[-1].id if step is not None and step.nodes else None


def _message(
    number: int, way: str, place: str, attributes: Mapping[str, int | bool]
) -> et_def_pb2.Node:
    kind = et_def_pb2.COMM_SEND_NODE if way == "SEND" else et_def_pb2.COMM_RECV_NODE
    node = et_def_pb2.Node(id=number, name=f"COMM_{way}_NODE_{place}", type=kind)
    node.attr.append(et_def_pb2.AttributeProto(name="comm_type", int64_val=kind))
    for name, value in attributes.items():
        if isinstance(value, bool):
            node.attr.append(et_def_pb2.AttributeProto(name=name, bool_val=value))
        else:
            node.attr.append(et_def_pb2.AttributeProto(name=name, int32_val=value))
    return node
