"""From the number of a point to its row.

runner    PointRunner: whatever comes of a point is a row; Point: what is known before it is run
simulations    what points share: traces, decoded nodes, orders of events
"""

from simastra.sweep.status import Status

from .runner import PointRunner, SweepPoint, lost_row
from .simulations import LruCache

__all__ = ["LruCache", "PointRunner", "Status", "SweepPoint", "lost_row"]
