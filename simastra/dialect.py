"""Which ASTRA-sim is reproduced: one small table of the differences that change results.

The system and network layers give the same cycles in every version; what differs is how a trace is
read and a few units (behaviour 1.9). Code asks a dialect for a property, never for its name.
"""

from dataclasses import replace

from simastra.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """The rules of one version of ASTRA-sim.

    Attributes:
        name: as on the command line.
        cpu_by_default: whether a node without ``is_cpu_op`` runs on the CPU.
        cpu_nodes_compute: whether a CPU node is a computation whatever its type, so that a
            communication on the CPU is replayed; otherwise such a communication is an error.
        cpu_follows_roofline: whether the roofline model times computations on the CPU too.
        follows_ctrl_deps: whether control dependencies hold a node back, beside data dependencies.
        skips_empty_compute: whether a computation with neither duration nor operations takes no
            time at all; otherwise it takes 1 ns.
        skips_empty_roofline: whether a computation on no bytes, timed by the roofline, is skipped;
            otherwise it attains the peak.
        issues_freed_nodes_at_once: whether nodes that a skipped node frees are looked at in the
            same pass over the ready nodes; otherwise in the next.
        receive_takes_unit: whether a receive occupies the communication unit while it waits.
        si_rates: whether rates are scaled to units a second before dividing, as later versions do;
            truncation can then differ by a nanosecond, and the roofline's peak counts.
        groups_by_node: whether each collective names its process group (``pg_name``); otherwise an
            NPU's collectives all run in the one group that lists it.
        group_algorithms: whether a process group runs the configured algorithm where exactly one is
            listed; otherwise always a ring.
        custom_collectives: whether collectives can be played from Chakra ETs.
        checks_own_end: whether a send's ``comm_src`` and a receive's ``comm_dst``, where they are
            given, must be the NPU itself.
        separate_tags: whether collectives and sends have tags of their own; otherwise a stream's
            number can meet a send's tag.
        rendezvous_tag_offset: added to a message's tag for its handshake (behaviour 3.9).
        reports_exposed_communication: whether finish lines tell exposed communication.
        traces_on_stdout: whether ``trace-enabled`` writes its lines to stdout, in the older form.
        tracks_local_memory: whether there is a local memory tracker (``track-local-mem``).
        extended_collectives: whether broadcast, reduce, gather, scatter and barrier are simulated.
            No version does: ASTRA-sim replays a broadcast, whose traffic it doesn't send, and runs
            none of the others.
        exact_durations: whether a node's ``duration_nanos`` goes before its ``duration_micros``. No
            version knows it: it is simastra's.
        reads_empty_traces: whether an NPU without nodes is finished at once; otherwise an exception
            ends the program.
        needs_involved_dim: whether communication without ``involved_dim`` is undefined.
        counts_dependencies_once: whether a dependency that is listed twice counts once; otherwise
            its node never runs.
        reports_all_types: whether NPUs with computations on the CPU or remote memory can be
            reported; otherwise an exception may end the program.
        most_nodes: as many nodes of an NPU as are read correctly; None for no such number.
        confuses_data_sets: whether a collective whose node has the number of another's data set
            can crash the program.
        by_trace: whether this stands for the dialect that the trace asks for
            (`simastra.simulation.dialect_choice`); these are its rules until the trace is known.
    """

    name: str
    cpu_by_default: bool
    cpu_nodes_compute: bool
    cpu_follows_roofline: bool
    follows_ctrl_deps: bool
    skips_empty_compute: bool
    skips_empty_roofline: bool
    issues_freed_nodes_at_once: bool
    receive_takes_unit: bool
    si_rates: bool
    groups_by_node: bool
    group_algorithms: bool
    custom_collectives: bool
    checks_own_end: bool
    separate_tags: bool
    rendezvous_tag_offset: int
    reports_exposed_communication: bool
    traces_on_stdout: bool
    tracks_local_memory: bool
    extended_collectives: bool
    exact_durations: bool
    reads_empty_traces: bool
    needs_involved_dim: bool
    counts_dependencies_once: bool
    reports_all_types: bool
    most_nodes: int | None
    confuses_data_sets: bool
    by_trace: bool = False


HOTI2024 = Dialect(
    name="hoti2024",
    cpu_by_default=True,
    cpu_nodes_compute=True,
    cpu_follows_roofline=True,
    follows_ctrl_deps=False,
    skips_empty_compute=True,
    skips_empty_roofline=False,
    issues_freed_nodes_at_once=True,
    receive_takes_unit=True,
    si_rates=False,
    groups_by_node=False,
    group_algorithms=False,
    custom_collectives=False,
    checks_own_end=False,
    separate_tags=False,
    rendezvous_tag_offset=500_000_000,
    reports_exposed_communication=False,
    traces_on_stdout=True,
    tracks_local_memory=False,
    extended_collectives=False,
    exact_durations=False,
    reads_empty_traces=True,
    needs_involved_dim=True,
    counts_dependencies_once=False,
    reports_all_types=True,
    most_nodes=1_048_576,
    confuses_data_sets=True,
)
"""ASTRA-sim's tag tutorial-hoti2024."""

MASTER = Dialect(
    name="master",
    cpu_by_default=False,
    cpu_nodes_compute=False,
    cpu_follows_roofline=False,
    follows_ctrl_deps=True,
    skips_empty_compute=False,
    skips_empty_roofline=True,
    issues_freed_nodes_at_once=False,
    receive_takes_unit=False,
    si_rates=True,
    groups_by_node=True,
    group_algorithms=True,
    custom_collectives=True,
    checks_own_end=True,
    separate_tags=True,
    rendezvous_tag_offset=1_000_000_000,
    reports_exposed_communication=True,
    traces_on_stdout=False,
    tracks_local_memory=True,
    extended_collectives=False,
    exact_durations=False,
    reads_empty_traces=False,
    needs_involved_dim=False,
    counts_dependencies_once=True,
    reports_all_types=False,
    most_nodes=None,
    confuses_data_sets=False,
)
"""ASTRA-sim's master at 518bd51."""

AUTO = replace(HOTI2024, name="auto", by_trace=True)
"""MASTER where a trace says what only that reads, such as process groups; otherwise HOTI2024."""

DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (HOTI2024, MASTER)}
"""Versions of ASTRA-sim by their name on the command line."""
