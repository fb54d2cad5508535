"""ProbeFan: every listener hears everything, in order."""

import pytest

from simastra.engine import (
    EVENTS,
    LinkUsed,
    MessageArrived,
    MessageSent,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    Probe,
    ProbeFan,
    Transmitting,
    heard_by,
    needs_events,
)
from simastra.engine.probe import hook_of
from simastra.trace import Node, NodeType

NODE = Node(1, "AR", NodeType.COMM_COLL)


class Heard(Probe):
    def __init__(self, name: str, log: list[tuple[object, ...]]) -> None:
        self.name = name
        self.log = log

    def on_node_issued(self, event: NodeIssued) -> None:
        npu, node, time = event
        self.log.append((self.name, "issued", npu, node.id, time))

    def on_node_finished(self, event: NodeFinished) -> None:
        npu, node, time = event
        self.log.append((self.name, "finished", npu, node.id, time))

    def on_npu_finished(self, event: NpuFinished) -> None:
        npu, time = event
        self.log.append((self.name, "end", npu, time))

    def on_transmitting(self, event: Transmitting) -> None:
        src, dst, size, start, end, _ = event
        self.log.append((self.name, "sent", src, dst, size, start, end))


def test_all_probes_hear_all_in_order() -> None:
    log: list[tuple[object, ...]] = []
    fan = ProbeFan((Heard("a", log), Heard("b", log)))
    fan.on_node_issued(NodeIssued(3, NODE, 10))
    fan.on_transmitting(Transmitting(3, 4, 100, 11, 13))
    fan.on_node_finished(NodeFinished(3, NODE, 20))
    fan.on_npu_finished(NpuFinished(3, 20))
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

    def on_message_arrived(self, event: MessageArrived) -> None:
        self.heard.append((event.dst, event.time))


def test_a_fan_lists_a_probe_only_where_it_listens() -> None:
    fan = ProbeFan((Arrivals(), Probe()))
    assert [kind for kind in EVENTS if fan.listeners(kind)] == [MessageArrived]
    assert len(fan.listeners(MessageArrived)) == 1


def test_a_probe_that_is_added_is_heard_by_those_who_hold_the_list_already() -> None:
    fan = ProbeFan()
    held = fan.listeners(MessageArrived)
    arrivals = Arrivals()
    fan.add(arrivals)
    assert held == [arrivals.on_message_arrived]


def test_a_fan_of_a_fan_is_itself() -> None:
    fan, lone = ProbeFan(), Arrivals()
    assert ProbeFan.of(fan) is fan
    assert ProbeFan.of(lone).probes == [lone]


def test_each_kind_of_event_has_its_method_and_each_method_its_kind() -> None:
    methods = {name for name in vars(Probe) if name.startswith("on_")}
    assert methods == {hook_of(kind) for kind in EVENTS}
    assert all("npus" in vars(kind) for kind in EVENTS)


def test_a_method_for_what_is_no_event_is_refused() -> None:
    class Misspelt(Probe):
        def on_mesage_sent(self, event: MessageSent) -> None:
            """Never called."""

    with pytest.raises(
        TypeError, match=r"Misspelt.on_mesage_sent: there is no such event; a probe"
    ):
        ProbeFan((Misspelt(),))


def test_nothing_is_told_to_whom_nothing_is_overridden() -> None:
    assert heard_by(Probe()) == []
    assert heard_by(Arrivals()) == [MessageArrived]
    own = Probe()
    own.on_link_used = lambda event: None  # type: ignore[method-assign]
    assert heard_by(own) == [LinkUsed]


class Ends(Probe):
    def on_npu_finished(self, event: NpuFinished) -> None:
        """Hears of ends alone."""


class Content(Arrivals):
    may_miss_events = True


class Further(Content):
    def on_message_arrived(self, event: MessageArrived) -> None:
        """Hears of something of its own, and makes no promise."""


@pytest.mark.parametrize(
    ("probe", "needed"),
    [(Probe(), False), (Ends(), False), (Arrivals(), True), (Content(), False), (Further(), True)],
)
def test_events_are_needed_for_who_hears_of_more_than_ends_and_says_nothing(
    probe: Probe, *, needed: bool
) -> None:
    assert needs_events(probe) is needed


@pytest.mark.parametrize(
    ("former", "hook"),
    [("node_issued", "on_node_issued"), ("transmission", "on_transmitting"),
     ("receive_begun", "on_receive_posted"), ("link_used", "on_link_used")],
)  # fmt: skip
def test_a_probe_with_methods_of_earlier_versions_is_told_what_they_are_now(
    former: str, hook: str
) -> None:
    old = type("Old", (Probe,), {former: lambda self, *_: None})
    with pytest.raises(TypeError, match=rf"^Old\.{former}: a probe hears by {hook}\(event\)$"):
        ProbeFan([old()])
    counting = type("Counting", (Probe,), {former: 0})
    assert ProbeFan([counting()]).probes


def test_a_probe_that_may_miss_events_is_told_of_a_wrong_method_all_the_same() -> None:
    wrong = type("Wrong", (Probe,), {"may_miss_events": True, "on_mesage_sent": print})()
    with pytest.raises(TypeError, match="there is no such event"):
        needs_events(wrong)
