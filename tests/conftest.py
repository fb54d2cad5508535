"""Hypothesis profiles: what all tests run under, and a derandomised one for continuous integration.

This file also puts the folder `tests` on the import path, for `support`.
"""

import os

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

# --doctest-modules would import two modules of the name conftest, and mutants.py needs an extra.
collect_ignore_glob = ["*conftest.py", "*mutants.py"]
