"""Process groups: one number on all ranks, and one file with all of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linked import convert, converted, entry, kernel, operator, tensor

from simastra.convert.pytorch import GroupNumbering, convert_pytorch, merged_groups, parse_linked
from simastra.convert.pytorch.groups import find_groups, group_number
from simastra.errors import OptionError, TraceError

WORLD = {"pg_name": "0", "pg_desc": "default_pg", "ranks": [], "group_size": 8}
CUBE = {
    str(number): [first, first + stride]
    for number, (stride, first) in enumerate(
        ((stride, first) for stride in (1, 2, 4) for first in range(8) if not first & stride), 1
    )
}
"""The groups of 2 x 2 x 2 NPUs, by the names that PyTorch gives them."""


def told(rank: int, groups: dict[str, list[int]] = CUBE) -> list[dict[str, Any]]:
    """What a rank's trace tells: the groups that it is in."""
    mine = {name: ranks for name, ranks in groups.items() if rank in ranks}
    return [
        WORLD,
        *(
            {"pg_name": name, "pg_desc": "undefined", "ranks": ranks, "group_size": len(ranks)}
            for name, ranks in mine.items()
        ),
    ]


def found(
    groups: list[dict[str, Any]], numbering: GroupNumbering = GroupNumbering.NAMES, **info: Any
) -> dict[str, list[int]]:
    document = {"nodes": [entry(1, "a")], "distributedInfo": {"pg_config": groups, **info}}
    trace = parse_linked(json.dumps(document).encode(), "linked.json")
    return find_groups(trace, numbering).as_file()


def write(path: Path, groups: dict[str, list[int]]) -> None:
    path.write_text(json.dumps(merged_groups(path, groups)))


@given(
    ranks=st.permutations(range(8)),
    again=st.integers(0, 7),
    numbering=st.sampled_from(GroupNumbering),
)
def test_ranks_converted_in_any_order_or_again_come_to_one_file(
    ranks: list[int],
    again: int,
    numbering: GroupNumbering,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("groups") / "g.json"
    for rank in [*ranks, again]:
        write(path, found(told(rank), numbering))
    merged = json.loads(path.read_text())
    assert list(merged) == sorted(merged, key=int)
    assert sorted(merged.values()) == sorted(CUBE.values())
    if numbering is GroupNumbering.NAMES:
        assert merged == CUBE


def test_names_that_are_no_numbers_give_way_to_numbers_made_of_the_members() -> None:
    hashed = {f"{number}af{number}": ranks for number, ranks in enumerate(CUBE.values())}
    files = [found(told(rank, hashed)) for rank in range(8)]
    merged = {number: ranks for file in files for number, ranks in file.items()}
    assert sorted(merged.values()) == sorted(CUBE.values())
    assert all(2**30 <= int(number) < 2**31 for number in merged)


def test_a_name_that_differs_between_members_makes_no_difference_unless_it_is_a_number() -> None:
    one, other = ({name: [0, 2]} for name in ("5e1f", "77aa"))
    assert found(told(0, one)) == found(told(2, other)) != {}


def test_groups_of_the_same_members_have_numbers_of_their_own() -> None:
    numbers = found(told(0, {"a": [0, 1], "b": [0, 1], "c": [0, 2]}))
    assert sorted(numbers.values()) == [[0, 1], [0, 1], [0, 2]]


@pytest.mark.parametrize("name", ["0", "007", "-3", "3.0", "٣", str(2**30), "9" * 5000, "", "x"])
def test_only_a_plain_small_number_is_taken_from_a_name(name: str) -> None:
    assert group_number(name, [4, 6]) == group_number("mesh_tp", [4, 6]) >= 2**30
    assert group_number("17", [4, 6]) == 17


@pytest.mark.parametrize(
    "group",
    [
        {"pg_name": "0", "pg_desc": "undefined", "ranks": [0, 1, 2]},
        {"pg_name": "default_pg", "ranks": [0, 1, 2]},
        {"pg_name": "4", "ranks": [], "group_size": 3},
        {"pg_name": "f00d", "pg_desc": "default_pg", "ranks": [0, 1, 2]},
        {"pg_name": "4", "pg_desc": "mesh_dp", "ranks": [0, 1, 2], "group_size": 3},
    ],
)
def test_the_group_of_all_has_no_number(group: dict[str, Any]) -> None:
    assert found([group], world_size=3) == {}


def test_ranks_with_their_positions_are_members_too() -> None:
    assert found([WORLD, {"pg_name": "3", "ranks": {"5": 0, "7": 1}}]) == {"3": [5, 7]}


@pytest.mark.parametrize("ranks", [[0, -1], [0, True], [1, 1], "0, 1", [0, 2**40], [0, 1.5]])
def test_members_that_are_no_ranks_are_refused_by_name(ranks: Any) -> None:
    with pytest.raises(TraceError, match=r'linked.json: the ranks of process group "6" are .*once'):
        found([{"pg_name": "6", "ranks": ranks}])


def test_a_kernel_tells_the_members_of_a_group_that_no_list_has() -> None:
    args = {"Process Group Ranks": "[2, 6]", "In msg nelems": 8, "dtype": "Float"}
    name = "ncclDevKernel_AllReduce_Sum_f32_RING_LL(x)"
    entries = [
        operator(1, "aten::x", 0, 9),
        kernel(2, name, 1, 5, parent=1, pg_name="13", communication=args),
    ]
    assert converted(*entries)[2].pg_name == "13"
    assert convert(*entries).groups == {"13": [2, 6]}


def test_a_group_that_is_named_and_not_told_of_is_doubted() -> None:
    name = "ncclDevKernel_AllReduce_Sum_f32_RING_LL(x)"
    call = operator(1, "nccl:all_reduce", 0, 9, inputs=[tensor(5, 25)])
    info = {"pg_config": told(3)}
    entries = [call, kernel(2, name, 1, 5, parent=1, inputs=[tensor(5, 25)], pg_name="99")]
    conversion = convert(*entries, distributedInfo=info)
    assert [notice.code for notice in conversion.notices] == ["unknown-group"]
    assert converted(*entries, distributedInfo=info)[2].pg_name is None


def test_the_only_group_is_that_of_what_names_none_and_is_no_doubt() -> None:
    call = operator(1, "c10d::allreduce_", 0, 9, inputs=[[tensor(5, 25)]])
    info = {"world_size": 8, "pg_config": [{"pg_name": "4", "ranks": [0, 1]}]}
    assert converted(call, distributedInfo=info)[1].pg_name == "4"
    assert convert(call, distributedInfo=info).notices == ()


@pytest.mark.parametrize("name", ["default_pg", "default", "0"])
def test_the_default_group_is_known_by_all_its_names(name: str) -> None:
    call = operator(1, "nccl:all_reduce", 0, 9, inputs=[tensor(5, 25)])
    launched = kernel(2, "ncclDevKernel_AllReduce(x)", 1, 5, parent=1, inputs=[tensor(5, 25)])
    groups = [{"pg_name": "1", "ranks": [0, 1]}, {"pg_name": "2", "ranks": [0, 2]}]
    conversion = convert(call, {**launched, "pg_name": name}, distributedInfo={"pg_config": groups})
    assert conversion.notices == ()


@pytest.mark.parametrize(
    ("there", "problem"),
    [
        ({"1": [0, 3]}, r"group 1 is \[0, 3\] in .*g.json, and \[0, 1\] in this trace"),
        ({"1": [1, 0]}, r"group 1 is \[1, 0\]"),
        ({"2": [0, 1]}, r"the group \[0, 1\] is 2 in .*g.json, and 1 in this trace"),
        ({"x": [0, 1]}, "its group 'x' has no number"),
        ({"01": [0, 1]}, "its group '01' has no number"),
        ({"0": [0, 1]}, "its group '0' has no number"),
        ({str(2**31): [0, 1]}, "has no number"),
        ({"1": 7}, "holds no process groups"),
        ([], "holds no process groups"),
    ],
)
def test_a_file_that_contradicts_is_refused_and_says_what_to_do(
    there: Any, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "g.json"
    path.write_text(json.dumps(there))
    with pytest.raises(OptionError, match=problem) as refused:
        merged_groups(path, {"1": [0, 1]})
    assert "name another file" in str(refused.value) or "--group-numbers" in str(refused.value)


def test_a_large_group_is_shortened_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "g.json"
    path.write_text(json.dumps({"1": list(range(9))}))
    with pytest.raises(
        OptionError, match=r"\[0, 1, 2, 3, 4, 5, 6, 7, \.\.\.\] in .*g.json, and"
    ) as long:
        merged_groups(path, {"1": list(range(8))})
    assert "and [0, 1, 2, 3, 4, 5, 6, 7] in this trace" in str(long.value)


def test_a_file_that_knows_more_groups_of_the_same_members_is_no_contradiction(
    tmp_path: Path,
) -> None:
    path = tmp_path / "g.json"
    path.write_text('{"2": [0, 1], "1": [0, 1]}')
    assert merged_groups(path, {"2": [0, 1]}) == {"1": [0, 1], "2": [0, 1]}
    assert merged_groups(path, {"2": [0, 1], "1": [0, 1], "3": [0, 1]}).keys() == {"1", "2", "3"}


def test_numbering_by_members_is_of_the_conversion_too() -> None:
    document = {"nodes": [entry(1, "a")], "distributedInfo": {"pg_config": told(0)}}
    trace = parse_linked(json.dumps(document).encode(), "linked.json")
    by_members = convert_pytorch(trace, numbering=GroupNumbering.MEMBERS).groups
    assert sorted(by_members.values()) == sorted(convert_pytorch(trace).groups.values())
    assert all(int(number) >= 2**30 for number in by_members)
