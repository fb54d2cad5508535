"""Animations: what moves is what was sent; in a real browser it plays."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.chromium import Page, chromium, find_chromium
from support.machines import network, one_collective, system

from simastra.errors import OptionError
from simastra.notebook.animation import Animation, animate
from simastra.notebook.animation.film import film
from simastra.report.run_records import RunRecorder
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import MiB

PROGRAM = find_chromium()


def data_of(animation: Animation) -> dict[str, Any]:
    found = re.search(
        r'<script id="data" type="application/json">(.*?)</script>', animation.html, re.DOTALL
    )
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def ring_of_4(**options: Any) -> Simulation:
    workload = one_collective(CollectiveType.ALL_REDUCE)
    return Simulation(workload, system(), network(("Ring", 4)), options=Options(**options))


def test_every_message_flies_over_its_link_until_it_arrives() -> None:
    simulation = ring_of_4()
    data = data_of(animate(simulation))
    recorder = RunRecorder(simulation)
    result = simulation.run(probes=[recorder])
    messages = recorder.records().messages.records
    assert len(data["links"]) == 4
    flights = [(start, end, size) for _, start, end, size, _ in data["flights"]]
    assert sorted(flights) == sorted((it.start, it.end, it.size) for it in messages)
    assert [start for start, _, _ in flights] == sorted(start for start, _, _ in flights)
    assert [len(times) for times in data["received"]] == [
        sum(it.dst == npu for it in messages) for npu in range(4)
    ]
    assert max(it.end or 0 for it in messages) <= data["end"] <= result.makespan


def test_without_links_messages_fly_from_sender_to_receiver() -> None:
    with_links = data_of(animate(ring_of_4()))
    without = data_of(animate(ring_of_4(backend="congestion-unaware")))
    assert without["received"] == with_links["received"]
    assert len(without["flights"]) == len(with_links["flights"])


def test_each_hop_over_a_switch_takes_the_latency_of_its_dimension() -> None:
    trace = [TraceBuilder(npu) for npu in range(4)]
    trace[0].send("s", size=53_687, to=3)
    trace[3].recv("r", size=53_687, source=0)
    shape = network(("Switch", 2), ("Switch", 2)).model_copy(update={"latency": [100, 300]})
    simulation = Simulation(Trace.of(trace), system(), shape)
    recorder = RunRecorder(simulation)
    simulation.run(probes=[recorder])
    flights = film(simulation, recorder.records(), None, 100).flights
    durations = [flight.end - flight.start for flight in flights]
    assert durations == [1_099, 1_099, 1_299, 1_299]
    assert [a.dst for a in flights[:-1]] == [b.src for b in flights[1:]]


def test_one_collective_can_be_shown_by_itself() -> None:
    et = TraceBuilder()
    reduced = et.all_reduce("first", size=1 * MiB)
    et.all_gather("second", size=1 * MiB, after=reduced)
    simulation = Simulation(et, system(), network(("Ring", 4)))
    ends = {record.node: record for record in simulation.run().nodes[0]}
    shown = data_of(animate(simulation, node=2))
    assert (shown["start"], shown["end"]) == (ends[1].finished, ends[2].finished)
    assert all(start >= ends[1].finished for _, start, _, _, _ in shown["flights"])
    assert {words.partition(": ")[2] for _, _, words in shown["scenes"]} == {"ALL_GATHER, Ring"}
    with pytest.raises(OptionError, match="no collective with the node id 7"):
        animate(simulation, node=7)


def test_over_every_link_a_message_carries_the_same() -> None:
    workload = one_collective(CollectiveType.ALL_REDUCE)
    data = data_of(animate(Simulation(workload, system(), network(("Switch", 4)))))
    words = [data["payloads"][flight[4]][3] for flight in data["flights"]]
    by_words = {each: words.count(each) for each in words}
    # A block's sum goes over so many links: twice for each message, of which there are 4 chunks.
    assert by_words["block 0, summed over 1 of 4 NPUs"] == 2 * 4
    assert by_words["block 0, the complete sum"] == 2 * 4 * 3


def test_the_same_simulation_gives_the_same() -> None:
    simulation = ring_of_4()
    assert animate(simulation).html == animate(simulation).html == animate(ring_of_4()).html


def test_a_simulation_that_hangs_is_shown_up_to_there() -> None:
    trace = [TraceBuilder(npu) for npu in range(2)]
    trace[0].send("s", size=64, to=1, tag=1)
    trace[1].recv("r", size=64, source=0, tag=2)
    data = data_of(animate(Simulation(Trace.of(trace), system(), network(("Ring", 2)))))
    assert len(data["flights"]) == 1


def test_a_simulation_in_which_nothing_moves_is_shown_still() -> None:
    et = TraceBuilder()
    et.compute("work", micros=1)
    data = data_of(animate(Simulation(et, system(), network(("Ring", 2)))))
    assert data["flights"] == []
    assert data["end"] > data["start"]


def test_of_very_many_messages_the_first_are_shown_and_it_says_so() -> None:
    simulation = ring_of_4()
    recorder = RunRecorder(simulation)
    simulation.run(probes=[recorder])
    cut = film(simulation, recorder.records(), None, 10)
    assert (len(cut.flights), cut.left_out) == (10, 86)


def test_it_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    animation = animate(ring_of_4())
    animation.save(tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == animation.html
    with pytest.raises(OptionError, match=r"there is no folder .*missing to put a.html in"):
        animation.save(tmp_path / "missing" / "a.html")


def test_playing_takes_some_time() -> None:
    with pytest.raises(OptionError, match="larger than 0"):
        animate(ring_of_4(), seconds=0)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if PROGRAM is None:
        pytest.skip("there is no chromium here; Debian's package is called that")
    with chromium(PROGRAM, tmp_path_factory.mktemp("profile")) as page:
        yield page


def slide_to(page: Page, time: float) -> None:
    page.evaluate(
        f"(() => {{ const it = document.querySelector('#time'); it.value = {time};"
        "it.dispatchEvent(new Event('input')); })()"
    )


def dots(page: Page) -> int:
    shown: int = page.evaluate(
        "[...document.querySelectorAll('#moving .dot')].filter("
        "it => it.getAttribute('display') !== 'none').length"
    )
    return shown


def test_in_a_browser_the_slider_shows_what_is_under_way(browser: Page, tmp_path: Path) -> None:
    browser.errors.clear()
    animation = animate(ring_of_4())
    animation.save(tmp_path / "a.html")
    browser.open(tmp_path / "a.html")
    assert (dots(browser), browser.text("#clock")) == (0, "0.00 µs")
    slide_to(browser, 300)  # each NPU's first message is on its way
    assert (dots(browser), browser.text("#clock")) == (4, "0.30 µs")
    assert browser.text("#scene") == "chunk 0, phase 1: ALL_REDUCE, Ring"
    labels = "[...document.querySelectorAll('#moving text')].map(it => it.textContent)"
    assert sorted(browser.evaluate(labels)) == ["0", "1", "2", "3"]
    assert browser.text("#carried").splitlines() == [
        f"block {block}, summed over 1 of 4 NPUs, 65,536 B" for block in range(4)
    ]
    sizes = "[...document.querySelectorAll('.received')].map(it => Number(it.getAttribute('r')))"
    assert browser.evaluate(sizes) == [0, 0, 0, 0]
    slide_to(browser, data_of(animation)["end"])
    assert dots(browser) == 0
    assert browser.evaluate(sizes) == [data_of(animation)["radius"]] * 4
    assert browser.errors == []


def test_in_a_browser_it_plays_to_the_end(browser: Page, tmp_path: Path) -> None:
    browser.errors.clear()
    animation = animate(ring_of_4(), seconds=0.2)
    (tmp_path / "a.html").write_text(animation.html, encoding="utf-8")
    browser.open(tmp_path / "a.html")
    browser.click_on("#play")
    browser.evaluate(
        "new Promise(done => { const look = () => document.querySelector('#play').textContent "
        "=== 'Play' ? done() : setTimeout(look, 20); setTimeout(look, 20); })"
    )
    assert browser.text("#clock") == f"{data_of(animation)['end'] / 1000:.2f} µs"
    assert browser.errors == []


def test_in_a_browser_the_notebook_s_frame_holds_it(browser: Page, tmp_path: Path) -> None:
    (tmp_path / "output.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8>{animate(ring_of_4())._repr_html_()}", encoding="utf-8"
    )
    browser.open(tmp_path / "output.html")
    frame = "document.querySelector('iframe')"
    assert browser.evaluate(f"{frame}.srcdoc.startsWith('<!DOCTYPE html>')")
    assert browser.evaluate(f"{frame}.getBoundingClientRect().height") > 400
    assert browser.evaluate(f"{frame}.contentDocument") is None  # it is sandboxed
