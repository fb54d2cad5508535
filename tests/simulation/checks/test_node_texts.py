"""What is told of one node and of two, word for word; and of the node beside it, nothing."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from support.machines import network, system

from simastra import CollectiveType, MiB, Node, NodeType, Options, Simulation, Trace
from simastra.config import CommGroups
from simastra.simulation import dialect_named

HOTI = dialect_named("hoti2024")
MASTER = dialect_named("master")
COLL, SEND, COMP = NodeType.COMM_COLL, NodeType.COMM_SEND, NodeType.COMP
AR, AG, BROADCAST = CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER, CollectiveType.BROADCAST


def collective(kind: CollectiveType = AR, size: int = MiB, **others: Any) -> Node:
    return node(COLL, comm_type=kind, comm_size=size, involved_dim=(True, True), **others)


def node(kind: NodeType, *, is_cpu_op: bool | None = False, **others: Any) -> Node:
    return Node(0, "n", kind, is_cpu_op=is_cpu_op, **others)


@dataclass(frozen=True)
class Case:
    """Nodes of which something is told.

    Attributes:
        code: of the notice.
        doubtful: such a node.
        one: what is told of one.
        two: what is told of two of them.
        beside: a node of the same kind of which it isn't told.
        dialect: in which it is told.
        changes: to the system configuration.
    """

    code: str
    doubtful: Node
    one: str
    two: str
    beside: Node | None = None
    dialect: Any = HOTI
    changes: tuple[tuple[str, Any], ...] = ()


CASES = [
    Case(
        "dropped-communication",
        collective(is_cpu_op=None),
        "communicates but lacks is_cpu_op, so that ASTRA-sim takes it for a CPU operation and "
        "nothing is sent; run as communication, the whole simulation would take about 117820 ns",
        "communicate but lack is_cpu_op, so that ASTRA-sim takes them for CPU operations and "
        "nothing is sent; run as communication, the whole simulation would take about 235640 ns",
        collective(is_cpu_op=True),
    ),
    Case(
        "dropped-communication",
        replace(collective(is_cpu_op=None), comm_size=None),
        "communicates but lacks is_cpu_op, so that ASTRA-sim takes it for a CPU operation and "
        "nothing is sent; 1 has no comm_size",
        "communicate but lack is_cpu_op, so that ASTRA-sim takes them for CPU operations and "
        "nothing is sent; 2 have no comm_size",
    ),
    Case(
        "rounded-up",
        collective(size=MiB + 1),
        "has a size that 4 chunks of one size can't make, so that more is simulated: 1310720 bytes "
        "for 1048577",
        "have sizes that 4 chunks of one size can't make, so that more is simulated: 1310720 bytes "
        "for 1048577 at the first",
        collective(AG, size=0),
    ),
    Case(
        "rounded-up",
        collective(AG, size=13),
        "has a size that 4 chunks of one size can't make, so that more is simulated: 15 bytes "
        "for 13",
        "have sizes that 4 chunks of one size can't make, so that more is simulated: 15 bytes "
        "for 13 at the first",
        collective(AG, size=12),
    ),
    Case(
        "nothing-involved",
        replace(collective(), involved_dim=(False, False)),
        "involves no dimension and ends at once, where ASTRA-sim never ends it",
        "involve no dimension and end at once, where ASTRA-sim never ends them",
        replace(collective(), involved_dim=(False, True)),
    ),
    Case(
        "few-involved",
        replace(collective(), involved_dim=(True,)),
        "has an involved_dim shorter than the network's 2 dimensions; those it doesn't mention "
        "take no part, where ASTRA-sim reads beyond the list and may hang",
        "have an involved_dim shorter than the network's 2 dimensions; those it doesn't mention "
        "take no part, where ASTRA-sim reads beyond the list and may hang",
        replace(collective(), involved_dim=(False,)),
    ),
    Case(
        "ctrl-deps-ignored",
        node(COMP, duration=1000, ctrl_deps=(9,)),
        "has control dependencies, which this version doesn't follow",
        "have control dependencies, which this version doesn't follow",
        node(COMP, duration=1000, data_deps=(9, 8)),
    ),
    Case(
        "duplicate-dependency",
        node(COMP, duration=1000, data_deps=(9, 9)),
        "lists a dependency twice; it counts once here, but ASTRA-sim hoti2024 never runs it",
        "list a dependency twice; it counts once here, but ASTRA-sim hoti2024 never runs them",
        node(COMP, duration=1000, data_deps=(9, 8)),
    ),
    Case(
        "silent-broadcast",
        collective(BROADCAST),
        "is a broadcast, for which nothing is sent",
        "are broadcasts, for which nothing is sent",
        collective(BROADCAST, is_cpu_op=True),
    ),
    Case(
        "rounded-durations",
        node(COMP, duration=1000, duration_nanos=1001),
        "has a duration in ns too (duration_nanos), which ASTRA-sim doesn't read, so that whole "
        "microseconds count",
        "have durations in ns too (duration_nanos), which ASTRA-sim doesn't read, so that whole "
        "microseconds count",
        node(COMP, duration=1000, duration_nanos=1000),
    ),
    Case(
        "exact-durations",
        node(COMP, duration=1000, duration_nanos=1001),
        "takes its duration in ns (duration_nanos), which ASTRA-sim doesn't read, so that its "
        "cycles are others",
        "take their durations in ns (duration_nanos), which ASTRA-sim doesn't read, so that its "
        "cycles are others",
        node(COMP, duration=1000, duration_nanos=1000),
        replace(HOTI, exact_durations=True),
    ),
    Case(
        "group-not-read",
        collective(pg_name="7"),
        "names a process group ('7' in pg_name), which hoti2024 doesn't read: its collective runs "
        "among all NPUs, or in the one group of a --comm-groups file that lists its NPU",
        "name a process group ('7' in pg_name), which hoti2024 doesn't read: each of their "
        "collectives runs among all NPUs, or in the one group of a --comm-groups file that lists "
        "its NPU",
        collective(pg_name="0"),
    ),
    Case(
        "group-more-than-number",
        collective(pg_name="1a"),
        "has more than a number in pg_name ('1a'); as in ASTRA-sim, the number that it begins with "
        "counts",
        "have more than a number in pg_name ('1a'); as in ASTRA-sim, the number that it begins "
        "with counts",
        collective(pg_name="1"),
        MASTER,
    ),
    Case(
        "group-more-than-number",
        collective(pg_name="1\u00b2"),
        "has more than a number in pg_name ('1\u00b2'); as in ASTRA-sim, the number that it begins "
        "with counts",
        "have more than a number in pg_name ('1\u00b2'); as in ASTRA-sim, the number that it "
        "begins with counts",
        None,
        MASTER,
    ),
    Case(
        "metadata-node",
        node(NodeType.METADATA),
        "is a METADATA node, which takes no time here; ASTRA-sim master ends on it with a failed "
        "assertion, unless it is built without assertions",
        "are METADATA nodes, which take no time here; ASTRA-sim master ends on them with a failed "
        "assertion, unless it is built without assertions",
        node(NodeType.INVALID),
        MASTER,
    ),
    Case(
        "metadata-node",
        node(NodeType.METADATA),
        "is a METADATA node, which takes no time here; ASTRA-sim hoti2024 doesn't run it unless it "
        "is on the CPU, and never finishes",
        "are METADATA nodes, which take no time here; ASTRA-sim hoti2024 doesn't run them unless "
        "they are on the CPU, and never finishes",
        node(NodeType.METADATA, is_cpu_op=True),
    ),
    Case(
        "empty-gather",
        collective(AG, size=3),
        "gathers fewer bytes than preferred-dataset-splits, 3 of 4; ASTRA-sim hoti2024 never "
        "finishes it",
        "gather fewer bytes than preferred-dataset-splits, 3 of 4 at the first; ASTRA-sim hoti2024 "
        "never finishes them",
        collective(AG, size=4),
    ),
    Case(
        "empty-message",
        node(SEND, comm_dst=1, comm_size=0, comm_tag=900, involved_dim=(True, True)),
        "is a message of 0 bytes, on which ASTRA-sim hoti2024 ends with a failed assertion",
        "are messages of 0 bytes, on which ASTRA-sim hoti2024 ends with a failed assertion",
        node(SEND, comm_dst=1, comm_size=1, comm_tag=900, involved_dim=(True, True)),
    ),
    Case(
        "shared-tags",
        node(SEND, comm_dst=1, comm_size=1, comm_tag=3, involved_dim=(True, True)),
        "has a tag below 4; chunks of collectives are numbered from 0 and use their numbers "
        "as tags, so that messages of one size can go to the wrong one",
        "have tags below 4; chunks of collectives are numbered from 0 and use their numbers "
        "as tags, so that messages of one size can go to the wrong one",
        collective(),
    ),
    Case(
        "no-involved-dim",
        replace(collective(), involved_dim=None),
        "has no involved_dim, which means all dimensions here; ASTRA-sim hoti2024 reads memory "
        "that nobody has written then, and may crash",
        "have no involved_dim, which means all dimensions here; ASTRA-sim hoti2024 reads memory "
        "that nobody has written then, and may crash",
        collective(),
    ),
    Case(
        "extended-collective",
        collective(BROADCAST),
        "is a collective that ASTRA-sim hoti2024 doesn't send anything for, or never finishes",
        "are collectives that ASTRA-sim hoti2024 doesn't send anything for, or never finishes",
        collective(),
        replace(HOTI, extended_collectives=True),
    ),
    Case(
        "collective-alone",
        replace(collective(), involved_dim=(False, True)),
        "has nobody to communicate with and ends at once; ASTRA-sim hoti2024 never finishes it",
        "have nobody to communicate with and end at once; ASTRA-sim hoti2024 never finishes them",
        collective(),
        changes=(("all_reduce_implementation", ["oneRing"]),),
    ),
    Case(
        "empty-messages",
        collective(size=8),
        "sends messages of 0 bytes, which take their latency; ASTRA-sim hoti2024 ends with a "
        "failed assertion",
        "send messages of 0 bytes, which take their latency; ASTRA-sim hoti2024 ends with a failed "
        "assertion",
        collective(),
        changes=(
            ("all_reduce_implementation", ["halvingDoubling"] * 2),
            ("preferred_dataset_splits", 1),
        ),
    ),
    Case(
        "tree-in-part",
        collective(),
        "runs a double binary tree in the last dimension listed, which isn't the network's last; "
        "ASTRA-sim hoti2024 has a tree for the first NPUs alone, and crashes",
        "run a double binary tree in the last dimension listed, which isn't the network's last; "
        "ASTRA-sim hoti2024 has a tree for the first NPUs alone, and crashes",
        changes=(("all_reduce_implementation", ["doubleBinaryTree"]),),
    ),
]


def told(case: Case, doubtful: int) -> str | None:
    """What is told of so many doubtful nodes, in a trace of further ones that these may need."""
    given = [node(COMP, duration=1000)] * 2 + [case.doubtful] * doubtful
    if case.beside is not None:
        given.append(case.beside)
    ids = (8, 9, 20, 21, 22) if doubtful == 2 else (8, 9, 20, 22)
    nodes = [
        replace(it, id=number, name=f"n{number}") for it, number in zip(given, ids, strict=False)
    ]
    config = system(["ring", "ring"], **dict(case.changes))
    simulation = Simulation(
        Trace.uniform(nodes, 16)
        if case.doubtful.type is not SEND
        else Trace.of([nodes] + [[]] * 15),
        config,
        network(("Ring", 8), ("Switch", 2)),
        comm_groups=CommGroups.parse({"1": [*range(16)]}) if case.dialect is MASTER else None,
        options=Options(dialect=case.dialect),
    )
    found = {notice.code: notice.message for notice in simulation.notices}
    return found.get(case.code)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_what_is_told_of_one_of_two_and_of_the_one_beside(case: Case) -> None:
    assert told(case, 1) == f"1 node (20 'n20') {case.one}"
    assert told(case, 2) == f"2 nodes (20 'n20', 21 'n21') {case.two}"
    assert told(case, 0) is None
