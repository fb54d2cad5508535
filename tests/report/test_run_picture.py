"""``simastra report --picture``: one SVG, whatever is in the run, and the same each time."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from support.machines import network, system
from support.recorded_runs import Run, hung, recorded

from simastra.cli import main
from simastra.report.page import PageContents, costs_of
from simastra.report.run_picture import run_svg
from simastra.simulation import Simulation
from simastra.trace import Trace, TraceBuilder

SVG = "{http://www.w3.org/2000/svg}"


def drawn(run: Run) -> ET.Element:
    costs = costs_of(run.simulation.explain())
    known = ("5 < 6", run.simulation, run.result, run.records)
    return ET.fromstring(run_svg(PageContents(*known, attribution=costs)))


def texts(picture: ET.Element) -> list[str]:
    return [it.text or "" for it in picture.iter(f"{SVG}text")]


def boxes(picture: ET.Element) -> list[tuple[str, float, float]]:
    """What has a title: its words, where it begins and where it ends, in pixels."""
    return [
        (title, float(it.get("x", 0)), float(it.get("x", 0)) + float(it.get("width", 0)))
        for it in picture.iter(f"{SVG}rect")
        if (title := it.findtext(f"{SVG}title"))
    ]


def stages(npus: int, micros: int) -> Trace:
    """NPU 0 computes and sends to 1, and so on."""
    builders = [TraceBuilder(npu) for npu in range(npus)]
    for npu, it in enumerate(builders):
        before = it.recv("activations", size=1024, source=npu - 1) if npu else ()
        done = it.compute("blocks", micros=micros, after=before)
        if npu < npus - 1:
            it.send("activations", size=1024, to=npu + 1, after=done)
    return Trace.of(builders)


def machine(npus: int) -> Simulation:
    return Simulation(stages(npus, 10), system(), network(("Ring", npus)))


def test_bars_lie_where_the_nodes_were_in_time() -> None:
    run = recorded(machine(2))
    end = run.result.makespan
    found = {words: (x, until) for words, x, until in boxes(drawn(run))}
    first, last = run.result.nodes[0][0], run.result.nodes[1][-1]
    left, right = 112, 960 - 16
    scale = (right - left) / end
    began = next(it for words, it in found.items() if words.startswith("blocks: compute, from 0"))
    assert began == pytest.approx((left, left + first.finished * scale), abs=0.02)
    latest = max(it for words, it in found.items() if words.startswith("blocks: compute"))
    assert latest == pytest.approx((left + last.issued * scale, right), abs=0.02)


def test_shares_of_causes_fill_each_npus_bar() -> None:
    run = recorded(machine(2))
    bars = boxes(drawn(run))
    shares = [it for it in bars if it[0].endswith("%")]
    assert sum(until - x for _, x, until in shares) == pytest.approx(2 * (960 - 16 - 112), abs=2)


def test_npus_that_did_the_same_are_drawn_once_and_the_title_is_escaped() -> None:
    et = TraceBuilder()
    et.all_reduce("gradients", size=2**20)
    run = recorded(Simulation(et, system(), network(("Ring", 8))))
    words = texts(drawn(run))
    assert words[0] == "5 < 6"
    assert words.count("NPUs 0 to 7") == 2  # its lane, and its bar
    assert "gradients" in words


def test_communication_lies_below_computation_and_what_is_short_has_no_name_inside() -> None:
    et = TraceBuilder()
    et.all_reduce("gradients", size=2**20)
    et.compute("a brief moment", micros=1, after=et.compute("all the work", micros=100))
    picture = drawn(recorded(Simulation(et, system(), network(("Ring", 8)))))
    heights = {it.text: float(it.get("y", 0)) for it in picture.iter(f"{SVG}text")}
    assert heights["all the work"] < heights["gradients"]
    assert "a brief moment" not in heights
    assert any(words.startswith("a brief moment: compute") for words, _, _ in boxes(picture))


def test_the_legend_stays_within_the_picture() -> None:
    et = TraceBuilder()
    done = et.compute("work", micros=5)
    for collective in (et.all_reduce, et.all_gather, et.reduce_scatter, et.all_to_all):
        done = collective("gradients", size=2**20, after=done)
    picture = drawn(recorded(Simulation(et, system(), network(("Ring", 8)))))
    squares = [it for it in picture.iter(f"{SVG}rect") if it.get("width") == it.get("height")]
    names = texts(picture)[-len(squares) :]
    assert {"compute", "all-reduce", "all-gather", "reduce-scatter", "all-to-all"} <= set(names)
    for square, name in zip(squares, names, strict=True):
        assert float(square.get("x", 0)) + 16 + 6.6 * len(name) <= 960
    assert len({it.get("y") for it in squares}) > 1


def test_of_many_npus_the_first_are_drawn_and_the_rest_counted() -> None:
    words = texts(drawn(recorded(machine(20))))
    assert "16 of 20 lanes are shown, the first." in words


def test_a_run_that_stands_still_shows_what_never_ends_and_why() -> None:
    run, error = hung(waits=1)
    known = ("hang", run.simulation, run.result, run.records)
    said = texts(ET.fromstring(run_svg(PageContents(*known, deadlock=error))))
    assert said[1].startswith("stands still at 5 µs")
    assert "never sent: never ends" in said
    assert any("NPU 0 has no send to NPU 1 that matches" in it for it in said)


def test_report_writes_the_picture_beside_the_page_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    demo = Path(__file__).parent.parent.parent / "traces" / "demo1_allreduce"
    words = [f"--workload={demo}/allreduce", f"--system={demo}/system.json"]
    words += [f"--network={demo}/network.yml", "--picture=run.svg", "--quiet"]
    assert main(["report", *words]) == 0
    assert capsys.readouterr().out == "report.html\nrun.svg\n"
    picture = Path("run.svg").read_text()
    assert "117.78 µs" in picture
    assert not re.search(r"(href|src)=", picture)
    assert main(["report", *words]) == 0
    assert Path("run.svg").read_text() == picture


def test_the_picture_replaces_no_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo = Path(__file__).parent.parent.parent / "traces" / "demo1_allreduce"
    system_file = tmp_path / "system.json"
    system_file.write_bytes((demo / "system.json").read_bytes())
    words = [f"--workload={demo}/allreduce", f"--system={system_file}"]
    words += [f"--network={demo}/network.yml", f"--picture={system_file}"]
    assert main(["report", *words, f"--output={tmp_path / 'page.html'}"]) == 2
    assert "picture" in capsys.readouterr().err
    assert system_file.read_bytes() == (demo / "system.json").read_bytes()
