"""How far calibrated times are from measured ones (docs/accuracy.md).

tables       the public measurements of collectives, from ../shared
splits       which part of them a fit sees, and which it is asked for
trials       fits of every system by every split: errors, and standard deviations
acceptance   C1 to C7 of them, against their bounds
iterations   public training iterations, as what the generator makes traces of
simulated    what such an iteration takes in a calibrated simulation
training     C8 of them, against its bounds; worth: how near they are
compute      computations of public systems
"""
