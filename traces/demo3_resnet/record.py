"""Demo 3: records two processes that train ResNet-50 together; needs ``simastra[torch]``.

Distributed data parallel: gloo on the CPU, or NCCL where there are two GPUs. The images are random
ones of CIFAR-10's shape. Writes host.<rank>.json.gz and device.<rank>.json.gz beside this file.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from simastra.errors import InputError

try:
    from simastra.collect import collect
except InputError as error:  # before PyTorch itself is missed, less clearly
    sys.exit(f"record.py: {error}")

import torch
import torch.distributed
import torch.multiprocessing
from resnet50 import resnet50
from torch import nn
from torch.nn.parallel import DistributedDataParallel

RANKS = 2
BATCH = 4
STEPS = 2
PROBE = 25 * 1024 * 1024 // 4  # floats: as large as DDP's buckets become


def main() -> None:
    """Start the processes and wait for them."""
    parser = argparse.ArgumentParser(description="Record demo 3.")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    folder: Path = parser.parse_args().folder
    if sys.platform == "linux":
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")  # both are on this machine
    with TemporaryDirectory() as meeting:
        torch.multiprocessing.spawn(train, args=(folder, meeting), nprocs=RANKS)


def train(rank: int, folder: Path, meeting: str) -> None:
    """Be one of the processes."""
    gpus = torch.cuda.device_count() >= RANKS
    device = torch.device("cuda", rank) if gpus else torch.device("cpu")
    torch.set_num_threads(1)  # the others have cores of their own
    torch.manual_seed(rank)
    torch.distributed.init_process_group(
        "nccl" if gpus else "gloo",
        init_method=f"file://{meeting}/init",
        rank=rank,
        world_size=RANKS,
    )
    measure_network(rank, device)
    model = DistributedDataParallel(resnet50().to(device), device_ids=[rank] if gpus else None)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    images = torch.randn(BATCH, 3, 32, 32, device=device)
    classes = torch.randint(10, (BATCH,), device=device)
    with collect(folder, rank=rank, steps=STEPS) as recorder:
        while not recorder.complete:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images), classes).backward()
            optimizer.step()
            recorder.step()
    torch.distributed.destroy_process_group()


def measure_network(rank: int, device: torch.device) -> None:
    """Say how fast the ranks communicate: what network.yml has to say of this machine."""
    # Each of two ranks sends twice: half of the bucket to reduce, and half of the result.
    latency = all_reduce_time(2, device) / 2
    rate = PROBE * 4 / all_reduce_time(PROBE, device) / 2**30
    if rank == 0:
        print(f"bandwidth {rate:.2f} GB/s, latency {latency * 1e9:.0f} ns")


def all_reduce_time(count: int, device: torch.device) -> float:
    """Return how long an all-reduce of so many floats takes when nothing else goes on, in s."""
    bucket = torch.zeros(count, device=device)
    times = []
    for _ in range(10):
        torch.distributed.barrier()
        start = time.perf_counter()
        torch.distributed.all_reduce(bucket)
        bucket[0].item()  # on a GPU, the result has to be waited for
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
