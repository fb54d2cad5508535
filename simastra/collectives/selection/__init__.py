"""Which algorithm runs a collective where its size decides, or the network.

selector      an entry of a list that stands for several algorithms
tuner_table   a table of sizes, as NCCL's tuner reads it; tuner: the entry that has one
auto          the entry of which a simulation takes the fastest; decided: what that has come to
"""
