"""Models are put together when they are first used: what nobody uses costs a start nothing."""

import subprocess
import sys

TOGETHER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from simastra.config import MemoryConfig, NetworkConfig, SystemConfig

sys.setswitchinterval(1e-6)
together = Barrier(8)

def first_use(_):
    together.wait()
    network = NetworkConfig(topology=["Ring"], npus_count=[8], bandwidth=[50], latency=[500])
    return SystemConfig(preferred_dataset_splits=4), network, MemoryConfig()

with ThreadPoolExecutor(8) as pool:
    print(len(set(pool.map(first_use, range(8)))))
"""

UNUSED = """
from simastra.config import CommGroups, MemoryConfig
MemoryConfig()
print(MemoryConfig.__pydantic_complete__, CommGroups.__pydantic_complete__)
"""


def printed(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


def test_threads_may_be_the_first_to_use_models_together() -> None:
    assert printed(TOGETHER) == "1"


def test_a_model_that_nobody_uses_is_not_put_together() -> None:
    assert printed(UNUSED) == "True False"
