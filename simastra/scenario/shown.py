"""A scenario as a notebook shows it: a row for each of its entries and sections."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from simastra.view.html import Markup, joined, notebook_table, title
from simastra.view.table import Table, left

from .section import ScenarioSection

_ABOUT = ("npus", "links", "workload")
"""Keys that say what an entry is about."""


def scenario_html(about: str, sections: Mapping[str, ScenarioSection]) -> Markup:
    """What is different.

    Args:
        about: its title, or its file.
        sections: entries and sections, by the places where the file has them.
    """
    heading = title("Scenario", aside=about)
    if not sections:
        return joined(heading, "nothing is different")
    rows = tuple((place, *_entry(section)) for place, section in sections.items())
    return joined(heading, notebook_table(Table(left("place", "about", "what"), rows)))


def _entry(section: ScenarioSection) -> tuple[str, str]:
    """What it is about, and what it says, of what was given."""
    given = {name: getattr(section, name) for name in section.model_fields_set}
    about = [str(given.pop(name)) for name in _ABOUT if name in given]
    order = [name for name in type(section).model_fields if name in given]
    words = (f"{name.replace('_', '-')} {_shown(given[name])}" for name in order)
    return " ".join(about), ", ".join(words)


def _shown(value: object) -> str:
    match value:
        case Fraction():
            return f"{float(value):g}"
        case bool():
            return "true" if value else "false"
        case int():
            return f"{value:,}"
        case ScenarioSection():
            return f"({', '.join(filter(None, _entry(value)))})"
        case _:
            return str(value)
