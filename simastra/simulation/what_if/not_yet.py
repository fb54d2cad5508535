"""What a scenario may say that nobody carries out yet: refused, rather than left out silently."""

from __future__ import annotations

from simastra.scenario import ScenarioConfig


def refuse_what_is_to_come(config: ScenarioConfig) -> None:
    """Refuse what would have no effect.

    Raises:
        ConfigError: it names the first such section.
    """
    sections = {
        "jobs": bool(config.jobs),
    }
    for key, is_there in sections.items():
        if is_there:
            raise config.error("isn't carried out by this version; leave it out", key)
