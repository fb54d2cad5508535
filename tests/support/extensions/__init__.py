"""Parts as somebody else would write them: each one file, and one line in the tables below.

The conformance suites run over these tables beside simastra's own, so that a suite fits no entry in
particular.
"""

from simastra.collectives import AlgorithmEntry
from simastra.network import Backend, Queueing
from simastra.network.topology import TopologyEntry

from .delayed import Delayed
from .express_ring import ExpressOptions, ExpressRing
from .headers import Headers
from .jitter import Jitter, JitterOptions
from .neighbour_exchange import NeighbourExchange

OWN_TOPOLOGIES = {"ExpressRing": TopologyEntry(ExpressRing, ExpressOptions)}
OWN_ALGORITHMS = {"neighbourExchange": AlgorithmEntry(NeighbourExchange())}
OWN_BACKENDS = {
    "jitter": Backend(Jitter, options=JitterOptions),
    "headers": Backend(Headers, Queueing.NOWHERE),
    "delayed": Backend(Delayed, Queueing.AT_LINKS),
}
