"""Code that numba compiles when it is first called (the extra ``fast``), and keeps.

installed   whether numba is there, and has kept a function; loads nothing of it
compiler    loads what is kept, or compiles it

numba keeps what it has compiled beside the source (`__pycache__`), or, where that can't be written,
in the user's cache directory (``~/.cache/numba``), or in ``NUMBA_CACHE_DIR`` if that is set.
"""
