"""The command to run next, on a machine that fits what has been generated."""

import shlex
from collections.abc import Iterator, Sequence
from math import prod

from simastra.dialect import MASTER
from simastra.errors import OptionError
from simastra.machines import machine


def next_command(prefix: str, npus_count: Sequence[int], *, has_groups: bool, along: bool) -> str:
    """A command line that runs traces as it stands, or what it takes where no preset fits.

    >>> next_command("my ar", (16,), has_groups=True, along=False).split(" --system")[0]
    "simastra run --workload 'my ar' --comm-groups 'my ar.groups.json'"

    Args:
        prefix: of the traces.
        npus_count: the NPUs along each dimension of the network; their product is their number.
        has_groups: whether there is a file of process groups.
        along: whether collectives name dimensions, so that the network must have these.
    """
    words = ["simastra", "run", "--workload", prefix]
    if has_groups:
        words += ["--comm-groups", f"{prefix}.groups.json"]
    if along:  # a machine's system has a roofline, which only master reads in SI units
        words += ["--compat", MASTER.name]
    fitting = next(_fitting(npus_count, along=along), None)
    if fitting is not None:
        name = fitting.partition(":")[0]
        return shlex.join([*words, "--system", f"@{name}", "--network", f"@{fitting}"])
    needed = ", ".join(map(str, npus_count))
    return f"{shlex.join(words)} --system FILE --network FILE (npus_count: [{needed}])"


def _fitting(npus_count: Sequence[int], *, along: bool) -> Iterator[str]:
    """Presets with their shapes, those of real machines first."""
    npus = prod(npus_count)
    if along:
        written = "x".join(map(str, npus_count))
        candidates = [f"hgx-h100:{written}", f"tpu-v5p:{written}", f"demo:{written}"]
    else:
        candidates = [f"hgx-h100:{npus}", f"hgx-h100:8x{npus // 8}", f"demo:{npus}"]
    for reference in candidates:
        try:
            fits = machine(reference).shape
        except OptionError:
            continue
        if prod(fits) == npus and (not along or fits == tuple(npus_count)):
            yield reference
