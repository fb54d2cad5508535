"""``simastra calibrate``: from logs of nccl-tests to a calibration, or one held against logs."""

import argparse
from collections.abc import Sequence

from simastra.calibration import Calibration
from simastra.calibration.comparison import Comparison, compare
from simastra.calibration.document import calibration_json
from simastra.calibration.measurements import read_measurements
from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import tell_notices
from simastra.cli.output import say
from simastra.cli.tables import show_tables
from simastra.errors import InputError, OptionError
from simastra.notices import Notice
from simastra.view.table import Table

from .options import add_options, read_log_options, read_system
from .shown import curves_table, predicted_table, summary, worst_table

_ENOUGH = 0.8
"""Share of measurements in their 90 % bands below which ``--check`` fails."""


def _calibrate(arguments: argparse.Namespace) -> ExitCode:
    if arguments.check is not None:
        return _check(arguments)
    if arguments.output is None:
        raise InputError("--output is required, or --check; see --help")
    system = read_system(arguments)
    options = read_log_options(arguments, system.gpus_per_node)
    measurements = read_measurements(arguments.logs, options)
    calibration = Calibration.fit(
        measurements,
        system,
        library=not arguments.no_library,
        npus=arguments.npus,
        nodes=arguments.nodes,
    )
    # First: who reads what is shown may go away.
    arguments.output.write(calibration_json(calibration.file))
    _tell(measurements.notices)
    if measurements.rows:
        _show(compare(calibration, measurements.rows), seen=", all of which the fit has seen")
    _show_predicted(predicted_table(calibration.file, measurements.rows))
    say(f"\n{arguments.output}: written")
    return ExitCode.OK


def _check(arguments: argparse.Namespace) -> ExitCode:
    if arguments.output is not None:
        raise OptionError("output", "--check writes nothing; give one of them")
    if not arguments.logs:
        raise InputError("LOG is required; see --help")
    calibration = Calibration.load(str(arguments.check))
    options = read_log_options(arguments, calibration.gpus_per_node)
    measurements = read_measurements(arguments.logs, options)
    comparison = compare(calibration, measurements.rows)
    _tell((*measurements.notices, *map(_unknown, comparison.unknown)))
    _show(comparison)
    return ExitCode.OK if comparison.compared.coverage >= _ENOUGH else ExitCode.COVERAGE


def _tell(notices: Sequence[Notice]) -> None:
    tell_notices(notices, with_infos=True)


def _show(comparison: Comparison, seen: str = "") -> None:
    show_tables([curves_table(comparison)])
    say(f"\n{summary(comparison.compared)}{seen}; furthest off are:\n")
    show_tables([worst_table(comparison.compared)])


def _show_predicted(table: Table) -> None:
    if table.rows:
        say("\npredicted, measured by nobody:\n")
        show_tables([table])


def _unknown(message: str) -> Notice:
    where, _, what = message.partition(": ")
    return Notice("unknown-collective", where, what, "such measurements aren't compared")


CALIBRATE = Command(
    summary="make a calibration from measurements, or check one",
    usage="LOG... --system NAME --output FILE [options]  (or LOG... --check FILE)",
    description="""\
Reads what nccl-tests or rccl-tests printed, in any version's layout, or wrote as JSON, or tables as
CSV; fits what the system's collectives take, with 90 % bands; and says how far that is off. What
else takes --calibration then has times as they were measured.

  simastra calibrate all_reduce.log all_gather.log --system h100 --output h100.json
  simastra calibrate --check h100.json tomorrow.log

A log says among how many GPUs of how many nodes it was measured, and which collective; where one
doesn't, options do. Without any log, the datasheet and systems of the same generation are all there
is to go by, and bands are wide. To fit needs numpy: pip install 'simastra[calibrate]'.

Exit codes: 0 done, 2 an input is wrong, 5 a checked calibration's bands contain less than 80 % of
the measurements.""",
    add_options=add_options,
    run=_calibrate,
)
"""The verb."""
