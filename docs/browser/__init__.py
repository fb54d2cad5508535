"""The course as a static site that runs in the browser: what `make course` builds.

JupyterLite is the notebooks' page, Pyodide the Python behind it. Nothing has to be installed to
read the course, and no server computes: any web server of files will do, such as
``python -m http.server --directory out/course``.

wheels    what comes from the registries: Pyodide and wheels (wheels.txt)
lock      Pyodide's list of packages, with ours
contents  notebooks, traces and documents
pages     the first page, and the first five minutes (templates/)
mending   what JupyterLite gets wrong with our files
build     all of it, by `jupyter lite build`
"""
