"""``simastra bandwidth``.

bandwidth  the verb
shown      its table, as nccl-tests prints it, and for files
"""
