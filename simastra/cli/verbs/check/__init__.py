"""``simastra check``.

check             the verb
overview          what was understood of the inputs; workload_counts: its numbers
"""
