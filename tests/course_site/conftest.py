"""The site is built once."""

from pathlib import Path

import pytest
from support.course_site import built_site
from support.once import folder_of_run


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_site(folder_of_run(tmp_path_factory, "course_site"))
