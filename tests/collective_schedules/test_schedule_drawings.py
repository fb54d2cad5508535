"""Which link carries what when, as a table and as SVG."""

import json
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msccl_plans import VALID, chain_broadcast, ring_all_reduce
from mscclpp_plans import PLANS, get_all_gather, written
from test_timed_transfers import ring

from simastra.cli import main
from simastra.collective_schedules import Schedule, read_schedule
from simastra.collective_schedules.drawing import animation_svg, schedule_svg
from simastra.collective_schedules.msccl_xml import read_msccl
from simastra.collective_schedules.mscclpp_json import read_mscclpp
from simastra.collective_schedules.timeline import link_timeline
from simastra.collective_schedules.transfers_json import read_transfers

SVG = "{http://www.w3.org/2000/svg}"


def made(name: str) -> Schedule:
    if name in VALID:
        return read_msccl(VALID[name]().xml(), name)
    return read_mscclpp(written(PLANS[name]()), name)


def test_a_ring_keeps_each_link_busy_from_beginning_to_end() -> None:
    timeline = link_timeline(read_msccl(ring_all_reduce(4).xml(), "ring"))
    assert timeline.end == 6
    assert timeline.link_table().rows == tuple((me, (me + 1) % 4, 6, 6, "100 %") for me in range(4))
    assert [it.held for it in timeline.messages if it.src == 0] == [
        f"input {chunk}" for chunk in (0, 3, 2, 1, 0, 3)
    ]


def test_chunks_that_go_at_one_time_keep_their_link_busy_once() -> None:
    both = [{"src": 0, "dst": 1, "chunk": it, "start": 0, "end": 1} for it in (0, 1)]
    later = [{"src": 1, "dst": 0, "chunk": it, "start": 0, "end": 2} for it in (2, 3)]
    document = {"collective": "all-gather", "ranks": 2, "chunks": 4, "transfers": both + later}
    timeline = link_timeline(read_transfers(json.dumps(document), "two"))
    assert timeline.link_table().rows == ((0, 1, 2, 2, "50 %"), (1, 0, 2, 2, "100 %"))


def test_a_pipeline_is_as_long_as_chunks_and_hops() -> None:
    timeline = link_timeline(read_msccl(chain_broadcast(4, 3).xml(), "chain"))
    assert timeline.end == 3 + 2
    assert [it.start for it in timeline.messages if it.src == 2] == [2, 3, 4]


def test_what_is_got_goes_towards_who_gets_it() -> None:
    timeline = link_timeline(read_mscclpp(written(get_all_gather(3)), "get"))
    assert timeline.links == [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]
    assert timeline.end == 2  # one after the other, as they stand in the plan


def test_times_of_the_file_are_kept() -> None:
    document = {"collective": "all-gather", "ranks": 3, "transfers": ring(3)}
    timeline = link_timeline(read_transfers(json.dumps(document), "ring"))
    assert timeline.has_times
    assert [(it.start, it.end) for it in timeline.messages] == [(0, 1)] * 3 + [(1, 2)] * 3
    for it in document["transfers"]:
        del it["end"]  # type: ignore[attr-defined]
    again = link_timeline(read_transfers(json.dumps(document), "ring"))
    assert [it.end for it in again.messages] == [it.end for it in timeline.messages]


@pytest.mark.parametrize("name", [*VALID, *PLANS])
def test_links_carry_one_message_at_a_time(name: str) -> None:
    timeline = link_timeline(made(name))
    for link in timeline.links:
        its = [it for it in timeline.messages if (it.src, it.dst) == link]
        assert all(one.end <= other.start for one, other in pairwise(its))


@pytest.mark.parametrize("name", [*list(VALID)[::3], *PLANS])
def test_pictures_are_xml_with_a_bar_or_a_dot_for_each_message(name: str) -> None:
    schedule = made(name)
    timeline = link_timeline(schedule)
    picture = ElementTree.fromstring(schedule_svg(schedule, timeline))
    bars = [it for it in picture.iter(f"{SVG}rect") if it.get("class") == "bar"]
    assert len(bars) == len(timeline.messages) > 0
    for bar in bars:
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= 960 - 24 + 2
    moving = ElementTree.fromstring(animation_svg(schedule, timeline))
    dots = [it for it in moving.iter(f"{SVG}circle") if it.get("visibility") == "hidden"]
    assert len(dots) == len(timeline.messages)
    assert all(len(it.findall(f"{SVG}animate")) == 2 for it in dots)
    assert schedule_svg(schedule, timeline) == schedule_svg(schedule, link_timeline(schedule))


def test_what_never_begins_is_said(tmp_path: Path) -> None:
    plan = ring_all_reduce(3)
    plan.ranks[0][0].ops[0].type = "nop"
    schedule = read_msccl(plan.xml(), "stuck")
    timeline = link_timeline(schedule)
    assert timeline.stuck == 1
    assert "; steps that never begin: 1" in schedule_svg(schedule, timeline)


def test_the_verb_prints_a_table_and_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ring.xml").write_text(ring_all_reduce(3).xml())
    assert main(["collective", "draw", "ring.xml", "--output", "ring.svg"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["0", "1", "4", "4", "100", "%"]
    assert Path("ring.svg").read_text() == schedule_svg(
        read_schedule("ring.xml"), link_timeline(read_schedule("ring.xml"))
    )
    assert main(["collective", "draw", "ring.xml", "--messages"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 12
    for words, told in (
        ("ring.xml --output ring.png", "--output: ring.png: unknown kind of drawing 'png'"),
        ("ring.xml --output ring.xml", "--output: ring.xml is an input; name another file"),
        ("ring.xml --animated", "--animated: draws a file; name it by --output FILE.svg"),
        ("--output ring.svg", "FILE is required"),
    ):
        assert main(["collective", "draw", *words.split()]) == 2
        assert told in capsys.readouterr().err
