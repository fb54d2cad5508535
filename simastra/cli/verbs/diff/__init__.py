"""``simastra diff``.

diff  the verb
runs  the two runs that are compared: read from files, or simulated
"""
