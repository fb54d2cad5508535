"""A figure of the statistics is a field and its value, in one file; all tables show it."""

import csv
import json
from pathlib import Path

import pytest
from changed_copy import Edit, changed_copy, python

from simastra import MiB, TraceBuilder

FIELD = Edit("metrics/npu_statistics.py", "    idle: Ns\n", "    under_way: Ns\n")
VALUE = Edit(
    "metrics/npu_statistics.py",
    "        idle=length(difference(wall, busy)),\n",
    "        under_way=length(intersection(wall, busy)),\n",
)
INPUTS = ("--workload=wl", "--system=sys.json", "--network=net.yml")


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of simastra that also tells how long anything was under way; with inputs."""
    folder = changed_copy(tmp_path_factory.mktemp("extended"), (FIELD, VALUE))
    et = TraceBuilder()
    work = et.compute("work", micros=3, on_cpu=False)
    et.all_reduce("gradients", size=1 * MiB, after=work)
    et.write(folder / "wl", npus=2)
    (folder / "sys.json").write_text(
        '{"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 4, "local-mem-bw": 50}'
    )
    (folder / "net.yml").write_text(
        "topology: [Switch]\nnpus_count: [2]\nbandwidth: [50]\nlatency: [5]\n"
    )
    return folder


def test_lines_and_json_have_it(extended: Path) -> None:
    words = ("run", *INPUTS, "--statistics", "--json=r.json")
    done = python(extended, "-m", "simastra", *words)
    assert done.returncode == 0, done.stderr
    result = json.loads((extended / "r.json").read_text())
    for figures in result["statistics"]:
        assert list(figures)[-1] == "under_way"
        assert figures["under_way"] == figures["wall"] - figures["idle"] > 0
    _, heading, row = done.stderr.splitlines()[-3:]
    assert heading.endswith("  under way")
    assert row.split()[:2] == ["0,", "1"]
    assert row.split()[-1] == f"{result['statistics'][0]['under_way']:,}"


def test_csv_files_and_the_page_have_it(extended: Path) -> None:
    words = ("report", *INPUTS, "--output=p.html", "--tables=tables")
    assert python(extended, "-m", "simastra", *words).returncode == 0
    rows = list(csv.DictReader((extended / "tables" / "npus.csv").read_text().splitlines()))
    assert [row["under_way_ns"] for row in rows] == [row["wall_ns"] for row in rows]
    assert '{"name":"under way","unit":"ns",' in (extended / "p.html").read_text()
