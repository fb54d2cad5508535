"""Bytes between NPUs: backends that move them in time, and the matching of sends with receives.

topology/   the shape of one dimension, without a clock
grid        routes across dimensions
link        a SimPy store with a transmitter
aware       backend with queues at links         unaware   backend without
mailbox     pairs sends with receives by tag; rendezvous: with a handshake before each
build       from a network YAML to a backend
"""

from .base import Network
from .build import BACKENDS, MakeNetwork, build_grid
from .grid import Grid
from .link import Link
from .mailbox import Envelope, Mailbox
from .message import Message
from .rendezvous import RendezvousMailbox

__all__ = [
    "BACKENDS",
    "Envelope",
    "Grid",
    "Link",
    "Mailbox",
    "MakeNetwork",
    "Message",
    "Network",
    "RendezvousMailbox",
    "build_grid",
]
