"""Bytes between NPUs: backends that move them in time, and the matching of sends with receives.

topology/   the shape of a network and the price of its links, without a clock
routing/    ways through a network that is a graph, without a clock either
timing      from bytes to nanoseconds
link        a SimPy store with a transmitter
congestion_aware    backend with queues at links         congestion_unaware  backend without
fluid/      backend whose messages share links, by max-min fairness; fluid_options: what a file may
            tell it
calibrated  backend whose messages take what was measured
link_events/    links that change during a run, and the backends that follow them
mailbox     pairs sends with receives by tag; rendezvous: with a handshake before each
base        what a backend has to do; message: one on its way
backend     what a backend declares: where messages wait, and so what shortcuts may rely upon
unknown_backend   what to say of a backend that there isn't
build       from a network YAML to a topology, and the tables; build_graph: of a graph
named_files   files that a network file names in turn
expansion   from a network of dimensions to the equal graph; recognition: and back
"""

from simastra.engine import Envelope

from .backend import Backend, MakeNetwork, Queueing
from .base import Network, NetworkLink
from .build import BACKENDS, backend_options, build_dimensions, build_topology, whole_network
from .link import Link
from .mailbox import Mailbox
from .message import HeldMessage, LinkFault, LostTime, Message, MessageAccount, Outage
from .rendezvous import RendezvousMailbox
from .timing import LinkTiming
from .topology import Hop, Topology

__all__ = [
    "BACKENDS",
    "Backend",
    "Envelope",
    "HeldMessage",
    "Hop",
    "Link",
    "LinkFault",
    "LinkTiming",
    "LostTime",
    "Mailbox",
    "MakeNetwork",
    "Message",
    "MessageAccount",
    "Network",
    "NetworkLink",
    "Outage",
    "Queueing",
    "RendezvousMailbox",
    "Topology",
    "backend_options",
    "build_dimensions",
    "build_topology",
    "whole_network",
]
