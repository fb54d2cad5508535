"""The facade, and what it is put together from.

facade    Simulation: the public way in
options   Options: what isn't in a file        inputs   paths or models become models
tables    Tables: where names are looked up
platform  the machine as data; scenario: a workload on it, read and checked
event_run the plain path, event by event; machine: NPUs, network and memory with a clock
doubts    notices about the inputs taken together; node_doubts: those about ET nodes
deadlock  why a simulation stands still: message_waits, collective_waits
"""

from .facade import Simulation
from .inputs import Workload
from .options import Options, dialect_named
from .tables import Tables

__all__ = ["Options", "Simulation", "Tables", "Workload", "dialect_named"]
