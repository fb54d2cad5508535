"""The course in a browser, with no network but the files of the site."""

import re

from support.chromium import Page
from support.lab import Lab

BLANK = re.compile(r"^\w+ = \.\.\.", re.MULTILINE)


def test_the_cell_of_the_first_five_minutes_runs_by_itself(page: Page, address: str) -> None:
    page.open(f"{address}/five_minutes.html")
    shown = "document.querySelector('iframe').contentDocument.body.innerText"
    page.evaluate(
        "new Promise(done => { const look = setInterval(() => {"
        f"if ({shown}.includes('117,780 ns')) {{ clearInterval(look); done(1); }} }}, 200); }})"
    )


def test_the_first_notebook_runs_to_its_end_and_marks_an_exercise(page: Page, address: str) -> None:
    page.requested.clear()
    lab = Lab(page, f"{address}/index.html?path=01_first_run.ipynb")
    lab.run_all()
    shown = lab.outputs()
    assert [it for cell in shown for it in cell if it["output_type"] == "error"] == []
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
    second = Lab(page, f"{address}/index.html?path=02_traces_by_hand.ipynb")
    assert second.tabs() == ["02_traces_by_hand.ipynb"]  # each would have a Python of its own
    assert "answer = 56" in second.stored("notebooks/01_first_run.ipynb")
    second.write(0, "from simastra.notebook.course import progress\nprogress()")
    second.run(0)
    assert second.text(0).startswith("1 of ")  # of all notebooks

    here = (address.rpartition("/")[0], "data:", "blob:")
    assert not [it for it in page.requested if not it.startswith(here)]
