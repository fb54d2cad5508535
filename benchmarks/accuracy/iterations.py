"""Public training iterations that were measured, as what the generator makes traces of.

vtrain    GPT under Megatron-LM of 2022 on A100s: layers computed again, attention unfused, fp32
          gradients exchanged at the end, four adapters for a node of eight GPUs (vTrain, MIT)
selene    the same on Selene, with eight adapters (arXiv:2205.05198, table 5)
simumax   Llama 3 on one node of B200s (MooreThreads/SimuMax, Apache-2.0)
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from simastra.transformer import (
    PRESETS,
    Attention,
    Family,
    Model,
    Parallelism,
    PipelineSchedule,
    Precision,
    Recompute,
    Training,
    Zero,
)

from .tables import HARDWARE

_GPT_VOCABULARY = 50257
_FP32_GRADIENTS = Precision(gradients=4)


@dataclass(frozen=True, slots=True)
class Iteration:
    """A measured iteration.

    Attributes:
        name: for people.
        model: what was trained.
        parallelism: how the work was shared out.
        task: the step.
        seconds: that it took.
        elsewhere: what the simulator says that the measurements come with; None if nothing.
    """

    name: str
    model: Model
    parallelism: Parallelism
    task: Training
    seconds: float
    elsewhere: float | None = None

    def cut(self, layers: int, micro_batches: int) -> "Iteration":
        """The same with fewer layers and micro-batches."""
        each = self.task.batch // self.task.micro_batches
        task = replace(self.task, batch=each * micro_batches, micro_batches=micro_batches)
        return replace(self, model=replace(self.model, layers=layers), task=task)


def vtrain(which: str) -> list[Iteration]:
    """The iterations of vTrain: of one node (single), or of several (multi)."""
    with (HARDWARE / f"vtrain_ground_truth_{which}.csv").open(newline="") as file:
        return [_of_vtrain(row) for row in csv.DictReader(file)]


def _of_vtrain(row: dict[str, str]) -> Iteration:
    tp, dp, pp = (int(row[f"{name} parallelism"]) for name in ("tensor", "data", "pipeline"))
    batch, each, heads = (
        int(row[name]) for name in ("global batch", "micro batch", "attention heads")
    )
    hidden, layers, sequence = (
        int(row[name]) for name in ("hidden size", "# layers", "sequence length")
    )
    parallelism = Parallelism(tp=tp, pp=pp, dp=dp, scatter_gather=tp > 1, gradients_at_end=True)
    return Iteration(
        f"h{hidden} L{layers} b{batch}/{each} tp{tp} pp{pp} dp{dp}",
        gpt(layers, hidden, heads, sequence),
        parallelism,
        _megatron(batch, batch // (each * dp), Recompute.FULL),
        float(row["iteration time (ms)"]) / 1000,
    )


def gpt(layers: int, hidden: int, heads: int, sequence: int) -> Model:
    """A GPT as Megatron-LM has it."""
    return Model(
        "gpt", Family.GPT, layers, hidden, heads, 4 * hidden, _GPT_VOCABULARY, sequence,
        tied_embeddings=True,
    )  # fmt: skip


def _megatron(batch: int, micro_batches: int, recompute: Recompute) -> Training:
    return Training(batch, micro_batches, None, recompute, _FP32_GRADIENTS, Attention.UNFUSED)


_SELENE = {
    "megatron-22B": (gpt(48, 6144, 64, 2048), 1),
    "gpt3-175B": (gpt(96, 12288, 96, 2048), 3),
    "turing-530B": (gpt(105, 20480, 128, 2048), 3),
    "megatron-1T": (gpt(128, 25600, 160, 2048), 1),
}
"""Models, and pieces of them that each stage has (arXiv:2205.05198, section 6)."""


def selene() -> list[Iteration]:
    """The iterations on Selene."""
    with (HARDWARE / "megatron_selene_a100_2205.05198.csv").open(newline="") as file:
        return [_of_selene(row) for row in csv.DictReader(file)]


def _of_selene(row: dict[str, str]) -> Iteration:
    model, chunks = _SELENE[row["model"]]
    tp, pp, batch = int(row["tp"]), int(row["pp"]), int(row["global_batch"])
    full = row["recompute"] == "full"
    parallelism = Parallelism(
        tp=tp,
        pp=pp,
        sequence_parallel=not full,
        schedule=PipelineSchedule.INTERLEAVED if chunks > 1 else PipelineSchedule.ONE_F_ONE_B,
        chunks=chunks,
        scatter_gather=full,
        gradients_at_end=True,
    )
    recompute = Recompute.FULL if full else Recompute.SELECTIVE
    task = _megatron(batch, batch // int(row["micro_batch"]), recompute)
    seconds = float(row["measured_iteration_s"])
    name, elsewhere = f"{row['model']} {row['recompute']}", float(row["calculon_v0_s"])
    return Iteration(name, model, parallelism, task, seconds, elsewhere)


def simumax() -> list[Iteration]:
    """The iterations of dense models of 4,096 tokens on eight B200s."""
    with (HARDWARE / "simumax_b200_8gpu.csv").open(newline="") as file:
        return list(_of_simumax(csv.DictReader(file)))


def _of_simumax(rows: Iterable[dict[str, str]]) -> Iterator[Iteration]:
    for row in rows:
        name = row["case"]
        if not name.startswith("llama3") or "_cp" in name:
            continue
        size, numbers = name.split("_")[1], dict(re.findall(r"_([a-z]+)(\d+)", name))
        layers, tp, pp, dp, mbc = (int(numbers[key]) for key in ("l", "tp", "pp", "dp", "mbc"))
        model = replace(PRESETS[f"llama3-{size}"], layers=layers, sequence=4096)
        parallelism = Parallelism(
            tp=tp,
            pp=pp,
            dp=dp,
            sequence_parallel=tp > 1,
            zero=Zero.OPTIMIZER,
            gradients_at_end=True,
        )
        task = Training(mbc * dp, mbc, precision=_FP32_GRADIENTS)
        seconds, elsewhere = (float(row[key]) / 1000 for key in ("real_ms", "simumax_ms"))
        yield Iteration(name, model, parallelism, task, seconds, elsewhere)
