"""The ET generation API."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from simastra.errors import TraceError
from simastra.trace import (
    Annotations,
    CollectiveType,
    Node,
    NodeType,
    TraceBuilder,
    check_nodes,
    load_trace,
)
from simastra.trace.builder_options import AnnotationOptions

EVERY_DIM = (True, True, True, True)


def test_nodes_are_numbered_from_1_and_joined_by_after() -> None:
    builder = TraceBuilder()
    a = builder.compute("a")
    b = builder.compute("b", after=a)
    c = builder.compute("c", after=[a, b])
    d = builder.compute("d", after=(node for node in (c, b)))
    assert builder.nodes == (a, b, c, d)
    assert [node.id for node in builder.nodes] == [1, 2, 3, 4]
    assert [node.data_deps for node in builder.nodes] == [(), (1,), (1, 2), (3, 2)]
    assert all(node.ctrl_deps == () for node in builder.nodes)
    check_nodes(builder.nodes, "t", with_ctrl_deps=True)


def test_a_dependency_named_twice_is_written_once() -> None:
    builder = TraceBuilder()
    a = builder.compute("a")
    assert builder.compute("b", after=[a, a]).data_deps == (1,)


def test_a_computation() -> None:
    builder = TraceBuilder()
    assert builder.compute("a", micros=50, num_ops=10**15, tensor_size=1 << 30) == Node(
        1,
        "a",
        NodeType.COMP,
        duration=50_000,
        is_cpu_op=False,
        num_ops=10**15,
        tensor_size=1 << 30,
    )
    assert builder.compute("b", on_cpu=True).is_cpu_op is True


def test_roofline_attributes_are_written_even_if_zero() -> None:
    # ASTRA-sim reads uninitialised memory, or throws, where they are missing.
    node = TraceBuilder().compute("a")
    assert (node.num_ops, node.tensor_size) == (0, 0)


def test_a_collective() -> None:
    assert TraceBuilder().all_reduce("AR", size=1 << 20) == Node(
        1,
        "AR",
        NodeType.COMM_COLL,
        is_cpu_op=False,
        comm_type=CollectiveType.ALL_REDUCE,
        comm_size=1 << 20,
        involved_dim=EVERY_DIM,
        comm_priority=0,
    )


def test_a_collective_with_everything() -> None:
    builder = TraceBuilder()
    before = builder.compute("a")
    node = builder.all_gather("AG", size=5, dims=[True, False], priority=-2, group=3, after=before)
    assert node == Node(
        2,
        "AG",
        NodeType.COMM_COLL,
        data_deps=(1,),
        is_cpu_op=False,
        comm_type=CollectiveType.ALL_GATHER,
        comm_size=5,
        involved_dim=(True, False),
        comm_priority=-2,
        pg_name="3",
    )


@pytest.mark.parametrize(
    ("method", "type"),
    [
        (TraceBuilder.all_reduce, CollectiveType.ALL_REDUCE),
        (TraceBuilder.all_gather, CollectiveType.ALL_GATHER),
        (TraceBuilder.reduce_scatter, CollectiveType.REDUCE_SCATTER),
        (TraceBuilder.all_to_all, CollectiveType.ALL_TO_ALL),
        (TraceBuilder.broadcast, CollectiveType.BROADCAST),
    ],
)
def test_each_short_method_is_collective_with_its_type(
    method: Callable[..., Node], type: CollectiveType
) -> None:
    plain = TraceBuilder().collective(type, "c", size=7, dims=[True], priority=1, group=2)
    assert method(TraceBuilder(), "c", size=7, dims=[True], priority=1, group=2) == plain
    assert plain.comm_type is type


def test_a_message_names_both_ends() -> None:
    sent = TraceBuilder(npu=3).send("s", size=8, to=1, tag=5)
    received = TraceBuilder(npu=1).recv("r", size=8, source=3, tag=5)
    assert sent == Node(
        1,
        "s",
        NodeType.COMM_SEND,
        is_cpu_op=False,
        comm_size=8,
        involved_dim=EVERY_DIM,
        comm_src=3,
        comm_dst=1,
        comm_tag=5,
    )
    assert (received.type, received.comm_src, received.comm_dst) == (NodeType.COMM_RECV, 3, 1)
    assert (received.comm_size, received.comm_tag) == (8, 5)
    assert received.involved_dim == EVERY_DIM


def test_a_message_has_tag_0_unless_it_is_given_one() -> None:
    assert TraceBuilder(npu=0).send("s", size=8, to=1).comm_tag == 0
    assert TraceBuilder(npu=0).recv("r", size=8, source=1).comm_tag == 0


def test_memory_accesses() -> None:
    builder = TraceBuilder()
    load = builder.load("l", tensor_size=10)
    assert load == Node(1, "l", NodeType.MEM_LOAD, is_cpu_op=False, tensor_size=10)
    store = builder.store("s", tensor_size=20, after=load)
    assert store == Node(
        2, "s", NodeType.MEM_STORE, data_deps=(1,), is_cpu_op=False, tensor_size=20
    )


class NumberOfAnotherKind:
    """A whole number, as NumPy's are."""

    def __index__(self) -> int:
        return 4096


def test_whole_numbers_of_other_kinds_are_numbers() -> None:
    number: Any = NumberOfAnotherKind()
    node = TraceBuilder().all_reduce("a", size=number)
    assert (node.comm_size, type(node.comm_size)) == (4096, int)
    assert TraceBuilder().compute("c", micros=number).duration == 4_096_000


def test_a_whole_float_is_a_size() -> None:
    builder: Any = TraceBuilder()
    size = builder.all_reduce("AR", size=1e6).comm_size
    assert isinstance(size, int)
    assert size == 1_000_000


FOREIGN = TraceBuilder().compute("foreign")

# Any: what a type checker would refuse must be refused without one too.
WRONG_USES: dict[str, tuple[Callable[[Any], object], str]] = {
    "negative size": (lambda b: b.all_reduce("AR", size=-1), "COMM_COLL 'AR': comm_size is -1;"),
    "fractional size": (lambda b: b.all_reduce("AR", size=1.5), "comm_size is 1.5;"),
    "size as text": (lambda b: b.all_reduce("AR", size="1 MB"), "comm_size is '1 MB';"),
    "true as size": (lambda b: b.all_reduce("AR", size=True), "comm_size is True;"),
    "unknown type": (lambda b: b.collective(10, "c", size=1), "comm_type is 10;"),
    "type as text": (lambda b: b.collective("AR", "c", size=1), "comm_type is 'AR';"),
    "no dimension": (lambda b: b.all_reduce("AR", size=1, dims=[]), r"dims is \[\];"),
    "one flag": (lambda b: b.all_reduce("AR", size=1, dims=True), "dims is True;"),
    "indices": (lambda b: b.all_reduce("AR", size=1, dims=[0, 2]), r"involved_dim is \(0, 2\);"),
    "nested dims": (lambda b: b.all_reduce("AR", size=1, dims=[[True]]), "involved_dim is "),
    "processor": (lambda b: b.compute("c", on_cpu=[]), r"is_cpu_op is \[\]; true or false"),
    "negative group": (lambda b: b.all_reduce("AR", size=1, group=-1), "group is -1;"),
    "group as text": (lambda b: b.all_reduce("AR", size=1, group="a"), "group is 'a';"),
    "priority": (lambda b: b.all_reduce("AR", size=1, priority=0.5), "comm_priority is 0.5;"),
    "micros": (lambda b: b.compute("c", micros="5"), "COMP 'c': micros is '5'; a number of micro"),
    "too few micros": (lambda b: b.compute("c", micros=0.0004), "in steps of 0.001, is wanted"),
    "no number of micros": (lambda b: b.compute("c", micros=float("nan")), "micros is nan;"),
    "endless micros": (lambda b: b.compute("c", micros=float("inf")), "micros is inf;"),
    "true micros": (lambda b: b.compute("c", micros=True), "micros is True;"),
    "negative part": (lambda b: b.compute("c", micros=-0.5), "micros is -0.5;"),
    "negative micros": (lambda b: b.compute("c", micros=-1), "micros is -1;"),
    "operations": (lambda b: b.compute("c", num_ops=-1), "num_ops is -1;"),
    "tensor size": (lambda b: b.load("l", tensor_size=-1), "MEM_LOAD 'l': tensor_size is -1;"),
    "receiver": (lambda b: b.send("s", size=1, to=-1), "COMM_SEND 's': comm_dst is -1;"),
    "sender": (lambda b: b.recv("r", size=1, source=-1), "COMM_RECV 'r': comm_src is -1;"),
    "tag": (lambda b: b.send("s", size=1, to=1, tag=-1), "comm_tag is -1;"),
    "to itself": (lambda b: b.send("s", size=1, to=0), "NPU 0 is at both ends"),
    "from itself": (lambda b: b.recv("r", size=1, source=0), "NPU 0 is at both ends"),
    "list of tensors": (lambda b: b.compute("c", writes=["a"]), r"COMP 'c': writes is \['a'\];"),
    "tensor of text": (lambda b: b.compute("c", reads="a"), "COMP 'c': reads is 'a'; bytes of"),
    "name": (lambda b: b.compute(5), "the name must be text"),
    "foreign node": (lambda b: b.compute("c", after=FOREIGN), "after holds 'foreign', which"),
    "id": (lambda b: b.compute("c", after=1), "after holds 1; nodes of this builder are"),
    "nothing": (lambda b: b.compute("c", after=[None]), "after holds None; nodes of"),
}


@pytest.mark.parametrize("use", WRONG_USES)
def test_a_wrong_argument_is_an_error_and_adds_nothing(use: str) -> None:
    call, problem = WRONG_USES[use]
    builder = TraceBuilder(npu=0)
    builder.compute("first")
    with pytest.raises(TraceError, match=problem):
        call(builder)
    assert len(builder.nodes) == 1


def test_a_mistyped_option_is_not_swallowed() -> None:
    builder: Any = TraceBuilder()
    with pytest.raises(TypeError, match="sise"):
        builder.all_reduce("AR", sise=5)


def test_messages_need_a_builder_that_knows_its_npu() -> None:
    with pytest.raises(TraceError, match=r"TraceBuilder\(npu=0\)"):
        TraceBuilder().send("s", size=1, to=1)
    with pytest.raises(TraceError, match=r"TraceBuilder\(npu=0\)"):
        TraceBuilder().recv("r", size=1, source=1)
    with pytest.raises(TraceError, match="npu is -1"):
        TraceBuilder(npu=-1)


def test_a_builder_writes_the_same_file_for_every_npu(tmp_path: Path) -> None:
    builder = TraceBuilder()
    builder.all_reduce("AR", size=8)
    paths = builder.write(tmp_path / "x", npus=3)
    assert paths == [tmp_path / f"x.{npu}.et" for npu in range(3)]
    trace = load_trace(tmp_path / "x", 3)
    assert trace.npus == (builder.nodes,) * 3


def test_a_builder_for_one_npu_writes_its_file(tmp_path: Path) -> None:
    builder = TraceBuilder(npu=3)
    builder.send("s", size=1, to=0)
    assert builder.write(str(tmp_path / "x")) == [tmp_path / "x.3.et"]
    assert [path.name for path in tmp_path.iterdir()] == ["x.3.et"]
    with pytest.raises(TraceError, match="this builder is for NPU 3 only"):
        builder.write(tmp_path / "x", npus=4)


@pytest.mark.parametrize("npus", [None, 0, -1])
def test_a_builder_must_be_told_how_many_npus_there_are(tmp_path: Path, npus: int | None) -> None:
    with pytest.raises(TraceError, match="the number of NPUs, 1 or more"):
        TraceBuilder().write(tmp_path / "x", npus)


def test_a_step_can_be_annotated_with_all_that_annotations_have() -> None:
    assert set(AnnotationOptions.__annotations__) == {it.name for it in fields(Annotations)}
