"""Simulations that stand still, each for another reason, and how they are mended.

program     what NPUs do, one thing after the other, and how a move changes it
hang        what these missions have in common: a program that stands still, mended by one move
wrong_tag   a message is sent with a tag that its receiver doesn't ask for
disorder    an NPU asks for its collectives in another order than the others
exchange    two neighbours that both wait for the other's message before they send
absent      an NPU leaves out a collective of all
"""
