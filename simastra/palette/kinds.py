"""What kinds of work look like, on a light and on a dark ground."""

from collections.abc import Mapping

from simastra.view.colours import Shades
from simastra.workload.kind_of_work import KindOfWork

KINDS: Mapping[str, Shades] = {
    KindOfWork.FORWARD: Shades("#205180", "#84baf2"),
    KindOfWork.BACKWARD: Shades("#673ad5", "#3576fe"),
    KindOfWork.RECOMPUTATION: Shades("#20667e", "#93ddff"),
    KindOfWork.OPTIMIZER: Shades("#437b82", "#71aaa4"),
    KindOfWork.COMPUTE: Shades("#4d8cea", "#7898f7"),
    KindOfWork.HOST: Shades("#323c58", "#afc2bc"),
    KindOfWork.ALL_REDUCE: Shades("#ad6624", "#fc8601"),
    KindOfWork.ALL_GATHER: Shades("#b18707", "#e9ca11"),
    KindOfWork.REDUCE_SCATTER: Shades("#a00924", "#d75616"),
    KindOfWork.ALL_TO_ALL: Shades("#2b9c62", "#92f19c"),
    KindOfWork.BROADCAST: Shades("#3d4f1a", "#fcf64e"),
    KindOfWork.REDUCE: Shades("#691b3a", "#cd254f"),
    KindOfWork.GATHER: Shades("#9a5112", "#d0b87b"),
    KindOfWork.SCATTER: Shades("#634d4e", "#d1876c"),
    KindOfWork.BARRIER: Shades("#906458", "#fdeae2"),
    KindOfWork.SEND: Shades("#9335aa", "#bc3fd2"),
    KindOfWork.RECEIVE: Shades("#bd65c9", "#8e7ba1"),
    KindOfWork.MEMORY: Shades("#43277d", "#6863a1"),
    KindOfWork.OTHER: Shades("#2b85aa", "#9790c7"),
    KindOfWork.IDLE: Shades("#888e96", "#666d71"),
}
"""By `KindOfWork`.

Computations are blue and violet, collectives warm or green, messages purple. Any two differ for
people with deuteranopia and protanopia too, and all stand out from their ground; tests/palette/
says by how much. They were found by simulated annealing over OKLCH, within a range of hues each.
"""
