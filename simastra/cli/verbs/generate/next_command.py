"""The command to run next, on a machine that fits what has been generated."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from math import prod

from simastra.dialect import MASTER
from simastra.errors import OptionError
from simastra.machines import machine, names, preset_named
from simastra.trace.files import GROUPS_ENDING

_USUAL = ("hgx-h100", "tpu-v5p", "demo")
"""Presets to run on where none is asked for, real machines first."""


def next_command(
    prefix: str,
    npus_count: Sequence[int],
    *,
    has_groups: bool,
    along: bool,
    on: str | None = None,
    calibration: str | None = None,
) -> str:
    """A command line that runs traces as it stands, or what it takes where no preset fits.

    >>> next_command("my ar", (16,), has_groups=True, along=False).split(" --system")[0]
    "simastra run --workload 'my ar' --comm-groups 'my ar.groups.json'"

    Args:
        prefix: of the traces.
        npus_count: the NPUs along each dimension of the network; their product is their number.
        has_groups: whether there is a file of process groups.
        along: whether collectives name dimensions, so that the network must have these.
        on: the machine and its shape, if one is asked for.
        calibration: that the traces' durations are of; it stands in for a system.
    """
    words = ["simastra", "run", "--workload", prefix]
    if has_groups:
        words += ["--comm-groups", f"{prefix}{GROUPS_ENDING}"]
    if along:  # a machine's system has a roofline, which only master reads in SI units
        words += ["--compat", MASTER.name]
    fitting = on or usual_machine(npus_count, along=along)
    if fitting is not None:
        name = fitting.rpartition(":")[0] or fitting
        told = ["--system", f"@{name}"] if calibration is None else ["--calibration", calibration]
        return shlex.join([*words, *told, "--network", f"@{fitting}"])
    needed = ", ".join(map(str, npus_count))
    return f"{shlex.join(words)} --system FILE --network FILE (npus_count: [{needed}])"


def usual_machine(npus_count: Sequence[int], *, along: bool) -> str | None:
    """The machine that `next_command` names where none is asked for, and its shape; None if none.

    Args:
        npus_count: as of `next_command`.
        along: likewise.
    """
    return next(_fitting(_USUAL, npus_count, along=along), None)


def machine_asked_for(reference: str, npus_count: Sequence[int], *, along: bool) -> str:
    """The name and the shape of a machine for so many NPUs, of which the shape may be left out.

    Args:
        reference: as it was asked for.
        npus_count: as of `next_command`.
        along: likewise.

    Raises:
        OptionError: if there is no such machine, or it has other NPUs.
    """
    reference = reference.removeprefix("@")
    wanted = "x".join(map(str, npus_count))
    if not reference.rpartition(":")[0]:
        fitting = next(_fitting([reference], npus_count, along=along), None)
        if fitting is not None:
            return fitting
        machine(f"{reference}:{wanted}")  # which says what shapes there are
    shape = machine(reference).shape
    if prod(shape) != prod(npus_count) or (along and shape != tuple(npus_count)):
        given = "x".join(map(str, shape))
        raise OptionError("machine", f"@{reference} is {given} NPUs; the traces are for {wanted}")
    return reference


def _fitting(presets: Iterable[str], npus_count: Sequence[int], *, along: bool) -> Iterator[str]:
    """Machines with a shape for so many NPUs."""
    npus = prod(npus_count)
    for name in presets:
        for shape in _candidates(name, npus_count, along=along):
            with suppress(OptionError):
                fits = machine(f"{name}:{shape}").shape
                if prod(fits) == npus and (not along or fits == tuple(npus_count)):
                    yield f"{name}:{shape}"


def _candidates(name: str, npus_count: Sequence[int], *, along: bool) -> Iterator[str]:
    npus = prod(npus_count)
    if along:
        yield "x".join(map(str, npus_count))
        return
    yield str(npus)
    within = preset_named(name).dimensions[0].npus if name in names() else None
    if within:
        yield f"{within}x{npus // within}"
