"""Options of programs that simastra isn't, and what to do in their place.

(Behaviour 1.1, for ASTRA-sim's other frontends.)
"""

from collections.abc import Container, Sequence

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

_OF_SIMAI = {
    "-w": _SIMAI,
    "-g": (
        "of SimAI: leave it out; the workload's text says how many NPUs there are, or --npus of "
        "'simastra convert text'"
    ),
    "-g-p-s": (
        "of SimAI: leave it out; the network says which NPUs share a server, one that 'simastra "
        "topology' makes or that of a machine, such as @hgx-h100:8x8"
    ),
    "-n": "of SimAI: give its topology, as it is, as --network",
    "-c": f"of SimAI in ns-3, {_PACKETS}: leave it out; --network-backend fluid shares links",
    "-t": "of SimAI in ns-3: leave it out; exact shortcuts take the place of threads",
    "-busbw": "of SimAI: give times as they were measured, as --calibration",
    **dict.fromkeys(
        ("-tp-o", "-dp-o", "-ep-o", "-pp-o"),
        "of SimAI: leave it out; what overlaps is simulated, and --explain says what doesn't",
    ),
}
"""Where a workload is taken; they are letters, which others use for other things."""

_OF_NCCL_TESTS = {
    "-g": "of nccl-tests: leave it out; the network says how many NPUs there are",
    "-t": "of nccl-tests: leave it out; the network says how many NPUs there are",
    "-o": "of nccl-tests: leave it out; no time depends on what is reduced how",
    **dict.fromkeys(
        ("-n", "-w", "-m", "-c"),
        "of nccl-tests: leave it out; a simulation gives the same again, and checks nothing",
    ),
}
"""Where sizes are taken as nccl-tests takes them."""

_ANSWERS = {
    "--logical-topology-configuration": _NS3,
    "--htsim-proto": _HTSIM,
    "--htsim-opts": _HTSIM,
    "--network-simulator": _HTSIM,
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


def foreign_option(words: Sequence[str], known: Container[str]) -> str | None:
    """What to say of the first of these words that is another program's option, if one is.

    Args:
        words: that a command didn't understand.
        known: the options that it has.
    """
    answers = {
        **_ANSWERS,
        **(_OF_SIMAI if "--workload" in known else {}),
        **(_OF_NCCL_TESTS if "--minbytes" in known else {}),
    }
    for word in words:
        name = word.partition("=")[0]
        answer = answers.get(option_name(word) or name.replace("_", "-"))
        if answer is not None:
            return f"{name} is an option {answer}"
    return None
