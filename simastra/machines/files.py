"""A machine as the files that ASTRA-sim reads, with comments where these can have some."""

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction

from simastra.quantities import BANDWIDTH

from .configured import MachineConfig


def network_file(machine: MachineConfig) -> str:
    """The network file, YAML."""
    return "".join(f"{line}\n" for line in _network_lines(machine))


def system_file(machine: MachineConfig) -> str:
    """The system file, JSON: it has no comments."""
    keys = machine.system_keys(len(machine.shape)).items()
    lines = (f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in keys)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _network_lines(machine: MachineConfig) -> Iterator[str]:
    keys = machine.network_keys
    dimensions = machine.dimensions
    yield f"# {machine.preset.title}"
    yield f"# {machine.npus} NPUs: {machine.preset.npu}"
    yield _entry("topology", keys, f"innermost first: {_listed(it.name for it in dimensions)}")
    yield _entry("npus_count", keys, "NPUs along each dimension")
    rates = _listed(_gigabytes(it.bandwidth) for it in dimensions)
    yield _entry("bandwidth", keys, f"GB/s of 2^30 bytes, each way: {rates} of 10^9 bytes")
    yield _entry("latency", keys, "ns, of each link; a way through a switch has two")


def _entry(key: str, keys: dict[str, object], comment: str) -> str:
    values = keys[key]
    shown = ", ".join(map(str, values)) if isinstance(values, list) else str(values)
    return f"{key}: [ {shown} ]  # {comment}"


def _gigabytes(bandwidth: Fraction) -> str:
    return f"{float(bandwidth / BANDWIDTH.units['GB/s']):g} GB/s"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
