"""``simastra check``: say what was understood of a set of inputs, or what is wrong with it."""

import argparse

from simastra.cli.command import Command, ExitCode
from simastra.cli.loading import check_simulated_files, load
from simastra.cli.notices import heed
from simastra.cli.options.arguments import add_input_options, read_inputs
from simastra.cli.options.common import add_common_options
from simastra.cli.options.parser import Parser
from simastra.cli.output import say, stderr_is_terminal
from simastra.simulation.checks.link_rates import planned_rate_notices

from .overview import overview


def _add_options(parser: Parser) -> None:
    add_input_options(parser)
    add_common_options(parser)


def _check(arguments: argparse.Namespace) -> ExitCode:
    inputs = read_inputs(arguments)
    simulation = load(inputs, with_bar=stderr_is_terminal() and not arguments.quiet)
    notices = (
        *inputs.all_notices(simulation),
        *check_simulated_files(arguments, simulation),
        *planned_rate_notices(simulation.experiment),
    )
    heed(notices, arguments, with_infos=True)
    say(overview(simulation, notices))
    deadlock = simulation.certain_deadlock()
    if deadlock is not None:
        raise deadlock
    return ExitCode.OK


CHECK = Command(
    summary="check inputs without simulating",
    usage="--workload PREFIX --system FILE --network FILE [options]",
    description="""\
Loads and checks all inputs as 'simastra run' does, and prints what was understood of them. Where
the order of nodes alone decides that a simulation can't finish, whatever anything takes, it says
who waits for what, as 'simastra run' would at the standstill.

  simastra check --workload traces/ring --system system.json --network network.yml

Exit codes: 0 they can be run, 2 an input is wrong, 3 the simulation can't finish (deadlock).""",
    add_options=_add_options,
    run=_check,
)
"""The verb."""
