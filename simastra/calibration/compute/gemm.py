"""How long a matrix product takes on an otherwise idle GPU.

Two models, between which a calibration's fit chooses. Both take the longer of what operations and
what bytes need, after a launch (roofline: Williams et al., CACM 52(4), 2009). One lets operations
run at a share of the peak. The other cuts the product into tiles, of which each SM computes one at
a time, so that the last wave may be half empty (wave quantisation); where there are fewer tiles
than SMs, k is split among several of them.
"""

from math import inf

from simastra.units import NS_PER_SECOND, OPS_PER_TERAOP

from .section import ComputeSection, WaveSection

_TILES = ((64, 64), (64, 128), (128, 64), (128, 128), (64, 256), (256, 64), (128, 256), (256, 128))
_LARGEST = (128, 256)
_MOST_SPLITS = 16
_ELEMENT_BYTES = 2


def gemm_time(
    section: ComputeSection, shape: tuple[int, int, int], count: int = 1, size: int | None = None
) -> float:
    """Return the ns that `count` products of m x k by k x n matrices take in one kernel.

    The launch, which `GemmSection.launch_us` says, isn't in it.

    Args:
        section: the GPU.
        shape: m, n and k.
        count: how many products.
        size: bytes read and written; None for those of 2-byte elements.
    """
    m, n, k = shape
    gemm = section.gemm
    if size is None:
        size = _ELEMENT_BYTES * count * (m * k + k * n + m * n)
    memory = size / (section.memory_gb_s * gemm.memory_efficiency)
    if gemm.waves is None:
        return max(peak_time(section, 2 * m * n * k * count) / gemm.efficiency, memory)
    return max(_waves_time(section, gemm.waves, shape, count), memory)


def peak_time(section: ComputeSection, operations: int) -> float:
    """Return the ns that operations need at the peak."""
    return operations / (section.peak_tflops * OPS_PER_TERAOP) * NS_PER_SECOND


def _waves_time(
    section: ComputeSection, waves: WaveSection, shape: tuple[int, int, int], count: int
) -> float:
    """The ns of the tiling that takes the least."""
    m, n, k = shape
    least = inf
    for rows, columns in _TILES:
        tiles = count * -(-m // rows) * -(-n // columns)
        splits = min(max(section.sms // tiles, 1), _MOST_SPLITS)
        depth = k / splits + waves.fill_k
        work = -(-tiles // section.sms) * 2 * rows * columns * depth
        least = min(least, work * _edges(waves, rows, columns) / _edges(waves, *_LARGEST))
    rate = section.peak_tflops * OPS_PER_TERAOP * waves.efficiency / section.sms
    return least / rate * NS_PER_SECOND


def _edges(waves: WaveSection, rows: int, columns: int) -> float:
    return 1 + waves.edge * (1 / rows + 1 / columns)
