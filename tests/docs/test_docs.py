"""What the documentation says is so: examples run, links lead somewhere, tables agree."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from simastra.cli import COMMANDS
from simastra.collectives import ALGORITHMS, SELECTORS
from simastra.config import MemoryType, SchedulingPolicy
from simastra.dialect import DIALECTS
from simastra.network import BACKENDS
from simastra.network.routing import ROUTERS
from simastra.network.topology import TOPOLOGIES
from tests.support.examples import (
    OUTPUTS,
    PAGES,
    ROOT,
    Example,
    programs,
    sessions,
    without_notices,
    write_files,
)


def run(words: list[str], cwd: Path) -> str:
    """What a terminal shows, but for notices; the reader's ``simastra`` and ``python`` are ours."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return without_notices(done.stdout)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that has what the examples read, and in which they may write."""
    for folder in ("traces", "docs/networks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / OUTPUTS).mkdir()
    return tmp_path


def files_in(folder: Path) -> set[Path]:
    """All files below a folder but what examples are to write."""
    return {it for it in folder.rglob("*") if it.is_file() and folder / OUTPUTS not in it.parents}


@pytest.mark.parametrize("example", programs(), ids=str)
def test_a_program_prints_what_the_page_says(example: Example, checkout: Path) -> None:
    write_files(example.page, checkout)
    assert run([sys.executable, "-W", "error", "-c", example.code], checkout) == example.printed


@pytest.mark.parametrize("example", sessions(), ids=str)
def test_a_shell_session_goes_as_the_page_says(example: Example, checkout: Path) -> None:
    write_files(example.page, checkout)
    before = files_in(checkout)
    assert run(["bash", "-c", example.code], checkout) == example.printed
    assert files_in(checkout) == before


def test_a_step_of_a_transformer_is_worth_what_the_readme_says(checkout: Path) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## A transformer")[2]
    commands, metrics = re.findall(r"^```(?:sh|text)\n(.*?)^```$", section, re.M | re.S)[:2]
    assert run(["bash", "-c", commands], checkout).endswith(metrics)


def test_what_the_examples_write_is_ignored_and_cleaned_away() -> None:
    assert f"mkdir -p {OUTPUTS}\n" in [it.code for it in sessions() if it.page.name == "README.md"]
    assert f"{OUTPUTS}/" in (ROOT / ".gitignore").read_text().splitlines()
    recipe = re.findall(r"^clean:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert OUTPUTS in recipe[0].split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [
        link for link in links if "://" not in link and not (page.parent / link).resolve().exists()
    ]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_and_targets_named_in_code_spans_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= set(targets)
    paths = re.findall(r"`((?:simastra|tests|docs|traces|benchmarks|schemas)/[\w/.]+)`", text)
    assert not [path for path in paths if not (ROOT / path).exists()]


def readme_row(part: str) -> set[str]:
    """The names in code spans in the second column of the table "What is simulated"."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (choices,) = re.findall(rf"^\| {part} \| (.*) \|$", text, re.MULTILINE)
    return set(re.findall(r"`([^`]+)`", choices))


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("topologies", TOPOLOGIES),
        ("backends", BACKENDS),
        ("remote memory", list(MemoryType)),
        ("dialects", DIALECTS),
        ("algorithms", [*ALGORITHMS, *SELECTORS, "direct4", "oneRing"]),
        ("routers", ROUTERS),
    ],
)
def test_the_readme_lists_what_there_is(part: str, names: Iterable[str]) -> None:
    assert readme_row(part) == set(names)


def test_the_readme_lists_scheduling_policies_and_verbs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(policy in text for policy in SchedulingPolicy)
    assert all(f"simastra {verb}" in text for verb in COMMANDS)


def test_the_tree_shows_every_part_of_the_package() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tree = text.partition("## The tree")[2].partition("\n## ")[0]
    parts = {path.name for path in (ROOT / "simastra").iterdir() if (path / "__init__.py").exists()}
    assert parts <= set(re.findall(r"^  (\w+)/", tree, re.MULTILINE))


def test_a_benchmark_records_cycles_that_are_those_of_astra_sim(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "benchmarks", "ring_all_reduce", "--output", str(tmp_path)]
    printed = run(words, ROOT)
    record = json.loads((tmp_path / "ring_all_reduce.json").read_text())
    cycles = {row["npus"]: row["cycles"] for row in record["rows"]}
    assert cycles == {8: 117780, 64: 356620, 256: 1140400}
    assert all(row["messages"] == 4 * 14 * 8 for row in record["rows"] if row["npus"] == 8)
    assert printed.count("cycles as in ASTRA-sim") == 3


def test_the_map_of_the_design_leads_to_files_that_are_there() -> None:
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    table = text.partition("## The map")[2].partition("## Layers")[0]
    named = re.findall(r"`([\w/]+\.py)`", table)
    assert len(named) > 15
    assert not [name for name in named if not (ROOT / "simastra" / name).exists()]


def test_the_layers_of_the_design_are_those_that_are_checked() -> None:
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    told = text.partition("## Layers")[2].partition("```text\n")[2].partition("```")[0].splitlines()
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("layers = [")[2]
    checked = re.findall(r'"(.*)"', contracts.partition("\n]")[0])
    assert told == [layer for layer in checked if layer != "__main__"]
