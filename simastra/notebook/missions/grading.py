"""Stars by how good a figure is: a time, a price, an error. Less is better."""

from dataclasses import dataclass

from .posed import Rating

ROUNDING = 1e-9  # of ratios of whole numbers


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to where a figure is worth three stars, two, and one; beyond, the goal isn't reached.

    Attributes:
        three: as good as the authors' answer, or nearly.
        two: good.
        one: the goal.
    """

    three: float
    two: float
    one: float

    def stars(self, figure: float) -> int:
        """How many a figure is worth."""
        return sum(figure <= limit * (1 + ROUNDING) for limit in (self.three, self.two, self.one))

    def times(self, par: float) -> "Limits":
        """The same as parts of a figure."""
        return Limits(self.three * par, self.two * par, self.one * par)

    def score(self, figure: float, remark: str, wanted: str = "{:,.0f}") -> Rating:
        """Grade a figure, and say what the next star would take.

        Args:
            figure: it.
            remark: what it is, in words, without a full stop.
            wanted: how a limit is written.
        """
        stars = self.stars(figure)
        if stars == len((self.three, self.two, self.one)):
            return Rating(stars, f"{remark}.")
        limit = (self.one, self.two, self.three)[stars]
        told = "the goal is" if not stars else "the next star takes"
        return Rating(stars, f"{remark}; {told} {wanted.format(limit)} or less.")
