"""A hang that users of ASTRA-sim met: a pipeline whose stages disagree on what goes between them.

Rebuilt from https://github.com/casys-kaist/LLMServingSim/issues/55 and its cause, pull request 61:
32 blocks of Llama-3.1-8B were cut into 4 stages in the midst of a block, where one side hands on Q,
K and V, and the other expects Q and K only.
"""

from pathlib import Path

from simastra import TraceBuilder

TOKENS, BYTES = 512, 2
HIDDEN, KEYS, VALUES = 4096, 1024, 1024
CUTS = (
    (("q, k, v", HIDDEN + KEYS + VALUES), ("q, k", HIDDEN + KEYS)),
    (("hidden state", HIDDEN), ("hidden state", HIDDEN)),
    (("hidden state", HIDDEN), ("hidden state", HIDDEN)),
)
"""Between each two stages: what the upper one sends, and what the lower one waits for."""

for stage in range(len(CUTS) + 1):
    et = TraceBuilder(stage)
    before = ()
    if stage > 0:
        name, size = CUTS[stage - 1][1]
        before = et.recv(name, size=size * TOKENS * BYTES, source=stage - 1)
    done = et.compute("8 blocks", micros=4200, after=before)
    if stage < len(CUTS):
        name, size = CUTS[stage][0]
        et.send(name, size=size * TOKENS * BYTES, to=stage + 1, after=done)
    for path in et.write(Path(__file__).with_name("stage")):
        print(path.name)
