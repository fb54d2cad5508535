"""Which algorithm runs a collective where its size decides.

selector      an entry of a list that stands for several algorithms
tuner_table   a table of sizes, as NCCL's tuner reads it; tuner: the entry that has one
"""
