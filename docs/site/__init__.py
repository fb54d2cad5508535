"""The documentation site: what of it is written by code, and the checks of what was built.

Nothing here imports MkDocs but hooks, and nothing griffe, which reads docstrings for it, but
docstrings: that is how they ask for the pages, and for what is in them.

hooks            what MkDocs calls, as mkdocs.yml says
generated        all pages that code writes, by their paths
command_pages    reference of the command line, from the parsers
configuration_pages   reference of the files' keys, from the JSON Schemas; schema_words: in words;
                 files_told: of the files themselves
api_pages        stubs that mkdocstrings fills from docstrings; docstrings: those as Markdown
outside          what documents link to that lies outside docs/
prose            plain text as Markdown
whole            the documentation with the course in it
links            whether every link of a built site leads somewhere
"""
