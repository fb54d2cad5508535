"""ProbeFan: every listener hears everything, in order."""

from simastra.engine import Probe, ProbeFan
from simastra.trace import Node, NodeType

NODE = Node(1, "AR", NodeType.COMM_COLL)


class Heard(Probe):
    def __init__(self, name: str, log: list[tuple[object, ...]]) -> None:
        self.name = name
        self.log = log

    def node_issued(self, npu: int, node: Node, time: int) -> None:
        self.log.append((self.name, "issued", npu, node.id, time))

    def node_finished(self, npu: int, node: Node, time: int) -> None:
        self.log.append((self.name, "finished", npu, node.id, time))

    def npu_finished(self, npu: int, time: int) -> None:
        self.log.append((self.name, "end", npu, time))

    def transmission(self, src: int, dst: int, size: int, start: int, end: int) -> None:
        self.log.append((self.name, "sent", src, dst, size, start, end))


def test_all_probes_hear_all_in_order() -> None:
    log: list[tuple[object, ...]] = []
    fan = ProbeFan((Heard("a", log), Heard("b", log)))
    fan.node_issued(3, NODE, 10)
    fan.transmission(3, 4, 100, 11, 13)
    fan.node_finished(3, NODE, 20)
    fan.npu_finished(3, 20)
    facts: list[tuple[object, ...]] = [
        ("issued", 3, 1, 10),
        ("sent", 3, 4, 100, 11, 13),
        ("finished", 3, 1, 20),
        ("end", 3, 20),
    ]
    assert log == [(name, *fact) for fact in facts for name in "ab"]


class Arrivals(Probe):
    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []

    def message_arrived(self, src: int, dst: int, size: int, tag: int, time: int) -> None:
        self.heard.append((dst, time))


def test_a_fan_lists_a_probe_only_where_it_listens() -> None:
    fan = ProbeFan((Arrivals(), Probe()))
    assert len(fan.hear_message_arrived) == 1
    assert not fan.hear_message_sent
    assert not fan.hear_transmission
    assert not fan.hear_node_issued


def test_a_probe_that_is_added_is_heard_by_those_who_hold_the_list_already() -> None:
    fan = ProbeFan()
    held = fan.hear_message_arrived
    arrivals = Arrivals()
    fan.add(arrivals)
    assert held == [arrivals.message_arrived]


def test_a_fan_of_a_fan_is_itself() -> None:
    fan, lone = ProbeFan(), Arrivals()
    assert ProbeFan.of(fan) is fan
    assert ProbeFan.of(lone).probes == [lone]
