"""The site is built once."""

from pathlib import Path

import pytest
from support.course_site import built_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    base = tmp_path_factory.getbasetemp()
    # Of several processes each has a folder of its own, in one of the run.
    return built_site(base.parent if hasattr(request.config, "workerinput") else base)
