"""axe-core, which finds what people with a screen reader or a keyboard can't use on a page."""

import json
from pathlib import Path
from typing import Any

from support.chromium import Page

_ROOT = Path(__file__).parents[2]
_PLACES = (".venv/axe/node_modules", "node_modules")


def find_axe() -> Path | None:
    """Its script, as npm installs it; None if it isn't there. ``make test`` asks npm for it."""
    found = (_ROOT / place / "axe-core" / "axe.min.js" for place in _PLACES)
    return next((path for path in found if path.is_file()), None)


def violations(page: Page, script: Path) -> list[Any]:
    """What axe finds on the page: rule, and the beginnings of the elements' markup."""
    page.evaluate(f"{script.read_text(encoding='utf-8')}; 0")
    found: str = page.evaluate(
        "axe.run().then((it) => JSON.stringify(it.violations.map((rule) =>"
        " [rule.id, rule.nodes.map((node) => node.html.slice(0, 120))])))"
    )
    answer: list[Any] = json.loads(found)
    return answer
