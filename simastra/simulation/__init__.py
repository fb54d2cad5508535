"""The facade, and what it is put together from.

facade    Simulation: the public way in
options   Options: what isn't in a file        inputs   paths or models become models
tables    Tables: where names are looked up
platform  the machine as data; scenario: a workload on it, read and checked
checking  whether a shortcut's result is the plain path's
shortcuts/ exact ways to the result that are shorter
event_run the plain path, event by event; machine: NPUs, network and memory with a clock
doubts    notices about the inputs taken together; node_doubts: those about ET nodes
waits     who waits for whom, and why: at a standstill, and at any time
"""

from .checking import differences
from .facade import Simulation
from .inputs import Workload
from .options import Options, dialect_named
from .tables import Tables
from .waits import Why

__all__ = ["Options", "Simulation", "Tables", "Why", "Workload", "dialect_named", "differences"]
