"""``simastra debug``.

debug        the verb; editors: its options for them
launch       what editors say in place of options: ``--dap``
extension    VS Code's, written out: ``--vscode``; vscode/: what of it is no data of ours
"""
