"""Trains a tiny model in two processes, and records them; the argument is the folder to write."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import torch.distributed
import torch.multiprocessing
from torch.nn.parallel import DistributedDataParallel

from simastra.collect import collect


def train(rank: int, folder: str, meeting: str) -> None:
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{meeting}/init", rank=rank, world_size=2
    )
    model = DistributedDataParallel(torch.nn.Linear(64, 32))
    with collect(folder, steps=2) as recorder:
        for _ in range(5):  # more than are recorded
            model(torch.ones(8, 64)).sum().backward()
            recorder.step()
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    if sys.platform == "linux":
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    with TemporaryDirectory() as place:
        torch.multiprocessing.spawn(train, args=(str(Path(sys.argv[1])), place), nprocs=2)
