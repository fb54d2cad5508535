"""Messages that are alike and under way at one time: each has its own story."""

import pytest
from npu_pairs import SIZE, names, simulate, told
from support.machines import network

from simastra.explain import Category, Explanation
from simastra.simulation import dialect_named
from simastra.trace import TraceBuilder

LATENCY, SERIALISATION = Category.LATENCY, Category.SERIALISATION
PARTNER, COMPUTE = Category.PARTNER, Category.COMPUTE


def salvo(count: int, *, sender: int = 0, receiver: int = 0, backend: str) -> Explanation:
    """0 sends so many messages that are alike at once, and 1 receives them at once."""
    npus = [TraceBuilder(0), TraceBuilder(1)]
    sends = npus[0].compute("before", micros=sender) if sender else ()
    receives = npus[1].compute("before", micros=receiver) if receiver else ()
    for number in range(count):
        npus[0].send(f"send {number}", size=SIZE, to=1, after=sends)
        npus[1].recv(f"receive {number}", size=SIZE, source=0, after=receives)
    return simulate(
        npus, net=network(("Ring", 2)), dialect=dialect_named("master"), backend=backend
    ).explain()


def crossing(start: int) -> list[tuple[int, int, Category]]:
    """What a message takes that is sent then."""
    on_wire = start + 1220
    return [(start, on_wire, SERIALISATION), (on_wire, on_wire + 500, LATENCY)]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("backend", ["congestion-aware", "congestion-unaware"])
def test_of_messages_alike_each_is_told_from_its_own_sending(count: int, backend: str) -> None:
    # The sender sends one after the other; all are asked for at once.
    explanation = salvo(count, sender=3, receiver=1, backend=backend)
    starts = [3000 + 1720 * number for number in range(count)]
    sent = [(0, 3000, COMPUTE), *(part for start in starts for part in crossing(start))]
    assert told(explanation.timeline(0)) == told(explanation.critical_path()) == sent
    spans = explanation.timeline(1)
    waited = (1000, starts[-1], PARTNER)
    assert told(spans) == [(0, 1000, COMPUTE), waited, *crossing(starts[-1])]
    last = count - 1
    assert names(spans) == ["before", f"receive {last}", f"send {last}", f"send {last}"]
    assert explanation.attribution(1).partners == {0: starts[-1] - 1000}
    assert explanation.attribution(0).partners == {}


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_messages_alike_that_came_early_are_not_waited_for(count: int) -> None:
    explanation = salvo(count, receiver=30, backend="congestion-aware")
    assert told(explanation.timeline(1)) == [(0, 30_000, COMPUTE)]
    assert names(explanation.critical_path()) == ["before"]


def test_a_message_that_is_sent_again_later_has_a_story_of_its_own() -> None:
    npus = [TraceBuilder(0), TraceBuilder(1)]
    sent, received = npus[0].compute("first", micros=1), None
    for number in range(3):
        sent = npus[0].send(f"send {number}", size=SIZE, to=1, after=sent)
        sent = npus[0].compute("between", micros=2 + number, after=sent)
        received = npus[1].recv(f"receive {number}", size=SIZE, source=0, after=received or ())
    explanation = simulate(npus).explain()
    assert told(explanation.timeline(1)) == [
        (0, 1000, PARTNER),
        (1000, 2220, SERIALISATION),
        (2220, 2720, LATENCY),
        (2720, 4720, PARTNER),
        (4720, 5940, SERIALISATION),
        (5940, 6440, LATENCY),
        (6440, 9440, PARTNER),
        (9440, 10_660, SERIALISATION),
        (10_660, 11_160, LATENCY),
    ]
    assert explanation.attribution(1).partners == {0: 6000}
    assert told(explanation.critical_path()) == [
        (0, 1000, COMPUTE),
        (1000, 2220, SERIALISATION),
        (2220, 2720, LATENCY),
        (2720, 4720, COMPUTE),
        (4720, 5940, SERIALISATION),
        (5940, 6440, LATENCY),
        (6440, 9440, COMPUTE),
        (9440, 10_660, SERIALISATION),
        (10_660, 11_160, LATENCY),
        (11_160, 15_160, COMPUTE),
    ]
