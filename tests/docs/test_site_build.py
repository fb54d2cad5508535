"""The site as `make docs` builds it: warnings, links, and what a reader meets in a browser."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.axe import find_axe, violations
from support.chromium import Page, chromium, find_chromium
from support.course_site import served
from support.once import folder_of_run, locked

from docs.site.__main__ import main
from docs.site.generated import COURSE
from docs.site.outside import ROOT

CHROMIUM = find_chromium()
AXE = find_axe()
LOOKED_AT = (
    "index.html",
    "tutorial.html",
    "reference/configuration/study.html",
    "reference/api/simastra.simulation.html",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocstrings", reason="the extra 'docs' isn't installed")
    shared = folder_of_run(tmp_path_factory, "docs_site")
    with locked(shared):
        if not (shared / "docs.log").exists():
            build(shared / "docs", shared / "docs.log")
    return shared / "docs"


def build(site: Path, log: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(site)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    log.write_text(f"{done.stderr}exit code {done.returncode}", encoding="utf-8")


def test_it_builds_without_a_warning_and_every_link_leads_somewhere(site: Path) -> None:
    said = site.with_suffix(".log").read_text("utf-8")
    assert said.endswith("exit code 0"), said
    assert "WARNING" not in said
    assert main([str(site)]) == ""


def test_buttons_lead_into_the_course_once_that_is_there(site: Path, tmp_path: Path) -> None:
    page = (site / "debugging.html").read_text("utf-8")
    assert 'href="course/index.html?path=08_stepping_and_deadlocks.ipynb"' in page
    course, small = tmp_path / "course", tmp_path / "site"
    for folder, text in ((course, "the course"), (small, '<a href="course/index.html">x</a>')):
        folder.mkdir()
        (folder / "index.html").write_text(text, encoding="utf-8")
    assert main([str(small), str(course)]) == ""
    assert (small / COURSE).with_suffix(".html").read_text("utf-8") == "the course"


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")
def test_a_search_finds_an_option_and_a_key_and_nobody_else_is_asked(
    site: Path, tmp_path: Path
) -> None:
    with served(site) as address, chromium(str(CHROMIUM), tmp_path) as page:
        for query, found in (
            ("rendezvous", "reference/commands/run.html?h=rendezvous#--rendezvous-protocol"),
            ("endpoint", "reference/configuration/system.html?h=endpoint#endpoint-delay"),
            ("straggler", "scenarios.html?h=straggler"),
            ("ns3", "from-astra-sim.html?h=ns3#command-lines"),
        ):
            page.open(f"{address}/index.html?q={query}", 1280)
            results = "[...document.querySelectorAll('.md-search-result__link')]"
            addresses = page.evaluate(
                "new Promise((done) => { const look = setInterval(() => {"
                f"if ({results}.length) {{ clearInterval(look);"
                f"done({results}.map((it) => it.href)); }} }}, 50); }})"
            )
            assert f"{address}/{found}" in addresses
        assert page.errors == []
        assert [it for it in page.requested if not it.startswith((address, "data:"))] == []


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")
def test_the_course_is_in_the_navigation_and_a_session_is_copied_as_it_was_typed(
    site: Path, tmp_path: Path
) -> None:
    with served(site) as address, chromium(str(CHROMIUM), tmp_path) as page:
        page.open(f"{address}/tutorial.html", 1280)
        links = "[...document.querySelectorAll('.md-nav--primary a')].map((it) => it.innerText)"
        assert "The course" in [it.strip() for it in page.evaluate(links)]
        copied = "[...document.querySelectorAll('[data-copy]')].map((it) => it.dataset.copy)"
        sessions = page.evaluate(copied)
        assert sessions[0] == "mkdir -p out"
        assert sessions[3].startswith("simastra run --workload out/two")
        assert sessions[3].endswith("\\\n    --explain | sed -n '/what each/,/^0/p'")


def opened(page: Page, address: str, width: int, scheme: str) -> None:
    """As a reader opens it who hasn't chosen colours."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    page.call("Emulation.setEmulatedMedia", {"features": [feature]})
    page.evaluate("location.protocol.startsWith('http') && localStorage.clear()")
    page.open(address, width)
    page.evaluate("new Promise((done) => setTimeout(done, 300))")  # scripts add parts of the page


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")
@pytest.mark.skipif(AXE is None, reason="there is no axe-core here; make test gets it where npm is")
def test_pages_are_readable_by_everybody_and_fit_a_phone(site: Path, tmp_path: Path) -> None:
    assert AXE is not None
    with served(site) as address, chromium(str(CHROMIUM), tmp_path) as page:
        for name in LOOKED_AT:
            for width, scheme in ((1280, "dark"), (400, "light")):
                opened(page, f"{address}/{name}", width, scheme)
                assert violations(page, AXE) == [], (name, width, scheme)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.errors == []
