"""Code that numba compiles when it is first called (the extra ``fast``), and keeps.

installed     whether numba is there; loads nothing of it
function      a function of whole numbers, kept as machine code and called without numba
place         where that is kept, and whether it still is what the sources say
native        machine code, as it is called and as it lies in a file
emitting      from a function that numba has compiled to machine code
failed        what a call comes to whose function raises something

To import numba and what it loads a kept function with takes half a second of processor time and a
hundred megabytes; what links machine code for it, llvmlite, takes a twelfth of that.
"""
