"""How far calibrated times are from measured ones (docs/accuracy.md).

tables       the public measurements of collectives, from ../shared
splits       which part of them a fit sees, and which it is asked for
trials       fits of every system by every split: errors, and standard deviations
acceptance   C1 to C7 of them, against their bounds
"""
