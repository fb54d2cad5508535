"""What the ETs of a custom collective may hold, and what of them is followed (behaviour 3.13)."""

from pathlib import Path

import pytest

from simastra.errors import TraceError
from simastra.system import Collective, CustomCollectives
from simastra.system.custom import first_tag
from simastra.trace import CollectiveType, Node, NodeType, Trace, write_trace

AR, AG = CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER


def send(**attributes: int) -> Node:
    return Node(2, "out", NodeType.COMM_SEND, **{"comm_dst": 1, "comm_size": 8, **attributes})


def receive(**attributes: int) -> Node:
    return Node(2, "in", NodeType.COMM_RECV, **{"comm_src": 0, "comm_size": 8, **attributes})


def read(folder: Path, *ranks: list[Node]) -> CustomCollectives:
    write_trace(folder / "own", Trace.of([tuple(nodes) for nodes in ranks]))
    prefix = str(folder / "own")
    custom = CustomCollectives({AR: prefix}, {}, {prefix: "s.json: a key"})
    custom.graphs(prefix, len(ranks))
    return custom


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        (send(comm_dst=2), "'out' has comm_dst 2, but the collective's ranks are 0 to 1"),
        (send(comm_dst=0), "'out' has comm_dst 0, its own rank"),
        (receive(comm_src=7), "'in' has comm_src 7, but the collective's ranks are 0 to 1"),
        (receive(comm_src=0), "'in' has comm_src 0, its own rank"),
        (
            Node(2, "out", NodeType.COMM_SEND, comm_dst=1),
            "'out' needs the attributes 'comm_dst' and 'comm_size'",
        ),
        (
            Node(2, "in", NodeType.COMM_RECV, comm_size=8),
            "'in' needs the attributes 'comm_src' and 'comm_size'",
        ),
        (Node(2, "load", NodeType.MEM_LOAD, tensor_size=8), "'load' is a MEM_LOAD node; a custom"),
    ],
)
def test_what_an_et_of_rank_0_may_not_hold(node: Node, problem: str, tmp_path: Path) -> None:
    with pytest.raises(TraceError) as raised:
        read(tmp_path, [node], [receive()])
    assert raised.value.problem.startswith(problem)
    assert raised.value.problem.endswith("(s.json: a key names this custom collective)")
    assert raised.value.node == 2
    assert str(raised.value.source).endswith("own.0.et")


def test_both_kinds_of_dependencies_are_followed(tmp_path: Path) -> None:
    first = Node(1, "first", NodeType.COMP)
    by_data = Node(2, "by data", NodeType.COMP, (1,))
    by_control = Node(3, "by control", NodeType.COMP, ctrl_deps=(2,))
    custom = read(tmp_path, [first, by_data, by_control])
    (graph,) = custom.graphs(str(tmp_path / "own"), 1)
    assert list(graph.roots) == [0]


def test_ets_are_read_once(tmp_path: Path) -> None:
    custom = read(tmp_path, [send()], [receive()])
    before = custom.graphs(str(tmp_path / "own"), 2)
    (tmp_path / "own.0.et").unlink()
    assert custom.graphs(str(tmp_path / "own"), 2) is before


def test_a_node_s_own_ets_go_before_those_of_its_type() -> None:
    custom = CustomCollectives({AR: "all"}, {5: "five"}, {})

    def asked(kind: CollectiveType, node: int) -> Collective:
        return Collective(Node(node, "collective", NodeType.COMM_COLL), kind, 1)

    assert [custom.prefix(asked(AR, node)) for node in (4, 5)] == ["all", "five"]
    assert [custom.prefix(asked(AG, node)) for node in (4, 5)] == [None, "five"]
    assert [custom.is_overridden(asked(AR, node)) for node in (4, 5)] == [False, True]
    assert custom.plays(AR)
    assert custom.plays(AG)  # node 5 may be one
    by_type = CustomCollectives({AR: "all"}, {}, {})
    assert by_type.plays(AR)
    assert not by_type.plays(AG)


def test_each_stream_has_tags_of_its_own_and_0_is_left_to_the_workload() -> None:
    tags = [first_tag(stream) for stream in range(3)]
    assert tags[0] > 2**32  # comm_tag is of 32 bits
    assert tags[1] - tags[0] == tags[2] - tags[1] > 2**32
