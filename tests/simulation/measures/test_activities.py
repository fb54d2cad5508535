"""What nodes are about, told of all of them at once, is what it is told of each."""

from hypothesis import given
from hypothesis import strategies as st
from support.machines import system

from simastra.dialect import HOTI2024, MASTER, Dialect
from simastra.metrics import ACTIVITIES
from simastra.simulation.measures.activities import activity_places
from simastra.trace import Node, NodeType
from simastra.workload import OperationRules

_NODES = st.lists(
    st.builds(
        Node,
        id=st.just(1),
        name=st.just("a"),
        type=st.sampled_from(NodeType),
        is_cpu_op=st.sampled_from([None, True, False]),
    )
)


@given(_NODES, st.sampled_from([HOTI2024, MASTER]))
def test_places_are_those_of_each_node(nodes: list[Node], dialect: Dialect) -> None:
    rules = OperationRules(dialect, system())
    told = [ACTIVITIES[place] for place in activity_places(rules, tuple(nodes))]
    assert told == list(map(rules.activity, nodes))
