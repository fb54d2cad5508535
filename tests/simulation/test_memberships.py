"""Who takes part in collectives, told without simulating: as communicators say it in a run."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import network, system

from simastra.collectives import EXTENDED_COLLECTIVES, FOUR_COLLECTIVES
from simastra.config import CommGroups, MemoryConfig
from simastra.simulation import Options, dialect_named
from simastra.simulation.memberships import Asked, Memberships, Scope
from simastra.simulation.platform import Platform
from simastra.system import Collective
from simastra.trace import CollectiveType, Node, NodeType

SHAPES = ((4,), (2, 3), (3, 1, 2), (2, 2, 2))
NODE = Node(1, "n", NodeType.COMM_COLL)
AR, AG, BROADCAST = CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER, CollectiveType.BROADCAST


def platform(
    counts: Sequence[int],
    algorithms: Sequence[str] = (),
    groups: dict[str, list[int]] | None = None,
    dialect: str = "master",
) -> Platform:
    names = list(algorithms) or ["ring"] * len(counts)
    return Platform(
        system(names),
        network(*(("Ring", count) for count in counts)),
        MemoryConfig(),
        CommGroups.parse(groups) if groups else None,
        Options(dialect=dialect_named(dialect, extended_collectives=True)),
    )


involved = st.none() | st.lists(st.booleans(), max_size=4).map(tuple)
kinds = st.sampled_from([*FOUR_COLLECTIVES, *EXTENDED_COLLECTIVES])


@given(st.sampled_from(SHAPES), st.booleans(), kinds, involved)
def test_members_are_those_of_the_communicator(
    counts: tuple[int, ...],
    flat: bool,  # noqa: FBT001  # hypothesis gives it
    kind: CollectiveType,
    dims: tuple[bool, ...] | None,
) -> None:
    machine = platform(counts, ["oneRing"] if flat else ())
    memberships = Memberships(machine)
    asked = Collective(NODE, kind, 1024, dims)
    for npu in range(machine.npus):
        members = sorted(machine.participants(npu, asked).members)
        question = memberships.asked(npu, asked)
        if len(members) == 1:
            assert question is None
            continue
        assert question is not None
        scope, _ = question
        assert sorted(memberships.members(npu, scope)) == members
        assert memberships.first_member(npu, scope) == members[0]
        assert memberships.team(npu, scope) == (members[0], len(members))


def test_members_of_a_group_are_those_listed_in_their_order() -> None:
    memberships = Memberships(platform((4,), groups={"1": [2, 0], "2": [3]}))
    question = memberships.asked(2, Collective(NODE, AR, 8, group=1))
    assert question == (Scope(1, None), Asked(AR, 8, None, None))
    assert memberships.members(0, Scope(1, None)) == (2, 0)
    assert memberships.first_member(0, Scope(1, None)) == 2
    assert memberships.team(0, Scope(1, None)) == memberships.team(2, Scope(1, None))
    assert memberships.team(0, Scope(1, None))[1] == 2
    assert memberships.asked(3, Collective(NODE, AR, 8, group=2)) is None


@pytest.mark.parametrize(("root", "told"), [(None, None), (0, None), (2, 2)])
def test_the_root_is_told_unless_it_is_the_first_member(root: int | None, told: int | None) -> None:
    memberships = Memberships(platform((4,)))
    question = memberships.asked(1, Collective(NODE, BROADCAST, 8, root=root))
    assert question is not None
    assert question[1] == Asked(BROADCAST, 8, told, None)


def test_a_gather_of_nothing_asks_for_nothing_and_other_collectives_do() -> None:
    memberships = Memberships(platform((4,)))
    assert memberships.asked(0, Collective(NODE, AG, 0)) is None
    assert memberships.asked(0, Collective(NODE, AR, 0)) is not None


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(0, (0, 2)), ""),  # a dimension of one NPU is none
        (Scope(0, (0,)), " along dimension 0"),
        (Scope(3, (0, 2)), " in process group 3"),
    ],
)
def test_among_whom_in_words(scope: Scope, words: str) -> None:
    assert Memberships(platform((3, 1, 2))).among(0, scope) == words


def test_several_dimensions_and_groups_that_nodes_dont_name_in_words() -> None:
    assert Memberships(platform((2, 2, 2))).among(0, Scope(0, (0, 2))) == " along dimensions 0, 2"
    unnamed = Memberships(platform((4,), groups={"1": [3, 1], "2": [0, 2]}, dialect="hoti2024"))
    assert unnamed.among(1, Scope(0, None)) == " among NPUs 3, 1"


def test_what_is_asked_for_in_words() -> None:
    assert str(Asked(AR, 8, None, None)) == "ALL_REDUCE of 8 bytes"
    told = "BROADCAST of 8 bytes with root 2 played from 'et'"
    assert str(Asked(BROADCAST, 8, 2, "et")) == told
