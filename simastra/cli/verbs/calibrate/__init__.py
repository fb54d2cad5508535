"""``simastra calibrate``.

calibrate  the verb
options    what is measured, and of which system
shown      what came of it, in tables
"""
