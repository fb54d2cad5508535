"""``simastra init``: a commented set of inputs to start from.

init       the verb
contents   what the files say
"""
