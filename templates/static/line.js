// A line to the kernel of a page whose only widgets are pictures.  Such a page needs nothing of
// Voila's script, which is JupyterLab's and a hundred times as large: a picture asks for its state,
// hears when that changes, and says that something was saved.  These are three messages of
// Jupyter's protocol (jupyter-client.readthedocs.io, "Messaging", custom messages), sent as JSON.
import picture from "./picture.js";

const VIEW = "application/vnd.jupyter.widget-view+json";
const OUTPUT = "script[type='application/vnd.voila.cell-output+json']";
const FIRST_WAIT = 1000; // milliseconds until a lost line is taken up again; twice as long each time
const MOST_TRIES = 7;

// Not randomUUID: a room without https has none.
const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

// What picture.js needs of a widget's model; `send` takes what the page has changed.
function makeModel(send) {
  const held = {};
  const calls = new Map();
  let changed = {};
  return {
    get: (name) => held[name],
    set: (name, value) => { held[name] = changed[name] = value; },
    save_changes: () => { send(changed); changed = {}; },
    on: (what, call) => calls.set(call, what),
    off: (_, call) => calls.delete(call),
    take: (state) => {
      const fresh = Object.keys(state).filter((name) => held[name] !== state[name]);
      Object.assign(held, state);
      for (const [call, what] of [...calls]) if (fresh.includes(what.replace("change:", ""))) call();
    },
  };
}

// Puts the pictures of these cells into their places.  Returns the line, in the words of
// JupyterLab's own: `connectionStatus` and `reconnect()`.
export function connect({ kernelId, base, cells }) {
  const session = random();
  const pictures = new Map();
  const unsent = new Map();
  let socket;
  let tries = 0;
  let again = false;
  const line = { id: kernelId, connectionStatus: "connecting", isDisposed: false, reconnect: async () => open() };

  function message(comm_id, data) {
    const header = { msg_id: random(), msg_type: "comm_msg", session, username: "", date: new Date().toISOString(), version: "5.3" };
    socket.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content: { comm_id, data }, buffers: [] }));
  }

  // What is said while the line is away waits; of each picture the last is enough.
  function say(id, state) {
    const data = { method: "update", state, buffer_paths: [] };
    if (socket.readyState === WebSocket.OPEN) message(id, data);
    else unsent.set(id, data);
  }

  function hear({ data }) {
    if (typeof data !== "string") return;
    const { header, content } = JSON.parse(data);
    const one = header.msg_type === "comm_msg" && pictures.get(content.comm_id);
    if (!one || content.data.method !== "update") return;
    one.model.take(content.data.state);
    if (one.drawn || one.model.get("html") === undefined) return;
    one.drawn = true;
    picture.render({ model: one.model, el: one.place });
  }

  function open() {
    if (socket) socket.onclose = socket.onmessage = socket.onopen = null;
    socket?.close();
    line.connectionStatus = "connecting";
    socket = new WebSocket(`${location.origin.replace("http", "ws")}${base}api/kernels/${kernelId}/channels?session_id=${session}`);
    socket.onmessage = hear;
    socket.onopen = () => {
      tries = 0;
      line.connectionStatus = "connected";
      for (const id of pictures.keys()) message(id, { method: "request_state" });
      for (const [id, data] of unsent) message(id, data);
      unsent.clear();
      // What was said just before the line was found to be cut may be lost.
      if (again) for (const { model } of pictures.values()) { model.set("poke", (model.get("poke") ?? 0) + 1); model.save_changes(); }
      again = true;
    };
    socket.onclose = () => {
      line.connectionStatus = "disconnected";
      if (tries < MOST_TRIES) setTimeout(() => { if (line.connectionStatus === "disconnected") open(); }, FIRST_WAIT * 2 ** tries++);
    };
  }

  for (const cell of cells) {
    for (const output of cell.querySelectorAll(OUTPUT)) {
      const id = JSON.parse(output.textContent).data?.[VIEW]?.model_id;
      if (id) pictures.set(id, { model: makeModel((state) => say(id, state)), place: output.parentElement, drawn: false });
      output.remove();
    }
  }
  open();
  return line;
}
