"""Which pass, which collective, which side: told by attributes, and by names that are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.trace import CollectiveType, Node, NodeType
from simastra.workload import Activity
from simastra.workload.kind_of_work import (
    COLLECTIVE_KINDS,
    KindOfWork,
    _searches,
    kind_of_work,
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("F0.3.attention", KindOfWork.FORWARD),
        ("B11.3.attention", KindOfWork.BACKWARD),
        ("R0.3.attention", KindOfWork.RECOMPUTATION),
        ("layers.optimizer", KindOfWork.OPTIMIZER),
        ("COMP_NODE_conv1_FWD", KindOfWork.FORWARD),
        ("COMP_NODE_fwd_layer_WG", KindOfWork.BACKWARD),
        ("COMP_NODE_conv1_IG", KindOfWork.BACKWARD),
        ("COMP_NODE_conv1_FWD_IN_BCKWD", KindOfWork.RECOMPUTATION),
        ("forward_3", KindOfWork.FORWARD),
        ("backward_3", KindOfWork.BACKWARD),
        ("autograd::engine::evaluate_function: ConvolutionBackward0", KindOfWork.BACKWARD),
        ("cudnn_infer_ampere_dgrad_128", KindOfWork.BACKWARD),
        ("Optimizer.step#SGD.step", KindOfWork.OPTIMIZER),
        ("adamw_step of gradients", KindOfWork.OPTIMIZER),
        ("aten::addmm", KindOfWork.COMPUTE),
        ("gradual", KindOfWork.COMPUTE),
        ("F.relu", KindOfWork.COMPUTE),
        ("", KindOfWork.COMPUTE),
    ],
)
def test_a_computation_is_of_the_pass_that_its_name_tells(name: str, kind: KindOfWork) -> None:
    assert kind_of_work(Node(1, name, NodeType.COMP), Activity.COMPUTE) is kind


def test_what_a_computation_is_for_counts_more_than_its_name() -> None:
    told = Node(1, "F0.3.attention", NodeType.COMP, purpose="backward")
    assert kind_of_work(told, Activity.COMPUTE) is KindOfWork.BACKWARD
    own = Node(1, "F0.3.attention", NodeType.COMP, purpose="mine")
    assert kind_of_work(own, Activity.COMPUTE) is KindOfWork.FORWARD


def test_what_the_host_computes_is_its_own_unless_its_name_says_more() -> None:
    assert kind_of_work(Node(1, "aten::empty", NodeType.COMP), Activity.CPU) is KindOfWork.HOST
    backward = Node(1, "MulBackward0", NodeType.COMP)
    assert kind_of_work(backward, Activity.CPU) is KindOfWork.BACKWARD


def test_every_collective_has_a_kind_whatever_its_name_is() -> None:
    assert set(COLLECTIVE_KINDS) == set(CollectiveType)
    for collective, kind in COLLECTIVE_KINDS.items():
        node = Node(1, "backward", NodeType.COMM_COLL, comm_type=collective)
        assert kind_of_work(node, Activity.COMMUNICATION) is kind


@pytest.mark.parametrize(
    ("node_type", "activity", "kind"),
    [
        (NodeType.COMM_SEND, Activity.COMMUNICATION, KindOfWork.SEND),
        (NodeType.COMM_RECV, Activity.COMMUNICATION, KindOfWork.RECEIVE),
        (NodeType.MEM_LOAD, Activity.REMOTE_MEMORY, KindOfWork.MEMORY),
        (NodeType.MEM_STORE, Activity.REMOTE_MEMORY, KindOfWork.MEMORY),
        (NodeType.COMM_COLL, Activity.COMMUNICATION, KindOfWork.OTHER),  # it doesn't say which
        (NodeType.METADATA, Activity.COMMUNICATION, KindOfWork.OTHER),
        (NodeType.COMP, "an activity of somebody's own", KindOfWork.OTHER),
    ],
)
def test_the_rest_is_told_by_its_type(node_type: NodeType, activity: str, kind: KindOfWork) -> None:
    assert kind_of_work(Node(1, "forward", node_type), activity) is kind


@given(
    st.sampled_from(
        ["R3.2.mlp", "R3", "x_FWD", "conv_IG", "adam", "F0.1", "B7.", "plain", "9", ""]
    ),
    st.sampled_from(["", "1", "07", "12345"]),
)
def test_the_digits_at_the_end_of_a_name_tell_only_that_there_are_some(
    stem: str, digits: str
) -> None:
    name = stem + digits
    told = [kind for search, kind in _searches() if search(name)]
    kind = kind_of_work(Node(1, name, NodeType.COMP), Activity.COMPUTE)
    assert kind is (told[0] if told else KindOfWork.COMPUTE)
