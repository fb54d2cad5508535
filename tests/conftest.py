"""Hypothesis profiles: what all tests run under, and a derandomised one for continuous integration.

At the end, a line tells of tests that are left out.

This file also puts the folder `tests` on the import path, for `support`.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("support")  # its assertions then say what differs

_COMMON = settings(
    max_examples=50,
    deadline=None,  # a shared machine is slow now and then; that is no failure
    suppress_health_check=[HealthCheck.too_slow],
)

settings.register_profile("dev", _COMMON)
settings.register_profile("ci", _COMMON, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


_SHOWN = 3  # reasons for leaving tests out


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell of tests that are left out, unless each is listed anyhow."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and not terminalreporter.hasopt("skipped"):
        reasons = Counter(str(it.longrepr[2]).removeprefix("Skipped: ") for it in skipped)
        told = [f"{reason} ({count})" for reason, count in reasons.most_common(_SHOWN)]
        more = ", and so on; -rs lists all" if len(reasons) > len(told) else ""
        terminalreporter.write_line(f"{len(skipped)} left out: {', '.join(told)}{more}")


# --doctest-modules would import two modules of the name conftest, and mutants.py needs an extra.
collect_ignore_glob = ["*conftest.py", "*mutants.py"]
