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
