"""What the files of a starting set say: a small training step, a machine, and what to do next."""

import json
import shlex
from collections.abc import Iterator

from simastra.config import SystemConfig
from simastra.machines import MachineConfig
from simastra.machines.files import network_file, system_file
from simastra.trace import TraceBuilder
from simastra.units import MiB

PREFIX = "step"
NETWORK = "network.yml"
SYSTEM = "system.json"
README = "README.md"

_LAYERS = 4
_OPERATIONS = 20_000_000_000
_MICROS = 40


def workload() -> TraceBuilder:
    """The backward pass of four layers on any NPU; each layer's gradients are summed meanwhile."""
    trace = TraceBuilder()
    gradients = []
    for layer in reversed(range(_LAYERS)):
        backward = trace.compute(
            f"backward {layer}",
            micros=_MICROS,
            num_ops=_OPERATIONS,
            tensor_size=16 * MiB,
            after=[trace.nodes[-2]] if len(trace.nodes) > 1 else (),
        )
        gradients.append(trace.all_reduce(f"gradients {layer}", size=4 * MiB, after=backward))
    trace.compute("optimizer", micros=20, num_ops=10**9, tensor_size=32 * MiB, after=gradients)
    return trace


def texts(machine: MachineConfig, folder: str) -> dict[str, str]:
    """What stands beside the traces, by the files' names."""
    return {
        NETWORK: network_file(machine),
        SYSTEM: system_file(machine),
        README: "".join(f"{line}\n" for line in _readme(machine, folder)),
    }


def next_command(folder: str, verb: str = "run") -> str:
    """A command that takes the set."""
    files = (f"--workload={folder}/{PREFIX}", f"--system={folder}/{SYSTEM}")
    return shlex.join(["simastra", *verb.split(), *files, f"--network={folder}/{NETWORK}"])


def _readme(machine: MachineConfig, folder: str) -> Iterator[str]:
    yield "# A machine and a workload to start from"
    yield ""
    yield f"Made by `simastra init`, with {machine.npus} NPUs: {machine.preset.title}."
    yield ""
    yield "| file | what it says |"
    yield "|---|---|"
    yield (
        f"| `{PREFIX}.0.et` to `{PREFIX}.{machine.npus - 1}.et` | what each NPU does: the backward "
        f"pass of {_LAYERS} layers, an all-reduce of the gradients of each, 4 MiB, and an update |"
    )
    yield f"| `{NETWORK}` | the network; comments say what is what |"
    yield f"| `{SYSTEM}` | what each NPU is like; JSON has no comments, so see below |"
    yield ""
    yield "From the folder in which `simastra init` was called:"
    yield ""
    yield "```console"
    yield f"$ {next_command(folder)}"
    yield f"$ {next_command(folder, 'run --explain')}"
    yield f"$ {next_command(folder, 'report')} {shlex.join([f'--output={folder}/report.html'])}"
    yield f"$ {next_command(folder, 'debug')}"
    yield f"$ {shlex.join(['simastra', 'inspect', f'{folder}/{PREFIX}.0.et'])}"
    yield "```"
    yield ""
    yield f"## `{SYSTEM}`"
    yield ""
    yield "| key | here | what it is |"
    yield "|---|---|---|"
    yield from _keys(machine)


def _keys(machine: MachineConfig) -> Iterator[str]:
    fields = {field.alias or name: field for name, field in SystemConfig.model_fields.items()}
    for key, value in machine.system_keys(len(machine.shape)).items():
        yield f"| `{key}` | `{json.dumps(value)}` | {fields[key].description} |"
