"""Networks drawn from their files: what the SVG says, and the page in a browser."""

import re
import shutil
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from support.axe import find_axe, violations
from support.chromium import chromium, find_chromium

from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph
from simastra.network_graph.drawn import first_part
from simastra.report.network_drawing import network_page, network_svg
from simastra.report.network_drawing.lines import Looks, lines_of
from simastra.view.table import Table, left, right

NS = "{http://www.w3.org/2000/svg}"
NVLINK = LinkAttributes(bytes_per_ns=400.0, latency=300.0, kind="nvlink")
RING = LinkAttributes(bytes_per_ns=50.0, latency=500.0, kind="ring")


def machine() -> NetworkGraph:
    """Four NPUs on a switch, six in a ring of which the first is on the switch too."""
    assembly = GraphAssembly()
    for npu in range(10):
        assembly.add_node(f"npu.{npu}", "npu")
    for npu in range(4):
        assembly.add_link(f"npu.{npu}", "switch.a", NVLINK)
    for npu, after in pairwise([*range(4, 10), 4]):
        assembly.add_link(f"npu.{npu}", f"npu.{after}", RING)
    assembly.add_link("npu.4", "switch.a", RING, both_ways=False)
    return assembly.graph()


def titles(svg: str) -> list[str]:
    return [it.text or "" for it in ET.fromstring(svg).iter(f"{NS}title")]


def test_every_link_and_device_is_drawn_once_and_says_what_it_is() -> None:
    said = titles(network_svg(machine(), "a <machine>"))
    assert said[0] == "a <machine>"
    assert "NPU 0 to switch.a and back: nvlink, 400 GB/s, 300 ns" in said
    assert "NPU 4 to switch.a: ring, 50 GB/s, 500 ns" in said
    assert "NPU 0: 1 link out, together 400 GB/s" in said
    assert "switch.a: switch, 4 links out, together 1600 GB/s" in said
    assert len(said) == len(set(said)) == 1 + (4 + 6 + 1) + 11


def test_the_legend_has_each_kind_of_link_with_its_number() -> None:
    texts = [
        "".join(it.itertext())
        for it in ET.fromstring(network_svg(machine(), "m")).iter(f"{NS}text")
    ]
    assert "nvlink, 400 GB/s, 300 ns: 4 links" in texts
    assert "ring, 50 GB/s, 500 ns: 7 links" in texts


def test_faster_links_are_wider_and_kinds_have_colours() -> None:
    lines = lines_of(machine())
    looks = Looks(lines)
    nvlink, ring = looks.of(lines[0]), looks.of(lines[4])
    assert (nvlink.width, ring.width) == (4.0, 1.0)
    assert nvlink.shades != ring.shades


def test_many_rates_are_told_by_kind_alone() -> None:
    assembly = GraphAssembly()
    assembly.add_node("npu.0", "npu")
    for rate in range(1, 13):
        attributes = LinkAttributes(bytes_per_ns=float(rate), latency=5.0, kind="ib")
        assembly.add_link("npu.0", f"s.{rate}", attributes)
    (entry,) = Looks(lines_of(assembly.graph())).legend()
    assert entry.said == "ib, 1 to 12 GB/s, 5 ns: 12 links"


def test_the_same_network_gives_the_same_text() -> None:
    assert network_svg(machine(), "m") == network_svg(machine(), "m")
    assert network_page(machine(), "m") == network_page(machine(), "m")


def test_of_a_network_too_large_to_be_seen_a_part_is_drawn_and_it_is_said() -> None:
    assembly = GraphAssembly()
    for npu in range(3072):
        assembly.add_node(f"npu.{npu}", "npu")
        assembly.add_link(f"npu.{npu}", f"leaf.{npu // 32}", RING)
    for leaf in range(96):
        assembly.add_link(f"leaf.{leaf}", "spine", RING)
    said = titles(network_svg(assembly.graph(), "m"))
    assert sum(it.startswith("NPU ") and "link out" in it for it in said) == 1536
    assert sum(it.startswith("leaf.") and "links out" in it for it in said) == 48
    svg = network_svg(assembly.graph(), "m")
    assert "1,536 of 3,072 NPUs are shown, the first." in svg


def test_what_is_above_others_npus_is_left_out_with_these() -> None:
    assembly = GraphAssembly()
    for npu in range(8):
        assembly.add_node(f"npu.{npu}", "npu")
        assembly.add_link(f"npu.{npu}", f"leaf.{npu // 2}", RING)
        assembly.add_link(f"leaf.{npu // 2}", f"pod.{npu // 4}", RING)
    for pod in range(2):
        assembly.add_link(f"pod.{pod}", "core", RING)
    part = first_part(assembly.graph(), 4, 100)
    assert [node.name for node in part.nodes] == [
        *("npu.0", "npu.1", "npu.2", "npu.3"),
        *("leaf.0", "pod.0", "leaf.1", "core"),
    ]
    assert first_part(assembly.graph(), 8, 3).npus == 2
    assert first_part(assembly.graph(), 8, 100) == assembly.graph()


def test_a_drawing_needs_nothing_else() -> None:
    svg = network_svg(machine(), "m")
    assert not re.search(r"""(href|src|url\()""", svg.replace("http://www.w3.org/2000/svg", ""))


@pytest.mark.skipif(find_chromium() is None, reason="needs a browser")
def test_the_page_can_be_used_by_everybody(tmp_path: Path) -> None:
    program = find_chromium()
    assert program is not None
    table = Table((*left("kind"), *right("links")), (("nvlink", 4),), "links by kind")
    file = tmp_path / "network.html"
    file.write_text(network_page(machine(), "4 + 6", [table]), encoding="utf-8")
    profile = tmp_path / "profile"
    with chromium(program, profile) as page:
        page.open(file, width=400, height=800)
        assert page.text("h1") == "4 + 6"
        assert page.evaluate("document.documentElement.scrollWidth") == 400
        assert page.text("td") == "nvlink"
        assert page.evaluate("document.querySelectorAll('.links path').length") == 11
        if script := find_axe():
            assert violations(page, script) == []
        assert page.errors == []
        assert page.requested == [file.as_uri()]
    shutil.rmtree(profile, ignore_errors=True)
