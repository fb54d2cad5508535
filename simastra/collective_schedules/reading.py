"""From a file of whatever form to a schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from simastra.config.text_file import limited_text
from simastra.errors import ConfigError
from simastra.foreign import InputRole, instead_of, kind_of_text, kinds
from simastra.foreign.kinds import FileKind
from simastra.units import Bytes, MiB

from .amount import check_amount
from .msccl_xml import read_msccl
from .mscclpp_json import read_mscclpp
from .schedule import Schedule
from .te_ccl import read_te_ccl
from .transfers_json import read_transfers
from .wrong import ScheduleError

_LARGEST: Bytes = 64 * MiB

_READERS: Mapping[FileKind, Callable[[str, str], Schedule]] = {
    kinds.MSCCL: read_msccl,
    kinds.MSCCLPP: read_mscclpp,
    kinds.TRANSFERS: read_transfers,
    kinds.TECCL: read_te_ccl,
}
"""By kind of file. To add a form: a reader, a line, and the kind in `simastra.foreign`."""


def read_schedule(path: Path | str) -> Schedule:
    """Read a schedule of a collective.

    Raises:
        ScheduleError: the file can't be read, is no schedule, or makes no sense.
    """
    try:
        text = limited_text(path, _LARGEST)
    except ConfigError as error:
        problem = instead_of(path, InputRole.SCHEDULE) or error.problem
        raise ScheduleError(problem, source=path) from None
    kind = kind_of_text(text)
    reader = None if kind is None else _READERS.get(kind)
    if reader is None:
        raise ScheduleError(instead_of(path, InputRole.SCHEDULE) or _UNKNOWN, source=path)
    schedule = reader(text, str(path))
    check_amount(schedule)
    return schedule


_UNKNOWN = (
    "isn't recognised as a schedule of a collective: MSCCL's XML, a plan of MSCCL++, or JSON with "
    "the keys collective, ranks and transfers is wanted"
)
