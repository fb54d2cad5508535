"""Variants whose events come in a known order: the same as new simulations, event by event."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from random_case import ONE_BYTE_PER_NS, RandomCase
from random_families import FAMILIES, case_of
from shortcut_oracle import links, order_is_known
from support.machines import network, system

from simastra.config import NetworkConfig
from simastra.errors import SimastraError, TimeRangeError
from simastra.result import Result
from simastra.simulation import Options, Simulation, Variant, run_all
from simastra.simulation.checks.end import leftovers_matter
from simastra.simulation.choice import choose_way
from simastra.simulation.shortcuts.retiming import retimed
from simastra.trace import TraceBuilder
from simastra.units import KiB, MiB

SEEDS = range(4)
VARIANTS = 4
RING_OF_8 = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [50.0], "latency": [500.0]}


def is_known(simulation: Simulation) -> bool:
    """Whether a run would go by an order of events that is known."""
    experiment = simulation.experiment
    choice = choose_way(experiment, "always", "auto")
    return retimed(experiment, (choice, leftovers_matter(experiment.notices))) is not None


def other_rates(random: Random, known: dict[str, Any]) -> dict[str, Any]:
    """A network with other rates: quite others, ones that make ties, or next to the same."""
    little = random.random() < 0.2

    def rate(before: float) -> float:
        if little:
            return before * (1 + random.choice([-1, 1]) * 10 ** random.uniform(-9, -3))
        ties = before * random.choice([0.5, 2, 3]), ONE_BYTE_PER_NS * random.choice([1, 2, 10])
        return random.choice([before, *ties, random.uniform(0.5, 500)])

    def latency(before: float) -> float:
        if little:
            return rate(before)
        return random.choice([before, 0, 1, 2, 10, 100, 0.5, random.uniform(0, 2000)])

    return known | {
        "bandwidth": list(map(rate, known["bandwidth"])),
        "latency": list(map(latency, known["latency"])),
    }


def outcome_of(simulation: Simulation) -> Result | str:
    try:
        return simulation.run()
    except SimastraError as error:
        return str(error)


def differences(result: Result, plain: Result) -> list[str]:
    pairs = {
        "cycles": (result.cycles, plain.cycles),
        "nodes": (tuple(result.nodes), tuple(plain.nodes)),
        "links": (links(result), links(plain)),
        "notices": (result.notices, plain.notices),
    }
    found = [name for name, (one, other) in pairs.items() if one != other]
    if order_is_known(result) and result.finish_order != plain.finish_order:
        found.append("order")
    return found


@cache
def compared(family: str) -> tuple[list[object], int]:
    """What is wrong with variants of a family's cases, and how many had a known order."""
    wrong: list[object] = []
    known = 0
    for seed in SEEDS:
        case = case_of(family, seed)
        random = Random(f"{family} {seed}")
        networks = [case.network, *(other_rates(random, case.network) for _ in range(VARIANTS))]
        for changed, outcome, was_known in ran(case, networks):
            known += was_known
            plain = outcome_of(replace(case, network=changed).simulation())
            if isinstance(outcome, str) or isinstance(plain, str):
                found: object = [] if outcome == plain else (outcome, plain)
            else:
                found = differences(outcome, plain)
            if found:
                wrong.append((seed, changed, found))
    return wrong, known


def ran(
    case: RandomCase, networks: Iterable[dict[str, Any]]
) -> Iterable[tuple[dict[str, Any], Result | str, bool]]:
    """The variants' outcomes, one after the other, and whether their orders were known."""
    base = case.simulation("always")
    outcome_of(base)  # what is asked for twice is worth keeping
    for changed in networks:
        variant = base.with_(network=NetworkConfig.parse(changed))
        was_known = is_known(variant)
        yield changed, outcome_of(variant), was_known


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
def test_variants_are_what_new_simulations_are(family: str) -> None:
    wrong, _ = compared(family)
    assert not wrong


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
def test_orders_are_often_known() -> None:
    known = {family: compared(family)[1] for family in FAMILIES}
    assert sum(known.values()) >= 80
    assert not known["shared bus"]  # it counts time


def ring(bandwidth: float = 50, latency: float = 500, **changed: object) -> Simulation:
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=1 * MiB)
    options = Options(shortcuts="always")
    net = network(("Ring", 8), bandwidth=bandwidth, latency=latency)
    return Simulation(trace, system(preferred_dataset_splits=4, **changed), net, options=options)


def test_a_known_order_is_not_to_be_seen() -> None:
    base = ring()
    networks = [network(("Ring", 8), bandwidth=it, latency=500) for it in (50, 100, 70)]
    outcomes = list(run_all(Variant(base, network=it) for it in networks))
    assert is_known(base)
    anew = [ring(bandwidth=it).run() for it in (50, 100, 70)]
    assert [it.get() for it in outcomes] == anew
    assert [pickle.loads(pickle.dumps(it.get())) for it in outcomes] == anew


def test_another_order_is_simulated() -> None:
    """Several chunks at once come one way or another, as links and endpoints have it."""
    base = ring(active_chunks_per_dimension=4)
    list(run_all([base]))
    assert is_known(base)
    slow = base.with_(network=network(("Ring", 8), bandwidth=1, latency=1))
    assert not is_known(slow)
    plain = ring(1, 1, active_chunks_per_dimension=4).run(shortcuts="off")
    assert slow.run().finishes == plain.finishes


def test_what_is_no_variant_in_rates_alone_knows_nothing() -> None:
    base = ring()
    list(run_all([base]))
    others = [
        base.with_(network=network(("FullyConnected", 8))),
        base.with_(system=system(preferred_dataset_splits=4, endpoint_delay=3)),
        base.with_(options=Options(backend="congestion-unaware")),
        pickle.loads(pickle.dumps(base)),
    ]
    assert not any(map(is_known, others))


def test_a_single_run_keeps_nothing() -> None:
    base = ring()
    base.run()
    assert not is_known(base)
    base.run()
    assert is_known(base)


def test_time_that_ends_is_told() -> None:
    base = ring()
    list(run_all([base]))
    endless = base.with_(network=network(("Ring", 8), latency=2e18))
    with pytest.raises(TimeRangeError):
        endless.run()


def test_few_orders_are_kept() -> None:
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=64 * KiB)
    base = Simulation(
        trace,
        system(preferred_dataset_splits=8, active_chunks_per_dimension=8),
        network(("Ring", 8)),
        options=Options(shortcuts="always"),
    )
    random = Random(1)
    cases = [
        base.with_(network=NetworkConfig.parse(other_rates(random, RING_OF_8))) for _ in range(30)
    ]
    list(run_all(cases))
    assert 1 < sum(map(is_known, cases)) < len(cases)
