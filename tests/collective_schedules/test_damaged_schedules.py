"""Damaged schedules end in one message, with the file, and the line where there is one."""

import json
from pathlib import Path
from random import Random

import pytest
from msccl_plans import VALID, ring_all_reduce
from mscclpp_plans import PLANS, written
from test_timed_transfers import ring

from simastra.collective_schedules import ScheduleError, prove, read_schedule
from simastra.collective_schedules.msccl_xml import read_msccl

XML = ring_all_reduce(3).xml()
TEXTS = {
    **{name: make().xml() for name, make in list(VALID.items())[::4]},
    **{name: written(make()) for name, make in PLANS.items()},
    "transfers": json.dumps({"collective": "all-gather", "ranks": 3, "transfers": ring(3)}),
}


def damaged(text: str, random: Random) -> str:
    """The text with something cut out, doubled, or put in."""
    start = random.randrange(len(text))
    end = start + random.choice([1, 2, 5, 40])
    put = random.choice(["", text[start:end] * 2, "-1", "9" * 30, '"', "<", "{}", "null", "\x00é"])
    return text[:start] + put + text[end:]


@pytest.mark.parametrize("name", TEXTS)
def test_whatever_is_damaged_there_is_a_verdict_or_one_message(name: str, tmp_path: Path) -> None:
    random = Random(name)
    path = tmp_path / "schedule"
    for _ in range(120):
        path.write_text(damaged(TEXTS[name], random), encoding="utf-8")
        try:
            found = str(prove(read_schedule(path)))
        except ScheduleError as error:
            found = str(error)
            assert len(found.splitlines()) == 1, found
        assert found.startswith(str(path))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("</algo>", "", ": is not XML: no element found at column 1"),
        ('type="s"', 'type="send"', "line 4, <step>: unknown type of step 'send'; known are s, r,"),
        ('cnt="1"', 'cnt="0"', "line 4, <step>: cnt is 0; 1 or more is wanted"),
        ('srcoff="0"', 'srcoff="x"', "line 4, <step>: srcoff is 'x'; a whole number is wanted"),
        ('srcbuf="i"', 'srcbuf="q"', "line 4, <step>: srcbuf is 'q'; i, o or s is wanted"),
        (' srcbuf="i"', "", "line 4, <step>: lacks the attribute srcbuf"),
        ('s="1"', 's="2"', "line 5, <step>: has s 2; steps of a <tb> count from 0, by one"),
        ('send="1"', 'send="7"', "line 3, <tb>: has send 7 in gpu 0; another one of 0 to 2"),
        ('send="1"', 'send="-1"', "line 4, <step>: is of type s, in a <tb> without send"),
        ('depid="-1" deps="-1"', 'depid="4" deps="0"', "<step>: depends on step 0 of tb 4, which"),
        (
            'ngpus="3"',
            'ngpus="4"',
            "line 1, <algo>: has 3 <gpu>; one each with id 0 to 3 is wanted",
        ),
        ('id="0" i_chunks', 'id="1" i_chunks', "has 3 <gpu>; one each with id 0 to 2 is wanted"),
        ('i_chunks="3"', 'i_chunks="9999999999"', "<gpu>: has 9999999999 chunks; 1048576 at most"),
        ("<gpu ", "<cpu ", "not XML: mismatched tag at column 5"),
        ('coll="allreduce"', "", "line 1, <algo>: lacks the attribute coll"),
        (
            'srcoff="0"',
            'srcoff="3"',
            "(s): has input 3 of rank 0, of which there are 3 chunks, 0 to 2",
        ),
        ('coll="allreduce"', 'coll="alltoal"', "unknown collective 'alltoal'; did you mean"),
        (
            'i_chunks="3"',
            'i_chunks="2"',
            "rank 0 has 2 chunks of input, but rank 0 has 3 chunks of",
        ),
    ],
)
def test_a_mistake_in_xml_is_told_with_line_and_element(old: str, new: str, problem: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        prove(read_msccl(XML.replace(old, new, 1), "algo.xml"))
    assert str(caught.value).startswith("algo.xml")
    assert problem in str(caught.value)


def test_two_thread_blocks_share_no_connection() -> None:
    text = XML.replace("</tb>", '</tb><tb id="1" send="1" recv="-1"/>', 1)
    with pytest.raises(ScheduleError, match=r"line \d+, <tb>: has send 1 and chan 0, as the <tb>"):
        read_msccl(text, "algo.xml")


def test_entities_are_refused_and_not_expanded() -> None:
    bomb = "".join(f'<!ENTITY e{it + 1} "{f"&e{it};" * 10}">' for it in range(12))
    text = f'<!DOCTYPE algo [<!ENTITY e0 "x">{bomb}]>\n<algo coll="&e12;"/>'
    with pytest.raises(ScheduleError, match="line 1: declares a document type or entities"):
        read_msccl(text, "algo.xml")
    with pytest.raises(ScheduleError, match="declares a document type"):
        read_msccl('<!DOCTYPE algo SYSTEM "file:///etc/hostname"><algo/>', "algo.xml")


def test_deep_xml_is_refused() -> None:
    with pytest.raises(ScheduleError, match="is nested too deeply"):
        read_msccl("<algo>" * 100_000, "algo.xml")


def test_another_root_is_refused() -> None:
    with pytest.raises(
        ScheduleError, match="line 1, <gpu>: is the outermost element, where <algo>"
    ):
        read_msccl("<gpu/>", "algo.xml")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe\x00", "is not UTF-8 text (at byte 0)"),
        (b"", "isn't recognised as a schedule of a collective: MSCCL's XML, a plan of MSCCL++"),
        (b'{"collective": "all-gather"}', "isn't recognised as a schedule"),
        (b'{"collective": "all-gather", "transfers": [}', "is not JSON: "),
        (b'{"collective": "a", "collective": "b", "transfers": []}', "collective: is given twice"),
    ],
)
def test_what_is_no_schedule_is_told(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_bytes(content)
    with pytest.raises(ScheduleError) as caught:
        read_schedule(path)
    assert str(caught.value).startswith(str(path))
    assert problem in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScheduleError, match=r"nowhere\.xml: file not found"):
        read_schedule(tmp_path / "nowhere.xml")


@pytest.mark.parametrize(
    "content",
    [
        '{"collective": "all-gather", "ranks": 16384, "transfers": []}',
        '{"collective": "all-reduce", "ranks": 16384, "chunks": 1048576, "transfers": []}',
        '<algo coll="allreduce" ngpus="1"><gpu id="0" i_chunks="1048576" o_chunks="1048576" '
        's_chunks="99999999"/></algo>',
        '<algo coll="allreduce"><gpu id="0" i_chunks="1" o_chunks="1" s_chunks="1048576">'
        '<tb id="0">'
        + "".join(
            f'<step s="{at}" type="cpy" srcbuf="s" srcoff="0" dstbuf="s" dstoff="0" cnt="1048576"/>'
            for at in range(9)
        )
        + "</tb></gpu></algo>",
        '{"name": "a", "collective": "allreduce", "inplace": true, "gpus": [{"id": 0, '
        '"input_chunks": 1099511627775, "threadblocks": []}]}',
    ],
)
def test_what_asks_for_too_much_is_refused_at_once(content: str, tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_text(content)
    with pytest.raises(ScheduleError, match=r"at most are read$|more than 16777216$"):
        read_schedule(path)
