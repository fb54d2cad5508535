"""What a family of random cases is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wishes:
    """What a family of cases is about. Tuples are what is chosen from."""

    shapes: tuple[tuple[tuple[str, int], ...], ...] = ()
    largest: int = 16
    dimensions: tuple[int, ...] = (1, 1, 2, 3)
    algorithms: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ("compute", "collective", "collective")
    count: tuple[int, int] = (1, 5)
    chunks: tuple[int, ...] = (1, 1, 2, 3)
    active: tuple[int, ...] = (1, 1, 2, 4)
    optimizations: tuple[str, ...] = ("localBWAware", "baseline")
    like_dimensions: bool = False
    rooted: float = 0.0
    queues: tuple[int, ...] = (1,)
    tight: float = 0.7
    own_durations: float = 0.0
    twist: float = 0.05
    involved: float = 0.2
    groups: float = 0.0
    dialects: tuple[str, ...] = ("hoti2024", "master")
    backends: tuple[str, ...] = ("congestion-aware", "congestion-aware", "congestion-unaware")
    bus: float = 0.0
    roofline: float = 0.0
    memory: float = 0.0
    repeats: tuple[int, ...] = (1,)
    chain: float = 0.3
