"""One recording, of whichever kind, as what a linked trace holds."""

from pathlib import Path

from simastra.convert.kineto import read_device_trace
from simastra.convert.pytorch import LinkedTrace, read_linked
from simastra.foreign import InputRole, kind_of_file


def read_recording(path: Path | str) -> LinkedTrace:
    """Read a linked trace, a host trace alone or a device trace alone, plain or gzip.

    Raises:
        TraceError: the file can't be read, or is none of these.
    """
    kind = kind_of_file(path)
    if kind is not None and InputRole.DEVICE in kind.roles:
        return read_device_trace(path)
    return read_linked(path)
