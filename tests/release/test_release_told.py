"""What is said of releases is so: one number, one licence, interpreters, a changelog to add to."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]
    assert citation["title"] == PROJECT["name"]
    assert [it["name"] for it in citation["authors"]] == [it["name"] for it in PROJECT["authors"]]
    assert {"cff-version", "message", "authors", "title"} <= set(citation)
    assert set(citation["keywords"]) <= {*PROJECT["keywords"], "collective communication"}


def test_the_changelog_has_a_place_for_what_comes_and_a_section_for_each_release() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert headings[1:2] in ([], [PROJECT["version"]])
    assert len(set(headings)) == len(headings)


def test_the_page_names_the_pythons_that_the_classifiers_do() -> None:
    named = "\n".join(PROJECT["classifiers"])
    minors = [int(it) for it in re.findall(r"Python :: 3\.(\d+)$", named, re.MULTILINE)]
    page = (ROOT / "docs" / "releases.md").read_text()
    assert f"3.{min(minors)} to 3.{max(minors)}" in page
    assert PROJECT["requires-python"] == f">=3.{min(minors)}"
