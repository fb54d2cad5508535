"""CommGroups: who is in which process group, in which order."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.config import CommGroup, CommGroups
from simastra.errors import ConfigError


def test_groups_and_members_keep_the_order_of_the_file() -> None:
    groups = CommGroups.parse({"2": [3, 1, 2], "10": [0], "1": [5, 4]}, "groups.json")
    assert groups.groups == (
        CommGroup("2", (3, 1, 2)),
        CommGroup("10", (0,)),
        CommGroup("1", (5, 4)),
    )
    assert groups.source == "groups.json"


def test_more_wrong_groups_than_a_person_reads_are_counted() -> None:
    mapping = {str(name): "x" if name % 2 else [name] for name in range(2424)}
    with pytest.raises(ConfigError) as raised:
        CommGroups.parse(mapping, "g.json")
    told = str(raised.value).splitlines()
    assert [line.split(":")[1] for line in told[:10]] == [f" {2 * it + 1}" for it in range(10)]
    assert told[10:] == ["g.json: groups: 1,202 more are wrong"]


def test_numbers_from_python_name_groups_too() -> None:
    groups = CommGroups.parse({3: (1, 0)})
    assert groups.groups == CommGroups(groups={3: (1, 0)}).groups == (CommGroup("3", (1, 0)),)


def test_a_file_may_have_no_groups() -> None:
    assert CommGroups.parse({}).groups == ()
    assert CommGroups().groups == ()


@pytest.mark.parametrize(
    ("mapping", "key", "phrase"),
    [
        ([[0, 1]], None, "must map names to lists of NPU ids"),
        (None, None, "not null"),
        ({"1": []}, "1", "has no members"),
        ({"1": 3}, "1", "must be a list of NPU ids such as [0, 1], not 3"),
        ({"1": "01"}, "1", "must be a list of NPU ids such as [0, 1], not '01'"),
        ({"1": {"0": 1}}, "1", "not an object"),
        ({"1": [0], "2": [1, -1]}, "2[1]", "must be an NPU id, a whole number from 0, not -1"),
        ({"1": [0, 1, 0]}, "1[2]", "NPU 0 is already at position 0"),
        ({"1": [True]}, "1[0]", "not true"),
        ({"1": ["0"]}, "1[0]", "not '0'"),
        ({"1": [0.5]}, "1[0]", "not 0.5"),
        ({"1": [math.nan]}, "1[0]", "not nan"),
        ({"1": [2**63]}, "1[0]", "must be an NPU id"),
        ({"1": [[0]]}, "1[0]", "not a list"),
        ({"": [0]}, None, "a group's name must be a non-empty string, not ''"),
        ({-1: [0]}, None, "a group's name must be a non-empty string, not -1"),
        ({True: [0]}, None, "a group's name must be a non-empty string, not true"),
        ({"groups": [0, 0]}, "groups[1]", "already at position 0"),
    ],
)
def test_each_mistake_is_named_with_its_group_and_member(
    mapping: object, key: str | None, phrase: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        CommGroups.parse(mapping, "groups.json")
    if key is not None:
        assert caught.value.key == key
    assert phrase in caught.value.problem


def test_members_must_be_npus_of_the_network() -> None:
    groups = CommGroups.parse({"1": [0, 1], "tp": [2, 8]}, "groups.json")
    groups.check_members(9)
    with pytest.raises(ConfigError) as caught:
        groups.check_members(8)
    assert str(caught.value) == (
        "groups.json: tp[1]: NPU 8 doesn't exist; the network has NPUs 0 to 7"
    )


def test_groups_made_in_python_are_checked_like_those_of_a_file() -> None:
    made = CommGroups(groups=[CommGroup("1", (0, 1))])
    assert made == CommGroups.parse({"1": [0, 1]})
    with pytest.raises(ConfigError, match="already at position 0"):
        CommGroups(groups=[CommGroup("1", (0, 0))])
    unhashable: Any = ["1"]
    with pytest.raises(ConfigError, match="must be a non-empty string, not a list"):
        CommGroups(groups=[CommGroup(unhashable, (0,))])
    with pytest.raises(ConfigError, match="two groups have this name"):
        CommGroups(groups=[CommGroup("1", (0,)), CommGroup("1", (1,))])


@given(st.dictionaries(st.text(min_size=1), st.sets(st.integers(0, 99), min_size=1), max_size=5))
def test_any_distinct_members_make_a_group(mapping: dict[str, set[int]]) -> None:
    lists = {name: list(members) for name, members in mapping.items()}
    groups = CommGroups.parse(lists)
    assert {group.name: list(group.members) for group in groups.groups} == lists
    groups.check_members(100)


def test_members_by_number() -> None:
    assert CommGroups.parse({"2.0": [1], "7": [0, 2]}).by_number == {2: (1,), 7: (0, 2)}
    with pytest.raises(ConfigError, match=r"g\.json: tp: isn't the number of a group"):
        _ = CommGroups.parse({"tp": [0]}, "g.json").by_number
