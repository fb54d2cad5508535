"""What the reference says of each kind of file, beside its keys."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileTold:
    """A kind of file.

    Attributes:
        page: its page in the reference.
        title: what it is called.
        given: how it is given to a simulation, as Markdown.
        what: what it says, in a few words.
        intro: the first paragraph of its page, as Markdown.
    """

    page: str
    title: str
    given: str
    what: str
    intro: str


FILES = {
    "system.schema.json": FileTold(
        "system.md",
        "System file",
        "`--system`, JSON",
        "what an NPU is: scheduling, algorithms of collectives, memory, peak performance",
        "What every NPU is, as ASTRA-sim's system layer reads it. [Units](../../units.md)"
        " says which GB is which, and [collectives](../../collectives.md) what the algorithms do.",
    ),
    "network.schema.json": FileTold(
        "network.md",
        "Network file",
        "`--network`, YAML",
        "how NPUs are joined: dimensions as in ASTRA-sim, or a graph",
        "Either `topology`, `npus_count`, `bandwidth` and `latency`, all of them, with an entry"
        " for each dimension, as ASTRA-sim has them; or a `graph` of devices and links"
        " ([networks](../../networks.md)).",
    ),
    "memory.schema.json": FileTold(
        "memory.md",
        "Remote-memory file",
        "`--memory`, JSON",
        "memory beyond the NPUs' own, which loads and stores go to",
        "Who shares a remote memory, and how fast it is ([behaviour](../../behaviour.md), part 5).",
    ),
    "comm-groups.schema.json": FileTold(
        "comm-groups.md",
        "Communicator-group file",
        "`--comm-groups`, JSON",
        "which NPUs a process group consists of",
        "A mapping without keys of its own: each is the name of a process group, a text, and"
        " its value the list of its members' NPU ids, in the order of their positions, each"
        " once:\n\n"
        '```json\n{"0": [0, 1, 2, 3], "1": [4, 5, 6, 7]}\n```',
    ),
    "calibration.schema.json": FileTold(
        "calibration.md",
        "Calibration file",
        "`--calibration`, JSON",
        "what collectives and computations take on measured hardware, with bands",
        "`simastra calibrate` writes it; [calibration](../../calibration.md) says what the"
        " parameters mean and how they are fitted.",
    ),
    "scenario.schema.json": FileTold(
        "scenario.md",
        "Scenario file",
        "`--scenario`, YAML",
        "what if: slow NPUs, jitter, faults, other jobs",
        "What is different from what the other inputs say ([scenarios](../../scenarios.md)). Every"
        " key may be left out.",
    ),
    "study.schema.json": FileTold(
        "study.md",
        "Study file",
        "`simastra sweep FILE`, YAML",
        "a design space: inputs, axes, conditions, objectives",
        "Inputs, the axes along which they vary, and what is wanted ([sweeps](../../sweeps.md)).",
    ),
}
"""By the name of the schema's file."""
