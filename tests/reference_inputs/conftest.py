"""The microbenchmarks, unpacked once into a temporary folder."""

import tarfile
from pathlib import Path

import pytest
from upstream import BENCHMARKS


@pytest.fixture(scope="session")
def benchmarks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("microbenchmarks")
    with tarfile.open(BENCHMARKS) as archive:
        archive.extractall(folder, filter="data")
    return folder
