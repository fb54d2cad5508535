"""What a file is that stands where another one is wanted, and what to do with it.

Asked about files that couldn't be read as what they should be, or may be several things; nothing
here reads them whole.

roles                    what an input may be wanted as
kinds                    the table: what a file may be, and what to do with each
recognise                the front: from the first bytes of a file to a kind
json_keys                the keys of a JSON object whose end may be missing
documents, texts, binary what tells kinds of JSON and YAML, of lines and of bytes apart
"""

from .recognise import foreign_problem, instead_of, kind_of_file, kind_of_text
from .roles import InputRole

__all__ = ["InputRole", "foreign_problem", "instead_of", "kind_of_file", "kind_of_text"]
