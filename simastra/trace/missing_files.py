"""What to say of trace files that aren't there: what was meant, and what is there instead."""

from __future__ import annotations

from pathlib import Path

from simastra.errors import TraceError
from simastra.foreign import InputRole, instead_of
from simastra.legible import one_line
from simastra.suggestions import meant_path
from simastra.trace.files import existing_files, prefixes_in, trace_path
from simastra.view.phrases import listed

_SHOWN_FILES = 8  # of those that exist


def missing_file(path: Path, prefix: Path | str, npus: int) -> TraceError:
    """What to raise of a trace file that isn't there.

    Args:
        path: of the file.
        prefix: what the files' names were to begin with.
        npus: how many files were wanted.
    """
    names = existing_files(prefix)
    # A single foreign file may bear the name of an NPU's.
    for given in (prefix, *(path.with_name(name) for name in names[:1])):
        foreign = instead_of(given, InputRole.TRACE)
        if foreign is not None:
            return TraceError(foreign, source=given)
    if not names and Path(prefix).is_dir():
        return TraceError(_folder_problem(prefix), source=prefix)
    found = one_line(listed(names, _SHOWN_FILES)) or "none"
    wanted = f"{trace_path(prefix, 0)}"
    if npus > 1:
        wanted += f" to {trace_path(prefix, npus - 1).name}"
    problem = (
        f"the file does not exist. For a network of {npus} NPUs ASTRA-sim's naming wants "
        f"{one_line(wanted)}; "
        f"files with this prefix: {found}"
    )
    if str(prefix).endswith(".et") or Path(prefix).is_file():
        problem += f". {one_line(str(prefix))} looks like a file; the prefix ends before .<npu>.et"
    elif (json_file := path.with_suffix(".json")).is_file():
        problem += f". A trace in JSON is read too: rename {json_file.name} to {path.name}"
    elif not names:
        problem += meant_path(Path(prefix), prefixes_in(Path(prefix).parent))
    return TraceError(problem, source=path)


def _folder_problem(folder: Path | str) -> str:
    """What to do with a folder that stands where a prefix should."""
    prefixes = [one_line(str(Path(folder) / name)) for name in prefixes_in(folder)]
    match prefixes:
        case []:
            return "is a folder, and no traces are in it; give the prefix of PREFIX.<npu>.et"
        case [prefix]:
            return f"is a folder; the prefix of the traces in it is {prefix}"
        case _:
            shown = listed(prefixes, _SHOWN_FILES)
            return f"is a folder; prefixes of traces in it are {shown}"
