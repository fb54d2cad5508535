"""Random cases on the graphs that their networks expand to: the same to the nanosecond.

Cycles, order, every node and every link; on all backends, event by event and by shortcuts.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from random_case import RandomCase
from random_families import FAMILIES, case_of
from support.expanded import expanded_text
from support.played import PLAYED

from simastra.config import NetworkConfig
from simastra.config.yaml_file import read_yaml
from simastra.errors import DeadlockError

SEEDS = range(4)


def on_a_graph(case: RandomCase) -> RandomCase:
    """The case, with what its network expands to."""
    network, _ = read_yaml(expanded_text(NetworkConfig.parse(case.network)), "expanded.yml", "keys")
    return replace(case, network=network)


def outcome(case: RandomCase, shortcuts: str) -> object:
    """All that a run answers; of a deadlock, who waits for what."""
    try:
        result = case.simulation(shortcuts).run()
    except DeadlockError as error:
        return str(error)
    return result.cycles, result.finish_order, result.nodes, result.links, result.shortcuts


@pytest.mark.parametrize("backend", PLAYED)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_random_case_answers_the_same_on_the_graph(family: str, backend: str) -> None:
    for seed in SEEDS:
        case = case_of(family, seed)
        case = replace(case, options={**case.options, "backend": backend})
        graph = on_a_graph(case)
        for shortcuts in ("off", "always"):
            assert outcome(graph, shortcuts) == outcome(case, shortcuts), (seed, shortcuts)
