"""The bisection bandwidth.

bounds        the answer: exact, or from below and from above
merged        the same network with fewer switches
groups        the same network with servers as one NPU each
tree, small   exactly, for trees and for small networks
grid          from below, for grids
even_traffic  from below, for all
halves        halves that may be cheap to separate
cuts          what that costs, from above
"""

from .bounds import Bisection, bisection

__all__ = ["Bisection", "bisection"]
