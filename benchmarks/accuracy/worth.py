"""How near what was said is to what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import correlation, fmean, median


@dataclass(frozen=True, slots=True)
class Worth:
    """Of some times.

    Attributes:
        count: of them.
        mape: mean of |said - measured| / measured.
        most: what 90 % of these are within.
        median: of said / measured.
        rank_correlation: Spearman's, of said and measured.
    """

    count: int
    mape: float
    most: float
    median: float
    rank_correlation: float

    @classmethod
    def of(cls, said: Sequence[float], measured: Sequence[float]) -> "Worth":
        """Compare them."""
        ratios = [one / other for one, other in zip(said, measured, strict=True)]
        errors = sorted(abs(ratio - 1) for ratio in ratios)
        ranked = correlation(_ranks(said), _ranks(measured)) if len(said) > 1 else 1.0
        nine_of_ten = errors[-(-9 * len(errors) // 10) - 1]
        return cls(len(errors), fmean(errors), nine_of_ten, median(ratios), ranked)


def _ranks(values: Sequence[float]) -> list[float]:
    """Places in ascending order; equal values have the middle of their places."""
    order = sorted(values)
    return [order.index(value) + (order.count(value) - 1) / 2 for value in values]
