"""``simastra topology``: networks as graphs, made, expanded and shown.

To add a generator: a line in `simastra.network_graph.generators.GENERATORS`; it is a verb here by
that.

generated  a verb for each generator, with the options that its parameters are
expand     a network of dimensions as a graph
route      which way messages take from one NPU to another
show       what a network's graph says: diameter, bisection bandwidth, links
reading    a network of any spelling
writing    a network file with a graph
"""

from simastra.cli.command import CommandGroup
from simastra.network_graph.generators import GENERATORS

from .expand import EXPAND
from .generated import generator_command
from .route import ROUTE
from .show import SHOW

TOPOLOGY = CommandGroup(
    summary="make, expand and show networks as graphs",
    description="""\
Writes network files with a graph, as 'simastra run' reads them: one of these networks, or a network
of dimensions expanded. Shows the numbers of any network, and draws it.""",
    kind="network",
    example="fat-tree --k 8 --output fat-tree.yml",
    commands={
        **{name: generator_command(name, it) for name, it in GENERATORS.items()},
        "expand": EXPAND,
        "route": ROUTE,
        "show": SHOW,
    },
)
"""The verb."""
