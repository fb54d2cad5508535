"""The rounding rule: floor on arrival, ceil on release, and no decision by a float's last bits."""

from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from simastra.network.fluid.whole_ns import floored, raised

# Up to a second, in parts that are further from a whole nanosecond than what floats can't tell.
parts = st.fractions(0, 10**9, max_denominator=10**4)


@given(time=parts)
def test_times_are_cut_as_exact_ones_are(time: Fraction) -> None:
    assert floored(float(time)) == floor(time)
    assert raised(float(time)) == ceil(time)


@given(flows=st.integers(1, 2000), whole=st.integers(1, 10**9), rate=st.sampled_from([50.0, 0.3]))
def test_what_is_whole_stays_whole_however_it_is_computed(
    flows: int, whole: int, rate: float
) -> None:
    computed = (whole * rate / flows) / (rate / flows)
    assert floored(computed) == raised(computed) == whole
