"""Exact shortcuts: the plain path's cycles, on every NPU and in the same order, for less work.

attempt         tries them; each is taken whole or not at all; outcome: what comes of it
symmetry        which renumberings of the NPUs change nothing; equivalence: whether two do the same
communication_signatures        what NPUs do with each other
symmetry_group  the arithmetic of renumberings
fold            NPUs that stay alike are simulated as one
  fold_environment, lineage, ties       who comes first in a nanosecond, and when that spoils it
  folded_agenda, folded_scheduler       streams of an NPU that do something together
  folded_topology               links and NPUs that stand for others
  folded_mailbox, canonical_groups      messages to NPUs that somebody else stands for
  memo, remembered, folded_traffic      collectives that have been simulated are looked up
  leaps         whether what they lead to comes in its turn
  unfold        from the representatives to all NPUs
  alternatives, finish_order    who ends first where events come in other orders elsewhere
  event_order, recorded_fold    what each event follows from, taken down
  retiming      a variant's run, by the order of another
priced_fold     NPUs that stay alike where collectives are priced, simulated as one
  npu_classes   which they are
ring_recurrence rings whose members start at different times
  ring_gathering, ring_steps    all NPUs wait for each other, then for their ends
  ring_links, uneven_ring_links the ways between neighbours, alike or not
  flow_ring_links               the same where messages share links
rules           what no shortcut understands
refusal         how a shortcut says that it doesn't apply
"""
