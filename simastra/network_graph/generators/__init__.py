"""Networks that are made from a few numbers, as graphs.

To add one: a file with a function whose annotated parameters are the options, and its `Generator`;
a line in `GENERATORS`.

fat_tree, clos                  trees of switches: leaf_spine and three_tiers build them
dragonfly                       groups of routers
grids                           torus, twisted torus, mesh
hypercube                       ranks that differ in a digit
hgx, dgx1_cube                  one server
nvlink_ib, rail                 servers and what is between them; servers has their insides
leaf_spine, three_tiers         two and three tiers of switches
servers                         NPUs on NVSwitches, and NICs
parameters                      how a parameter is declared, and what is made of it
values                          reading and refusing values
parts                           what several are put together from
"""

from collections.abc import Mapping

from .clos import CLOS, clos
from .dgx1_cube import DGX1_CUBE, dgx1_cube
from .dragonfly import DRAGONFLY, dragonfly
from .fat_tree import FAT_TREE, fat_tree
from .grids import MESH, TORUS, mesh, torus
from .hgx import HGX, hgx
from .hypercube import HYPERCUBE, hypercube
from .nvlink_ib import NVLINK_IB, nvlink_ib
from .parameters import Generator, Parameter, ParameterKind
from .rail import RAIL, rail

GENERATORS: Mapping[str, Generator] = {
    "fat-tree": FAT_TREE,
    "clos": CLOS,
    "dragonfly": DRAGONFLY,
    "torus": TORUS,
    "mesh": MESH,
    "hypercube": HYPERCUBE,
    "rail": RAIL,
    "nvlink+ib": NVLINK_IB,
    "hgx": HGX,
    "dgx1-cube": DGX1_CUBE,
}
"""All of them by the names that they have on the command line."""

__all__ = [
    "GENERATORS",
    "Generator",
    "Parameter",
    "ParameterKind",
    "clos",
    "dgx1_cube",
    "dragonfly",
    "fat_tree",
    "hgx",
    "hypercube",
    "mesh",
    "nvlink_ib",
    "rail",
    "torus",
]
