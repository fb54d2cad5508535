"""The first page of the site, and its first five minutes: what lies in templates/, filled in."""

import re
import shutil
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

TEMPLATES = Path(__file__).with_name("templates")
_ROW = re.compile(r"^\| \[(?P<title>[^]]+)\]\((?P<file>[\w.]+\.ipynb)\) \| (?P<what>.+?) \|$", re.M)


def write_pages(site: Path, root: Path) -> None:
    """Write them into the site; the notebooks' names are those of their list, README.md."""
    listed = (root / "notebooks" / "README.md").read_text(encoding="utf-8")
    cell = (TEMPLATES / "five_minutes.txt").read_text(encoding="utf-8").strip()
    fill(site, "index.html", notebooks="\n".join(map(_row, _ROW.finditer(listed))))
    # The prompt of JupyterLite runs the code that its address has.
    fill(site, "five_minutes.html", code=escape(urlencode({"code": cell})))
    shutil.copy(TEMPLATES / "course.css", site)


def fill(site: Path, name: str, **values: str) -> None:
    """Write a page with values in place of its $names."""
    page = Template((TEMPLATES / name).read_text(encoding="utf-8"))
    (site / name).write_text(page.substitute(values), encoding="utf-8")


def _row(found: re.Match[str]) -> str:
    title, what = escape(found["title"]), escape(found["what"])
    return f'<tr><td><a href="index.html?path={found["file"]}">{title}</a></td><td>{what}</td></tr>'
