"""The documentation site: what of it is written by code, and the checks of what was built.

Nothing here imports MkDocs but hooks, which is how MkDocs asks for the pages.

hooks            what MkDocs calls, as mkdocs.yml says
generated        all pages that code writes, by their paths
command_pages    reference of the command line, from the parsers
configuration_pages   reference of the files' keys, from the JSON Schemas; schema_words: in words
api_pages        stubs that mkdocstrings fills from docstrings
outside          what documents link to that lies outside docs/
prose            plain text as Markdown
whole            the documentation with the course in it
links            whether every link of a built site leads somewhere
"""
