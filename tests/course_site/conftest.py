"""The site is built once; one browser looks at it, which has its files from one server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.chromium import Page, chromium, find_chromium
from support.course_site import built_site, served
from support.once import folder_of_run


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_site(folder_of_run(tmp_path_factory, "course_site"))


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served: below the root of its server, as on many a web server."""
    with served(site.parent) as root:
        yield f"{root}/{site.name}"


@pytest.fixture(scope="session")
def page(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page of one browser, which starts slowly, and keeps what it has compiled."""
    program = find_chromium()
    if program is None:
        pytest.skip("there is no Chromium here")
    with chromium(program, tmp_path_factory.mktemp("chromium")) as page:
        yield page
