// Starts `simastra debug --dap` for a debug session, or connects to one that runs at a port.
"use strict";

const vscode = require("vscode");

const LOOPBACK = "127.0.0.1";

class AdapterFactory {
  createDebugAdapterDescriptor(session) {
    const { configuration, workspaceFolder } = session;
    if (configuration.port !== undefined) {
      return new vscode.DebugAdapterServer(configuration.port, LOOPBACK);
    }
    const folder = workspaceFolder && workspaceFolder.uri.fsPath;
    const words = vscode.workspace
      .getConfiguration("simastra", workspaceFolder)
      .get("command", ["simastra"])
      .map((word) => (folder ? word.split("${workspaceFolder}").join(folder) : word));
    const [program, ...rest] = words;
    return new vscode.DebugAdapterExecutable(program, [...rest, "debug", "--dap"], { cwd: folder });
  }
}

function activate(context) {
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory("simastra", new AdapterFactory()),
  );
}

module.exports = { activate };
