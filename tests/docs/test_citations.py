"""What docstrings and comments cite: sections of this project's own pages, which are there."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
NUMBER = r"\d+(?:\.\d+)*(?: #\d+)?"
CITATION = re.compile(
    rf"(?:(?P<rules>[Bb]ehaviour)|docs/chakra\.md)\s+"
    rf"(?P<places>{NUMBER}(?:(?:[,;]| and| to)?\s+(?:and )?{NUMBER})*)"
)
PLACE = re.compile(r"(\d+(?:\.\d+)*)(?: #(\d+))?")
PAGE = re.compile(r"(?<![\w/.-])(?:docs/)?[a-z0-9-]+\.md\b")  # in capitals: other projects' pages


def sections(page: str) -> dict[str, str]:
    """The text under each numbered heading of a page."""
    parts = re.split(r"^#{2,3} (\d+(?:\.\d+)*)\.? ", (DOCS / page).read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


SECTIONS = {page: sections(page) for page in ("behaviour.md", "chakra.md")}


def sources() -> list[Path]:
    """Files of code; a citation in a test counts as one in the package does."""
    names = subprocess.run(
        ["git", "ls-files", "simastra", "tests", "benchmarks", "schemas", "traces"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    code = (".py", ".pyi", ".proto")
    return [path for name in names if (path := ROOT / name).suffix in code and path.exists()]


def citations() -> Iterator[tuple[str, str, str, str]]:
    """Where something is cited, the page, the section, and the item in it or ""."""
    for path in sources():
        for found in CITATION.finditer(path.read_text("utf-8")):
            page = "behaviour.md" if found["rules"] else "chakra.md"
            for number, item in PLACE.findall(found["places"]):
                yield str(path.relative_to(ROOT)), page, number, item


def test_every_section_that_is_cited_is_there() -> None:
    cited = list(citations())
    assert len(cited) > 100
    lost = [
        (where, page, number, item)
        for where, page, number, item in cited
        if number not in SECTIONS[page]
        or (item and not re.search(rf"^{item}\. ", SECTIONS[page][number], re.MULTILINE))
    ]
    assert not lost


def test_rules_that_rules_refer_to_are_there() -> None:
    named = re.findall(r"\((\d\.\d+)(?:[,)])", (DOCS / "behaviour.md").read_text())
    assert named
    assert set(named) <= set(SECTIONS["behaviour.md"])


def test_no_page_is_cited_that_is_not_in_the_project() -> None:
    pages = {path.name for path in ROOT.rglob("*.md") if ".venv" not in path.parts}
    cited = {
        (str(path.relative_to(ROOT)), name)
        for path in sources()
        if path.is_relative_to(ROOT / "simastra")
        for name in PAGE.findall(path.read_text("utf-8"))
    }
    assert cited
    assert not [(where, name) for where, name in cited if Path(name).name not in pages]
