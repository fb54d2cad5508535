"""The algorithms, a file each; simastra.collectives.registry has their names.

As in ASTRA-sim: ring, direct, halving_doubling, double_binary_tree. Beyond it, step by step:
bidirectional_ring, recursive_doubling, rabenseifner, bruck, pairwise, pat, swing, which
stepwise_algorithms lists; power_of_two: any number of members as a power of two and a rest.
hierarchical: two of these, in nodes and across them. multi_ring: several rings in turn; what the
system file tells either stands in *_options. rooted: broadcast, reduce, gather, scatter, barrier.
"""
