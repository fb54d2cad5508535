"""What runs ask a calibration for: collectives amid computations, what sharing links costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.calibrations import made_up, made_up_keys

from simastra import CollectiveType, MiB
from simastra.calibration import BandEdge, Calibration, CalibrationFile
from simastra.calibration.prices import Prices

AR = CollectiveType.ALL_REDUCE


def slower(factor: float) -> Calibration:
    """One whose collectives take so many times as long amid computations."""
    keys = made_up_keys()
    keys["compute"]["collectives_in_training"] = factor
    return Calibration(CalibrationFile.model_validate(keys))


@given(st.floats(0.5, 3), st.sampled_from(BandEdge), st.integers(1, 2**34))
def test_amid_computations_a_collective_is_slower_in_all_of_its_parts(
    factor: float, edge: BandEdge, size: int
) -> None:
    prices = Prices(slower(factor), edge)
    alone = prices.collective(AR, size, 8, 1)
    amid = Prices(prices.times, edge, computes=True).collective(AR, size, 8, 1)
    assert alone == made_up().parts(AR, size, 8, edge=edge)
    assert amid.total == pytest.approx(factor * alone.total, abs=1)
    assert amid.launch_and_hops == pytest.approx(factor * alone.launch_and_hops, abs=1)
    assert amid.protocol == pytest.approx(factor * alone.protocol, abs=1)
    assert amid.launch_and_hops + amid.protocol + amid.bandwidth == amid.total


def test_sharing_links_costs_nothing_at_best_and_twice_its_part_at_worst() -> None:
    prices = Prices(made_up())
    assert [prices.at(edge).contention_penalty for edge in BandEdge] == [0, 1, 2]


def test_computations_and_messages_are_at_the_edge_of_their_bands() -> None:
    prices = [Prices(made_up(), edge) for edge in BandEdge]
    low, mid, high = (it.computation(1_000_000) for it in prices)
    assert low < mid == 1_000_000 < high
    inside, across = ([it.send(0, dst, MiB) for it in prices] for dst in (7, 8))
    assert inside == sorted(set(inside))
    assert across == [made_up().send(MiB, same_node=False, edge=edge) for edge in BandEdge]
