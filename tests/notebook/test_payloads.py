"""What the dots of an animation carry: blocks, and how much of their sum."""

from collections.abc import Mapping, Sequence

import pytest
from support.machines import network, one_collective, system

from simastra.engine import Envelope
from simastra.notebook.animation.payloads import Payload, Payloads
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

Sent = Mapping[Envelope, Sequence[Payload]]


def sent_in(simulation: Simulation) -> Sent:
    payloads = Payloads(simulation)
    simulation.run(probes=[payloads])
    return payloads.sent


def sent_by(npu: int, sent: Sent) -> list[Payload]:
    """Of the chunk with the lowest tag, by envelope."""
    tag = min(it.tag for it in sent)
    return [
        payload
        for envelope, payloads in sent.items()
        if envelope.src == npu and envelope.tag == tag
        for payload in payloads
    ]


def one(collective: CollectiveType, algorithm: str, *dimensions: tuple[str, int]) -> Simulation:
    key = f"{collective.name.lower()}_implementation"
    chosen = system().model_copy(update={key: [algorithm] * len(dimensions)})
    return Simulation(one_collective(collective), chosen, network(*dimensions))


def test_round_a_ring_each_block_is_summed_and_then_handed_on() -> None:
    sent = sent_by(1, sent_in(one(CollectiveType.ALL_REDUCE, "ring", ("Ring", 4))))
    assert [(it.label, it.part) for it in sent] == [
        *(("1", 0.25), ("0", 0.5), ("3", 0.75)),
        *(("2", 1.0), ("1", 1.0), ("0", 1.0)),
    ]
    assert [it.words for it in sent[1:4]] == [
        "block 0, summed over 2 of 4 NPUs",
        "block 3, summed over 3 of 4 NPUs",
        "block 2, the complete sum",
    ]


def test_halving_doubling_sends_several_blocks_at_once() -> None:
    simulation = one(CollectiveType.ALL_REDUCE, "halvingDoubling", ("Switch", 8))
    sent = sent_by(0, sent_in(simulation))
    assert sorted(it.part for it in sent) == [1 / 8, 1 / 4, 1 / 2, 1, 1, 1]
    assert sorted(it.label.endswith("+") for it in sent) == [False, False, True, True, True, True]
    assert sent[0].words.startswith("blocks ")


def test_a_gathered_block_is_whole_from_the_beginning() -> None:
    sent = sent_by(2, sent_in(one(CollectiveType.ALL_GATHER, "ring", ("Ring", 4))))
    assert [it.words for it in sent] == ["block 2", "block 1", "block 0"]
    assert {it.part for it in sent} == {1.0}


def test_of_an_all_to_all_it_is_said_from_whom_for_whom() -> None:
    sent = sent_by(1, sent_in(one(CollectiveType.ALL_TO_ALL, "direct", ("FullyConnected", 3))))
    assert sorted(it.words for it in sent) == [
        "what NPU 1 has for NPU 0",
        "what NPU 1 has for NPU 2",
    ]


def test_each_dimension_sums_over_its_own_members() -> None:
    simulation = one(CollectiveType.ALL_REDUCE, "ring", ("Ring", 2), ("Ring", 3))
    sent = sent_by(0, sent_in(simulation))
    words = {it.words.partition(", ")[2] for it in sent}  # of the all-gather: nothing is summed
    assert words <= {f"summed over {k} of {n} NPUs" for n in (2, 3) for k in range(1, n)} | {
        "the complete sum",
        "",
    }
    assert "summed over 2 of 3 NPUs" in words


@pytest.mark.parametrize("late", range(4))
def test_whoever_is_late_the_same_is_carried(late: int) -> None:
    def simulation(micros: int) -> Simulation:
        traces = [TraceBuilder(npu) for npu in range(4)]
        for npu, et in enumerate(traces):
            work = et.compute("work", micros=micros if npu == late else 1)
            et.all_reduce("sum", size=64 * KiB, after=work)
        return Simulation(Trace.of(traces), system(), network(("Ring", 4)))

    assert sent_in(simulation(1)) == sent_in(simulation(500))


def test_a_rooted_collective_hands_on_what_the_root_has() -> None:
    options = Options(dialect=dialect_named("hoti2024", extended_collectives=True))
    et = TraceBuilder()
    et.broadcast("b", size=4 * KiB)
    sent = sent_in(Simulation(et, system(), network(("Ring", 4)), options=options))
    assert {it.words for payloads in sent.values() for it in payloads} == {"block 0"}


def test_of_a_send_nothing_is_known() -> None:
    trace = [TraceBuilder(npu) for npu in range(2)]
    trace[0].send("s", size=64, to=1)
    trace[1].recv("r", size=64, source=0)
    assert sent_in(Simulation(Trace.of(trace), system(), network(("Ring", 2)))) == {}
