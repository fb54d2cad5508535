"""What simastra finishes and ASTRA-sim doesn't, or does otherwise (behaviour 7).

programs       programs and the machine      nodes     single ET nodes
program_check  the form of a check of programs
traffic        sizes and members             first_event    what happens at 0 ns
chunk_counts   NPUs that come to a collective after unequal numbers of chunks
"""
