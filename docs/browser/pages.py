"""The first page of the site, and its first five minutes: what lies in templates/, filled in."""

import shutil
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from simastra.notebook.course import Notebook, course

TEMPLATES = Path(__file__).with_name("templates")


def write_pages(site: Path) -> None:
    """Write them into the site."""
    cell = (TEMPLATES / "five_minutes.txt").read_text(encoding="utf-8").strip()
    fill(site, "index.html", notebooks="\n".join(map(_row, course().notebooks)))
    # The prompt of JupyterLite runs the code that its address has.
    fill(site, "five_minutes.html", code=escape(urlencode({"code": cell})))
    shutil.copy(TEMPLATES / "course.css", site)


def fill(site: Path, name: str, **values: str) -> None:
    """Write a page with values in place of its $names."""
    page = Template((TEMPLATES / name).read_text(encoding="utf-8"))
    (site / name).write_text(page.substitute(values), encoding="utf-8")


def _row(notebook: Notebook) -> str:
    title, goal = escape(f"{notebook.number} · {notebook.title}"), escape(notebook.goal)
    address = f"index.html?path={notebook.file}.ipynb"
    return f'<tr><td><a href="{address}">{title}</a></td><td>{goal}</td></tr>'
