"""Which ASTRA-sim is reproduced: one small table of the differences that change results.

The system and network layers give the same cycles in every version; what differs is how a trace is
read and a few units (behaviour 1.9). Code asks a dialect for a property, never for its name.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """The rules of one version of ASTRA-sim.

    Attributes:
        name: as on the command line.
        cpu_by_default: whether a node without ``is_cpu_op`` runs on the CPU, and so is replayed
            whatever its type.
        follows_ctrl_deps: whether control dependencies hold a node back, beside data dependencies.
        skips_empty_compute: whether a computation with neither duration nor operations takes no
            time at all; otherwise it takes 1 ns.
        receive_takes_unit: whether a receive occupies the communication unit while it waits.
        rendezvous_tag_offset: added to a message's tag for its handshake (behaviour 3.9).
    """

    name: str
    cpu_by_default: bool
    follows_ctrl_deps: bool
    skips_empty_compute: bool
    receive_takes_unit: bool
    rendezvous_tag_offset: int


HOTI2024 = Dialect(
    name="hoti2024",
    cpu_by_default=True,
    follows_ctrl_deps=False,
    skips_empty_compute=True,
    receive_takes_unit=True,
    rendezvous_tag_offset=500_000_000,
)

DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (HOTI2024,)}
"""Dialects by their name on the command line."""
