using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    # Without this a worker reaches public addresses alone; the emulator is on this machine.
    (name = "internet", network = (allow = ["public", "local"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "core_bg.wasm", wasm = embed "dist/core_bg.wasm"),
  ],
  bindings = [
    (name = "CANVAS_URL", fromEnvironment = "CANVAS_URL"),
    (name = "ACCESS_TOKEN_URL", fromEnvironment = "ACCESS_TOKEN_URL"),
    (name = "TOOL_GUID", fromEnvironment = "TOOL_GUID"),
    (name = "TOOL_SECRET", fromEnvironment = "TOOL_SECRET"),
    (name = "CHECKER_SECRET", fromEnvironment = "CHECKER_SECRET"),
  ],
);
