"""Each type of nodes is something to an NPU."""

import pytest
from support.machines import system

from simastra.dialect import DIALECTS
from simastra.trace import Node, NodeType
from simastra.workload import NODE_KINDS, Activity, OperationRules, Resource

MEMORY = (NodeType.MEM_LOAD, NodeType.MEM_STORE)


def test_every_type_is_something() -> None:
    assert set(NODE_KINDS) == set(NodeType)


@pytest.mark.parametrize("node_type", NodeType)
def test_on_the_cpu_all_but_memory_is_the_cpus_activity(node_type: NodeType) -> None:
    rules = OperationRules(next(iter(DIALECTS.values())), system())
    there = Node(1, "n", node_type, is_cpu_op=True)
    assert rules.resource(there) is Resource.CPU
    wanted = Activity.REMOTE_MEMORY if node_type in MEMORY else Activity.CPU
    assert rules.activity(there) is wanted


@pytest.mark.parametrize("node_type", NodeType)
def test_elsewhere_computations_have_a_unit_and_the_others_share_one(node_type: NodeType) -> None:
    rules = OperationRules(next(iter(DIALECTS.values())), system())
    here = Node(1, "n", node_type, is_cpu_op=False)
    computes = node_type is NodeType.COMP
    needed = rules.resource(here)
    if node_type is not NodeType.COMM_RECV:  # of which dialects differ
        assert needed is (Resource.GPU_COMPUTE if computes else Resource.GPU_COMMUNICATION)
    kind = NODE_KINDS[node_type]
    assert rules.activity(here) is kind.activity
