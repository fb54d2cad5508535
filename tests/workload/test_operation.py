"""What each kind of node asks of the hardware, in hoti2024's reading (behaviour 2.2, 2.3, 1.9)."""

from dataclasses import replace

import pytest
from support.machines import system

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.dialect import HOTI2024, MASTER, Dialect
from simastra.errors import TraceError
from simastra.trace import CollectiveType, Node, NodeType
from simastra.workload import (
    Activity,
    Collective,
    MemoryOperation,
    Operation,
    OperationRules,
    ReceiveOperation,
    ReplayOperation,
    Resource,
    RooflineOperation,
    SendOperation,
    SkipOperation,
)

DURATION = 7000
FULL: dict[NodeType, Node] = {
    type: Node(
        4,
        "node",
        type,
        duration=DURATION,
        num_ops=600,
        tensor_size=300,
        comm_type=CollectiveType.ALL_GATHER,
        comm_size=200,
        involved_dim=(True, False),
        comm_priority=3,
        comm_src=None if type is NodeType.COMM_COLL else 1,
        comm_dst=2,
        comm_tag=5,
    )
    for type in NodeType
}
REPLAYED = ReplayOperation(DURATION)
ROOFLINE = RooflineOperation(num_ops=600, tensor_size=300)
MEMORY = MemoryOperation(300)
SEND = SendOperation(dst=2, size=200, tag=5)
RECEIVE = ReceiveOperation(src=1, size=200, tag=5)
GATHER = Collective(FULL[NodeType.COMM_COLL], CollectiveType.ALL_GATHER, 200, (True, False), 3)

# For each type of node: on the GPU, on the CPU; then the same with the roofline enabled.
TABLE: dict[NodeType, tuple[Operation, Operation, Operation, Operation]] = {
    NodeType.INVALID: (SkipOperation(), REPLAYED, SkipOperation(), ROOFLINE),
    NodeType.METADATA: (SkipOperation(), REPLAYED, SkipOperation(), ROOFLINE),
    NodeType.MEM_LOAD: (MEMORY, MEMORY, MEMORY, MEMORY),
    NodeType.MEM_STORE: (MEMORY, MEMORY, MEMORY, MEMORY),
    NodeType.COMP: (REPLAYED, REPLAYED, ROOFLINE, ROOFLINE),
    NodeType.COMM_SEND: (SEND, REPLAYED, SEND, ROOFLINE),
    NodeType.COMM_RECV: (RECEIVE, REPLAYED, RECEIVE, ROOFLINE),
    NodeType.COMM_COLL: (GATHER, REPLAYED, GATHER, ROOFLINE),
}


def rules(
    dialect: Dialect = HOTI2024, *, roofline: bool = False, replay: bool = False
) -> OperationRules:
    return OperationRules(
        dialect, system(roofline_enabled=int(roofline), replay_only=int(replay), peak_perf=1)
    )


@pytest.mark.parametrize("type", NodeType)
@pytest.mark.parametrize("roofline", [False, True])
@pytest.mark.parametrize("on_cpu", [False, True])
def test_operations_by_type_unit_and_model(
    type: NodeType,
    roofline: bool,  # noqa: FBT001  # pytest passes them by name
    on_cpu: bool,  # noqa: FBT001
) -> None:
    node = replace(FULL[type], is_cpu_op=on_cpu)
    assert rules(roofline=roofline).operation(node) == TABLE[type][2 * roofline + on_cpu]


@pytest.mark.parametrize("type", NodeType)
@pytest.mark.parametrize("on_cpu", [False, True, None])
def test_replay_only_replays_everything(
    type: NodeType,
    on_cpu: bool | None,  # noqa: FBT001  # pytest passes it by name
) -> None:
    node = replace(FULL[type], is_cpu_op=on_cpu)
    assert rules(replay=True).operation(node) == REPLAYED
    assert rules(replay=True, roofline=True).operation(node) == REPLAYED


def test_a_replayed_node_without_a_duration_takes_a_nanosecond() -> None:
    node = Node(1, "n", NodeType.INVALID, is_cpu_op=False)
    assert rules(replay=True).operation(node) == ReplayOperation(1)


def test_a_computation_with_neither_duration_nor_operations_is_skipped() -> None:
    empty = Node(1, "n", NodeType.COMP, is_cpu_op=False, tensor_size=100)
    assert rules().operation(empty) == SkipOperation()
    assert rules(roofline=True).operation(empty) == SkipOperation()


def test_a_computation_with_operations_but_no_duration_is_replayed_in_a_nanosecond() -> None:
    node = Node(1, "n", NodeType.COMP, is_cpu_op=False, num_ops=5)
    assert rules().operation(node) == ReplayOperation(1)


@pytest.mark.parametrize(
    ("type", "on_cpu", "resource"),
    [
        (NodeType.COMP, False, Resource.GPU_COMPUTE),
        (NodeType.COMP, True, Resource.CPU),
        (NodeType.COMM_COLL, False, Resource.GPU_COMMUNICATION),
        (NodeType.COMM_SEND, False, Resource.GPU_COMMUNICATION),
        (NodeType.COMM_RECV, False, Resource.GPU_COMMUNICATION),
        (NodeType.COMM_COLL, True, Resource.CPU),
        (NodeType.MEM_LOAD, False, Resource.GPU_COMMUNICATION),
        (NodeType.MEM_STORE, True, Resource.CPU),
        (NodeType.METADATA, False, Resource.GPU_COMMUNICATION),
        (NodeType.COMP, None, Resource.CPU),  # hoti2024 takes a node for a CPU node by default
        (NodeType.COMM_COLL, None, Resource.CPU),
    ],
)
def test_resources(
    type: NodeType,
    on_cpu: bool | None,  # noqa: FBT001  # pytest passes it by name
    resource: Resource,
) -> None:
    assert rules().resource(replace(FULL[type], is_cpu_op=on_cpu)) is resource


@pytest.mark.parametrize("dialect", [HOTI2024, MASTER])
@pytest.mark.parametrize(("duration", "replayed"), [(0, 1), (7000, 7000)])
def test_a_broadcast_is_replayed(dialect: Dialect, duration: int, replayed: int) -> None:
    broadcast = {"is_cpu_op": False, "comm_type": CollectiveType.BROADCAST, "duration": duration}
    node = replace(FULL[NodeType.COMM_COLL], **broadcast)  # type: ignore[arg-type]  # by name
    assert rules(dialect).operation(node) == ReplayOperation(replayed)


@pytest.mark.parametrize("dialect", [HOTI2024, MASTER])
@pytest.mark.parametrize("collective", EXTENDED_COLLECTIVES)
def test_an_extended_collective_runs_where_it_is_asked_for(
    dialect: Dialect, collective: CollectiveType
) -> None:
    node = replace(FULL[NodeType.COMM_COLL], is_cpu_op=False, comm_type=collective)
    operation = rules(replace(dialect, extended_collectives=True)).operation(node)
    assert isinstance(operation, Collective)
    assert operation.kind is collective


@pytest.mark.parametrize(
    "collective",
    [
        CollectiveType.REDUCE,
        CollectiveType.GATHER,
        CollectiveType.SCATTER,
        CollectiveType.BARRIER,
        CollectiveType.REDUCE_SCATTER_BLOCK,
    ],
)
def test_a_collective_that_is_not_simulated_is_an_error(collective: CollectiveType) -> None:
    node = replace(FULL[NodeType.COMM_COLL], is_cpu_op=False, comm_type=collective)
    with pytest.raises(TraceError, match=rf"node 4: 'node': {collective.name} isn't simulated"):
        rules().operation(node)


@pytest.mark.parametrize(
    ("type", "attribute"),
    [
        (NodeType.COMM_COLL, "comm_type"),
        (NodeType.COMM_COLL, "comm_size"),
        (NodeType.COMM_SEND, "comm_dst"),
        (NodeType.COMM_SEND, "comm_size"),
        (NodeType.COMM_RECV, "comm_src"),
        (NodeType.COMM_RECV, "comm_size"),
        (NodeType.MEM_LOAD, "tensor_size"),
        (NodeType.MEM_STORE, "tensor_size"),
    ],
)
def test_a_missing_attribute_is_named(type: NodeType, attribute: str) -> None:
    missing: dict[str, None] = {attribute: None}
    node = replace(FULL[type], is_cpu_op=False, **missing)  # type: ignore[arg-type]  # by name
    with pytest.raises(TraceError, match=rf"{type.name} node without the attribute '{attribute}'"):
        rules().operation(node)


@pytest.mark.parametrize("type", [NodeType.COMM_SEND, NodeType.COMM_RECV, NodeType.COMM_COLL])
def test_tag_and_priority_are_0_and_all_dimensions_involved_by_default(type: NodeType) -> None:
    bare = replace(
        FULL[type], is_cpu_op=False, comm_tag=None, comm_priority=None, involved_dim=None
    )
    match rules().operation(bare):
        case SendOperation(tag=tag) | ReceiveOperation(tag=tag):
            assert tag == 0
        case Collective(involved=involved, priority=priority):
            assert (involved, priority) == (None, 0)
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize("type", NodeType)
@pytest.mark.parametrize("on_cpu", [False, True, None])
def test_what_a_node_spends_its_time_on(
    type: NodeType,
    on_cpu: bool | None,  # noqa: FBT001  # pytest passes it by name
) -> None:
    if type in (NodeType.MEM_LOAD, NodeType.MEM_STORE):
        expected = Activity.REMOTE_MEMORY  # wherever it runs
    elif on_cpu is not False:
        expected = Activity.CPU
    else:
        expected = Activity.COMPUTE if type is NodeType.COMP else Activity.COMMUNICATION
    assert rules().activity(replace(FULL[type], is_cpu_op=on_cpu)) is expected


@pytest.mark.parametrize("dialect", [HOTI2024, MASTER])
def test_microseconds_decide_unless_exact_durations_are_asked_for(dialect: Dialect) -> None:
    exact = replace(dialect, exact_durations=True)
    for duration, nanos in ((7000, 6501), (0, 499)):
        node = replace(
            FULL[NodeType.COMP], is_cpu_op=False, duration=duration, duration_nanos=nanos, num_ops=0
        )
        rounded: Operation = ReplayOperation(duration or 1)
        if not duration and dialect is HOTI2024:
            rounded = SkipOperation()
        assert rules(dialect).operation(node) == rounded
        assert rules(exact).operation(node) == ReplayOperation(nanos)
    plain = replace(FULL[NodeType.COMP], is_cpu_op=False)
    assert rules(exact).operation(plain) == REPLAYED


def test_a_duration_may_last_until_the_end_of_time_and_no_longer() -> None:
    latest = 2**63 - 1
    node = replace(FULL[NodeType.COMP], is_cpu_op=False, duration=latest)
    assert rules().operation(node) == ReplayOperation(latest)
    with pytest.raises(TraceError, match=rf"'node' takes {latest + 1} ns, and simulated time ends"):
        rules().operation(replace(node, duration=latest + 1))
