"""Exact shortcuts: the plain path's cycles, on every NPU and in the same order, for less work.

attempt         tries them; each is taken whole or not at all; outcome: what comes of it
symmetry        which renumberings of the NPUs change nothing; alike: whether two NPUs do the same
contacts        what NPUs do with each other
frame           the arithmetic of renumberings
fold            NPUs that stay alike are simulated as one
  fold_environment, lineage    who comes first in a nanosecond, and when that spoils it
  folded_network, canonical_groups    messages to NPUs that somebody else stands for
  memo          collectives that have been simulated are looked up
  spread        from the representatives to all NPUs
skew            rings whose members start at different times
  meeting, ring_lines, ring_steps    all NPUs wait for each other, and then for their ends
rules           what no shortcut understands
refusal         how a shortcut says that it doesn't apply
"""
