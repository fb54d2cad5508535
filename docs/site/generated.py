"""All pages of the site that no file of docs/ is, by their paths."""

from .api_pages import api_pages
from .command_pages import command_pages
from .configuration_pages import configuration_pages
from .outside import ROOT, outside_pages

COURSE = "course/index.md"
"""Where the course is in the whole site; what `make docs` builds has a page there instead."""

_COURSE = """---
search:
  exclude: true
---

# The course

The course runs in the browser, and in JupyterLab. In a checkout,

```sh
make site    # this documentation with the course in it, in out/site
python3 -m http.server --directory out/site
```

then open <http://localhost:8000/course/>; nothing is installed but in `.venv`. Or, with JupyterLab:

```sh
pip install '.[notebook]'
jupyter lab notebooks
```

[What the notebooks teach](../repository/notebooks/README.md).
"""


def generated_pages() -> dict[str, str]:
    """Pages as Markdown by their paths in the site."""
    docs = {
        f"docs/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "docs").glob("*.md"))
    }
    return {
        COURSE: _COURSE,
        **command_pages(),
        **configuration_pages(),
        **api_pages(),
        **outside_pages(docs),
    }
