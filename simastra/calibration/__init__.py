"""Calibrated times: what measured hardware takes, with bands.

compute  how long computations take
"""
