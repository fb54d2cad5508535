"""An adapter that serves clients at a port, one after the other, and what they debug."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from debug_files import Inputs, write_hang, write_ring

if TYPE_CHECKING:
    from adapter_client import AdapterClient

_NO_CLIENT = "there is no client of DAP here"


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return write_ring(tmp_path_factory.mktemp("ring"))


@pytest.fixture(scope="session")
def hang(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return write_hang(tmp_path_factory.mktemp("hang"))


@pytest.fixture(scope="session")
def port(ring: Inputs) -> Iterator[int]:
    adapter_client = pytest.importorskip("adapter_client", reason=_NO_CLIENT)
    with adapter_client.served(ring) as port:
        yield port


@pytest.fixture
def client(port: int, ring: Inputs) -> "Iterator[AdapterClient]":
    adapter_client = pytest.importorskip("adapter_client", reason=_NO_CLIENT)
    with adapter_client.over_tcp(port, ring) as client:
        yield client
