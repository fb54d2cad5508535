"""Metrics and bounds as people read them, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from simastra.view.human import human_size, human_time
from simastra.view.phrases import share_words

from .bound import Bound
from .metrics import UNSTATED, Metrics

if TYPE_CHECKING:
    from .goodput import Goodput

_SHOWN_HOLDERS = 3
_ALL = 1.001  # but for the rounding of durations to whole ns


def metric_rows(metrics: Metrics, bound: Bound) -> dict[str, str]:
    """Return what is known, by what it is."""
    return dict(_rows(metrics, bound))


def _rows(metrics: Metrics, bound: Bound) -> Iterator[tuple[str, str]]:
    rate, mfu, hfu = metrics.tflops_per_npu, metrics.mfu, metrics.hfu
    if metrics.tokens_per_s is not None:
        yield "tokens/s", f"{metrics.tokens_per_s:,.0f}"
    if rate is not None:
        peak = "" if metrics.peak_tflops is None else f" of {metrics.peak_tflops:,g}"
        yield "model FLOPs", f"{rate:,.4g}{peak} TFLOP/s an NPU"
    if mfu is not None:
        yield "MFU", share_words(mfu)
    if hfu is not None:
        beyond = ": computations take less time than peak-perf allows" if hfu > _ALL else ""
        yield "HFU", f"{share_words(hfu)}{beyond}"
    if any(metrics.exposed_communication):
        yield "exposed communication", _exposed(metrics)
    yield "bound", _bound(bound)
    if metrics.bytes_by_purpose:
        yield "has to be sent", _bytes(metrics)
    yield from _memory(metrics)
    yield from _goodput(metrics.goodput)
    if metrics.model_flops is not None and metrics.peak_tflops is None:
        yield "no MFU", "for want of peak-perf in the system file"


def _exposed(metrics: Metrics) -> str:
    exposed = metrics.exposed_communication[metrics.slowest]
    share = exposed / metrics.step_time if metrics.step_time else 0
    return f"{human_time(exposed)}, {share_words(share)} of the time, on NPU {metrics.slowest}"


def _bound(bound: Bound) -> str:
    return f"{human_time(bound.time)} by {limit_words(bound)}, {_against(bound)}"


def limit_words(bound: Bound) -> str:
    """What limits a step, and whose."""
    place = bound.place
    return bound.limit.value if place is None else f"{bound.limit.value} ({place.name})"


def _against(bound: Bound) -> str:
    """What the run makes of its bound."""
    if bound.is_beaten:
        return f"which the run beats: {bound.overload:.3g} times as fast as its network could be"
    share = bound.slack / bound.makespan if bound.makespan else 0
    return f"so that {human_time(bound.slack)} are slack, {share_words(share)}"


def _bytes(metrics: Metrics) -> str:
    if metrics.bytes_by_purpose.keys() == {UNSTATED}:
        return human_size(metrics.bytes_by_purpose[UNSTATED])
    by_size = sorted(metrics.bytes_by_purpose.items(), key=lambda it: -it[1])
    return ", ".join(f"{purpose} {human_size(size)}" for purpose, size in by_size)


def _goodput(found: Goodput | None) -> Iterator[tuple[str, str]]:
    if found is None:
        return
    steps, between = f"{found.steps:,} steps", f"a checkpoint each {found.steps_between:,}"
    if found.time is None:
        done = found.useful // max(found.step_time, 1)
        told = f"after {found.failures:,} failures {done:,} of {steps} are done; {between} steps"
        yield "goodput", f"unknown: {told}" if done else f"none: {told}"
        return
    yield (
        "goodput",
        f"{share_words(found.share)} of {human_time(found.time)}: {steps}, {between}, "
        f"{found.failures:,} failures",
    )
    yield (
        "the rest goes to",
        f"checkpoints {human_time(found.writing)}, lost work {human_time(found.lost)}, "
        f"restarts {human_time(found.restarting)}; the best interval is about "
        f"{human_time(found.best_interval)}",
    )


def _memory(metrics: Metrics) -> Iterator[tuple[str, str]]:
    peak = metrics.peak_memory
    if peak is None:
        return
    npu = metrics.memory.index(peak)
    room = "" if metrics.capacity is None else f" of {human_size(metrics.capacity)}"
    yield (
        "peak memory",
        f"{human_size(peak.peak.size)}{room}, NPU {npu} at " + human_time(peak.peak.time),
    )
    parts = {**asdict(peak.static), "activations": peak.static.activations + peak.activations}
    yield (
        "it holds",
        ", ".join(f"{name} {human_size(size)}" for name, size in parts.items() if size),
    )
    if peak.holders:
        largest = peak.holders[:_SHOWN_HOLDERS]
        rest = peak.held - len(largest)
        more = f" and {rest} more" if rest else ""
        listed = ", ".join(f"{it.name} {human_size(it.size)}" for it in largest)
        yield "largest activations", f"{listed}{more}"
