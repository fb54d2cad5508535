"""What ASTRA-sim answers to those works that are golden cases, and how long it took."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simastra.units import NpuId, Ns

FILE = Path(__file__).parent.parent / "tests" / "golden" / "scale.json.gz"


@dataclass(frozen=True, slots=True)
class Answer:
    """ASTRA-sim's answer.

    Attributes:
        cycles: when each NPU finished, by NPU.
        order: the NPUs in the order in which they finished.
        seconds: how long ASTRA-sim took, where the golden case was recorded.
    """

    cycles: tuple[Ns, ...]
    order: tuple[NpuId, ...]
    seconds: float


@cache
def answers() -> dict[str, Answer]:
    """The answers, by name of the golden case; none where the tests aren't at hand."""
    if not FILE.exists():
        return {}
    cases = json.loads(gzip.decompress(FILE.read_bytes()))
    return {
        case["name"]: Answer(
            tuple(case["expect"]["cycles"][str(npu)] for npu in range(case["npus"])),
            tuple(case["expect"]["order"]),
            case["reference_seconds"],
        )
        for case in cases
    }
