"""``simastra bandwidth``.

bandwidth  the verb; sizes: its sizes, as nccl-tests takes them
compare    all algorithms of a collective, and which is fastest where
shown      its table, as nccl-tests prints it, and for files
"""
