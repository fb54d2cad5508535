"""Parts of a fit: least squares, conformal quantiles, monotone times, the tables of the package."""

from math import ceil, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.calibration import Knowledge
from simastra.calibration.fit.bands import FitReference, band_table
from simastra.calibration.fit.cases import Case
from simastra.calibration.fit.conformal import conformal_quantile
from simastra.calibration.fit.least_squares import nonnegative_least_squares
from simastra.calibration.fit.library import KINDS, reference_library
from simastra.calibration.fit.monotone import rising, rising_between
from simastra.trace.nccl_tests import collective_name


@given(st.integers(9, 400))
def test_the_quantile_is_the_one_that_finite_samples_need(count: int) -> None:
    rank = ceil((count + 1) * 9 / 10)
    assert conformal_quantile([float(it) for it in range(count, 0, -1)]) == rank


@given(st.integers(0, 8))
def test_fewer_than_nine_errors_say_nothing(count: int) -> None:
    assert conformal_quantile([1.0] * count) == inf


def test_nine_in_ten_new_errors_are_within_the_quantile() -> None:
    drawn = np.random.default_rng(5).exponential(size=(4000, 40))
    inside = [row[-1] <= conformal_quantile(row[:-1].tolist()) for row in drawn]
    assert 0.89 < np.mean(inside) < 0.92  # ⌈40·0.9⌉ / 40 = 0.9 exactly


@given(st.integers(0, 2**32 - 1))
def test_least_squares_meet_the_conditions_of_karush_kuhn_and_tucker(seed: int) -> None:
    random = np.random.default_rng(seed)
    matrix, wanted = random.normal(size=(12, 4)), random.normal(size=12)
    found = nonnegative_least_squares(matrix, wanted)
    slope = matrix.T @ (matrix @ found - wanted)
    assert (found >= 0).all()
    assert (slope > -1e-8).all()
    assert slope @ found == pytest.approx(0, abs=1e-8)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=30))
def test_rising_values_rise_and_keep_their_mean(values: list[float]) -> None:
    found = rising(np.array(values))
    assert (np.diff(found) >= -1e-9).all()
    assert found.mean() == pytest.approx(np.mean(values), abs=1e-9)
    assert rising(found).tolist() == pytest.approx(found.tolist())


@given(st.lists(st.tuples(st.floats(-50, 50), st.booleans()), min_size=1, max_size=20))
def test_what_is_fixed_stays_and_what_lies_between_rises(points: list[tuple[float, bool]]) -> None:
    values, fixed = (np.array(it) for it in zip(*points, strict=True))
    found = rising_between(values, fixed)
    assert (found[fixed] == values[fixed]).all()
    free = ~fixed[1:] & ~fixed[:-1]
    assert (np.diff(found)[free] >= 0).all()


def test_the_library_has_its_systems_with_licence_and_hash() -> None:
    library = reference_library()
    assert [it.licence for it in library.sources] == ["Apache-2.0"]
    assert all(len(it.sha256) == 64 for it in library.sources)
    names = [it.name for it in library.systems]
    assert names[:7] == ["a100", "h100", "h200", "b200", "b300", "gb200", "gb300"]
    for system in library.systems:
        assert list(system.us) == [collective_name(it) for it in sorted(KINDS)]
        assert all(us > 0 for us in system.rows.values())


def test_every_case_that_can_be_tried_has_a_band_of_all_systems_but_each() -> None:
    table = band_table()
    for reference in FitReference:
        unknown = {Case.OTHER_COLLECTIVE} if reference is FitReference.NONE else set()
        unknown |= {Case.RELATIVE} if reference is not FitReference.RELATIVE else set()
        unknown |= {Case.DATASHEET} if reference is not FitReference.FAR else set()
        assert set(table.reach[reference.value]) == {it.value for it in set(Case) - unknown}
        for reach in table.reach[reference.value].values():
            assert 0.3 < reach.all < 6
            assert all(0.3 < it < 6 for it in reach.without.values())


def test_every_case_belongs_to_a_situation() -> None:
    assert {it.situation for it in Case} == set(Knowledge)
