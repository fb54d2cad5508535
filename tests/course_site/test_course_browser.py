"""The course in a browser, with no network but the files of the site."""

import re
from pathlib import Path

import pytest
from support.chromium import chromium, find_chromium
from support.course_site import served
from support.lab import Lab

CHROMIUM = find_chromium()
NOTEBOOK = "index.html?path=01_first_run.ipynb"
BLANK = re.compile(r"^\w+ = \.\.\.", re.MULTILINE)


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_the_first_notebook_runs_to_its_end_and_marks_an_exercise(
    site: Path, tmp_path: Path
) -> None:
    with served(site) as address, chromium(str(CHROMIUM), tmp_path) as page:
        lab = Lab(page, f"{address}/{NOTEBOOK}")
        lab.run_all()
        shown = lab.outputs()
        wrong = [it for cell in shown for it in cell if it["output_type"] == "error"]
        assert wrong == []
        assert "makespan 117780 ns" in "\n".join(map(lab.text, range(len(shown))))

        place = next(it for it in range(len(shown)) if 'check("1.1"' in lab.source(it))
        blank = lab.source(place)
        signs = [lab.text(place)[0]]
        for answer in ("answer = 7", "answer = 56"):
            lab.write(place, BLANK.sub(answer, blank))
            lab.run(place)
            signs.append(lab.text(place)[0])
        assert signs == ["○", "✗", "✓"]

        lab.save()
        again = Lab(page, f"{address}/{NOTEBOOK}")
        assert "answer = 56" in again.source(place)  # the browser has kept it
        again.write(place, "from simastra.notebook.course import progress\nprogress()")
        again.run(place)
        assert again.text(place).startswith("1 of ")  # and the progress, for another kernel

        assert not [it for it in page.requested if not it.startswith((address, "data:", "blob:"))]


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_the_cell_of_the_first_five_minutes_runs_by_itself(site: Path, tmp_path: Path) -> None:
    with served(site) as address, chromium(str(CHROMIUM), tmp_path) as page:
        page.open(f"{address}/five_minutes.html")
        shown = "document.querySelector('iframe').contentDocument.body.innerText"
        page.evaluate(
            "new Promise(done => { const look = setInterval(() => {"
            f"if ({shown}.includes('117,780 ns')) {{ clearInterval(look); done(1); }} }}, 200); }})"
        )
