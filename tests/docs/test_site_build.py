"""The site as `make docs` builds it: without a warning, and without a link that leads nowhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from docs.site.__main__ import main
from docs.site.generated import COURSE
from docs.site.outside import ROOT


def test_the_site_builds_without_a_warning_and_takes_the_course_in(tmp_path: Path) -> None:
    pytest.importorskip("mkdocstrings", reason="the extra 'docs' isn't installed")
    site, course = tmp_path / "site", tmp_path / "course"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(site)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    assert main([str(site)]) == ""

    page = (site / "debugging.html").read_text("utf-8")
    assert 'href="course/index.html?path=08_stepping_and_deadlocks.ipynb"' in page
    course.mkdir()
    (course / "index.html").write_text("<title>the course</title>", encoding="utf-8")
    assert main([str(site), str(course)]) == ""
    assert "the course" in (site / COURSE).with_suffix(".html").read_text("utf-8")
