using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    # Without this a worker reaches public addresses alone; the emulator is on this machine.
    (name = "internet", network = (allow = ["public", "local"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:3000", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "core_bg.wasm", wasm = embed "dist/core_bg.wasm"),
  ],
  durableObjectNamespaces = [(className = "TokensDurableObject", uniqueKey = "tokens", enableSql = true)],
  durableObjectStorage = (inMemory = void),
  bindings = [
    (name = "TOKENS", durableObjectNamespace = "TokensDurableObject"),
    (name = "TOOL_KEY", fromEnvironment = "TOOL_KEY"),
    (name = "TOOL_SECRET", fromEnvironment = "TOOL_SECRET"),
    (name = "CANVAS_CLIENT_ID", fromEnvironment = "CANVAS_CLIENT_ID"),
    (name = "CANVAS_URL", fromEnvironment = "CANVAS_URL"),
  ],
);
