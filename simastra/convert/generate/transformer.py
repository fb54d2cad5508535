"""Files of a generated transformer: traces, process groups, summary; all of them or none."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from simastra.trace.files import GROUPS_ENDING, existing_paths, other_form, trace_path, write_set
from simastra.transformer import Generated


def write_transformer(
    generated: Generated,
    prefix: Path | str,
    watch: Callable[[int], None] | None = None,
    *,
    by_ranks: bool = False,
) -> list[Path]:
    """Write a generated workload's files and return their names.

    They are ``<prefix>.<npu>.et`` for each NPU, ``<prefix>.summary.json`` and, if there are process
    groups, ``<prefix>.groups.json``. NPUs are encoded and written one at a time, so that memory
    doesn't grow with their number.

    Args:
        generated: what is written.
        prefix: what the names begin with.
        watch: is told, after each NPU, how many have been written.
        by_ranks: whether NPUs that differ in names alone share a file, which `simastra.trace.ranks`
            says.

    Raises:
        TraceError: a file can't be written; none is then.
    """
    gone = _others(generated, prefix) if by_ranks else other_form(prefix)
    files = _contents(generated, prefix, watch or (lambda _: None), by_ranks=by_ranks)
    return write_set(files, gone=gone)


def _others(generated: Generated, prefix: Path | str) -> list[Path]:
    """Traces of NPUs that a file of ranks will say something of, which would contradict it."""
    there = {int(path.name.split(".")[-2]): path for path in existing_paths(prefix)}
    return [
        path
        for npu, path in there.items()
        if npu < generated.npus and npu not in generated.firsts and path == trace_path(prefix, npu)
    ]


def groups_path(prefix: Path | str) -> Path:
    """Name of the file of process groups."""
    return Path(f"{prefix}{GROUPS_ENDING}")


def summary_path(prefix: Path | str) -> Path:
    """Name of the summary's file."""
    return Path(f"{prefix}.summary.json")


def _contents(
    generated: Generated, prefix: Path | str, watch: Callable[[int], None], *, by_ranks: bool
) -> Iterator[tuple[Path, bytes]]:
    files = generated.files_by_ranks(prefix) if by_ranks else generated.files(prefix)
    for count, entry in enumerate(files, 1):
        yield entry
        watch(count)
    groups = generated.comm_groups
    if groups is not None:
        document = {group.name: list(group.members) for group in groups.groups}
        # Of a million NPUs, blanks would make the file larger than configuration files may be.
        text = json.dumps(document, separators=(",", ":") if by_ranks else None)
        yield groups_path(prefix), (text + "\n").encode()
    yield summary_path(prefix), (json.dumps(generated.summary.to_dict(), indent=1) + "\n").encode()
