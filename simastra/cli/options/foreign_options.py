"""Options of simulators that simastra isn't, and what to do in their place.

(Behaviour 1.1, for ASTRA-sim's other frontends.)
"""

from collections.abc import Sequence

from .other_tools import option_name

_PACKETS = "which simulates packets; simastra doesn't"
_SHAPE = "write topology, npus_count, bandwidth and latency into a YAML file, give it as --network"
_NS3 = f"of ASTRA-sim's ns-3 frontend, {_PACKETS}: {_SHAPE}"
_HTSIM = f"of ASTRA-sim's htsim frontend, {_PACKETS}: leave it out, and {_SHAPE}"
_FIRST = f"of ASTRA-sim 1.x: {_SHAPE}; 'simastra convert astra-sim-1' makes one of its files"
_SIMAI = (
    "of SimAI: convert its workload by 'simastra convert text', and run that with --workload, "
    "--system and --network"
)

_ANSWERS = {
    "--logical-topology-configuration": _NS3,
    "--htsim-proto": _HTSIM,
    "--htsim-opts": _HTSIM,
    "--network-simulator": _HTSIM,
    "-w": _SIMAI,
    "-g": _SIMAI,
    "-g-p-s": _SIMAI,
    "-n": _SIMAI,
    "-c": _SIMAI,
    "-busbw": _SIMAI,
    **dict.fromkeys(
        (
            "--topology-name",
            "--topologies-per-dim",
            "--dimensions-count",
            "--units-count",
            "--links-count",
            "--link-latency",
            "--link-bandwidth",
            "--nic-latency",
            "--router-latency",
        ),
        _FIRST,
    ),
    "--num-passes": (
        "of ASTRA-sim 1.x: a trace has all its passes; 'simastra convert text --passes' makes it"
    ),
    "--run-name": "of ASTRA-sim 1.x: leave it out; --json names the file of a result",
    "--path": "of ASTRA-sim 1.x: leave it out; --json names the file of a result",
    "--total-stat-rows": "of ASTRA-sim 1.x: leave it out; --json has all statistics",
    "--stat-row": "of ASTRA-sim 1.x: leave it out; --json has all statistics",
}


def foreign_option(words: Sequence[str]) -> str | None:
    """What to say of the first of these words that is another simulator's option, if one is."""
    for word in words:
        name = word.partition("=")[0]
        answer = _ANSWERS.get(option_name(word) or name.replace("_", "-"))
        if answer is not None:
            return f"{name} is an option {answer}"
    return None
