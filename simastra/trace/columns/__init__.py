"""Nodes of a trace file as columns, decoded by a compiled kernel (the extra ``fast``).

A node as an object is half a kilobyte and takes 3 µs to decode. Here a file's nodes are arrays, one
for each field, and a node comes into being when somebody asks for it, out of its record's bytes and
by the decoder that decodes all others. Whatever the kernel isn't sure of it leaves to that decoder;
so do messages about what is wrong.

worth         whether numba is there and pays
kept          the kernel as machine code
tables        the arrays that the kernel fills
kernel        fills them; calling: calls it
decoding      column_trace: a file's content as columns
node_columns  NodeColumns: what is read of them
column_nodes  ColumnNodes: the sequence of nodes; marks: what few of them have
facts         attributes of many nodes; name_places: where their names are

Only `worth` may be imported where numpy isn't, or isn't wanted yet.
"""
