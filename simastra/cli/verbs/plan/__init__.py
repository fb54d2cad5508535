"""``simastra plan``.

plan      the verb
answer    what it says
"""
