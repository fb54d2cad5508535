"""Bytes between NPUs: backends that move them in time, and the matching of sends with receives.

topology/   the shape of one dimension, without a clock
grid        routes across dimensions
link        a SimPy store with a transmitter
aware       backend with queues at links         unaware   backend without
mailbox     pairs sends with receives by tag; rendezvous: with a handshake before each
backend     what a backend declares: where messages wait, and so what shortcuts may rely upon
build       from a network YAML to a backend
"""

from .backend import Backend, MakeNetwork, Queueing
from .base import Network
from .build import BACKENDS, build_grid
from .grid import Grid, Hop
from .link import Link, Wire
from .mailbox import Envelope, Mailbox
from .message import Message
from .rendezvous import RendezvousMailbox
from .unaware import unqueued_delay

__all__ = [
    "BACKENDS",
    "Backend",
    "Envelope",
    "Grid",
    "Hop",
    "Link",
    "Mailbox",
    "MakeNetwork",
    "Message",
    "Network",
    "Queueing",
    "RendezvousMailbox",
    "Wire",
    "build_grid",
    "unqueued_delay",
]
