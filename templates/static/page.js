// The page of an entry or a desk.  The HTML works without this; here it learns to save by itself,
// to show one page at a time, to cover itself when somebody else is there, and to fetch pictures.
import { makeCover, watchTheClock, xsrf } from "./cover.js";
import { enhance, openPages } from "./prompt.js";

const body = document.body;
const { person, entry, base, title } = body.dataset;
const form = document.getElementById("entry");
const status = document.getElementById("status");
const writer = [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
const KEEPALIVE_MOST = 60_000;
let counter = 0;

const announce = (text) => { if (status.textContent !== text) status.textContent = text; };

// ---- Saving

async function save({ key, value, base: known, asked }, { keepalive = false } = {}) {
  const content = JSON.stringify({ value, base: known, asked, writer, counter: ++counter });
  if (covered() && !keepalive) return { status: 401, body: {} };
  try {
    const reply = await fetch(`${base}api/entries/${entry}/answers/${key}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf(), "X-Cascade-Person": person },
      body: content,
      keepalive: keepalive && content.length < KEEPALIVE_MOST,
      signal: keepalive ? undefined : AbortSignal.timeout(20_000),
      redirect: "error",
      cache: "no-store",
    });
    const said = (reply.headers.get("Content-Type") || "").includes("json") ? await reply.json() : {};
    if (reply.status === 401) cover(said.problem);
    return { status: reply.status, body: said, least: Number(reply.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, body: {} };
  }
}

function tell(what) {
  if (what === "saved") {
    document.dispatchEvent(new CustomEvent("cascade:saved"));
    announce("Saved");
  } else if (what === "waiting") announce(covered() ? "" : "Not saved yet. Your words are still here.");
  else if (what === "problem") announce("There is a problem with an answer.");
  else if (what === "conflict") announce("This was also written somewhere else. Both texts are safe.");
  notice();
  if (form) retitle();
}

const prompts = [...document.querySelectorAll(".prompt[data-key]")].map((el) => enhance(el, save, (what) => tell(what)));
const unsaved = () => prompts.filter((p) => p.dirty());
const retryAll = () => { for (const p of unsaved()) p.retry(); };

async function flush() {
  await Promise.all(unsaved().map((p) => p.retry()));
  for (let i = 0; i < 40 && unsaved().length && !covered() && !unsaved().some((p) => /problem|conflict|waiting/.test(p.el.dataset.state)); i++) {
    await new Promise((done) => setTimeout(done, 100));
  }
  return unsaved().length === 0;
}

// One quiet line while anything waits, gone as soon as nothing does.
const line = document.createElement("p");
line.className = "waiting-line";
line.hidden = true;
line.textContent = "Not saved yet. Your words are still here, and will be saved by themselves.";
document.getElementById("main").append(line);
function notice() {
  line.hidden = covered() || !prompts.some((p) => p.el.dataset.state === "waiting" && p.dirty());
}

// A room's network comes back for everybody at once.
addEventListener("online", () => setTimeout(retryAll, Math.random() * 2000));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const p of unsaved()) p.push({ keepalive: true });
  else retryAll();
});
addEventListener("pagehide", () => { for (const p of unsaved()) p.push({ keepalive: true }); });
addEventListener("beforeunload", (e) => {
  // Voila would end the kernel here even if the person then stays.
  e.stopImmediatePropagation();
  if (unsaved().length && !leaving) { e.preventDefault(); e.returnValue = ""; }
}, { capture: true });

// ---- One page at a time

const pages = [...document.querySelectorAll("form#entry > .page")];
const onward = document.getElementById("go-on");
const back = document.getElementById("go-back");
const openNow = () => openPages(pages);

const current = () => pages.find((p) => p.classList.contains("current")) || pages[0];

function relabel() {
  const open = openNow();
  const at = open.indexOf(current());
  onward.textContent = at < open.length - 1 ? "Continue" : "Check your answers";
  back.hidden = false;
  back.textContent = at > 0 ? "Back" : "Home";
}

function turn(page, { remember = true, focus = true } = {}) {
  for (const p of pages) p.classList.toggle("current", p === page);
  relabel();
  retitle();
  if (remember) history.pushState({ page: page.dataset.page }, "", `?page=${page.dataset.page}`);
  if (focus) {
    scrollTo(0, 0);
    page.querySelector("h2").focus({ preventScroll: true });
  }
}

// What the server refused on this page: "Error: " comes first in the title, and when the person
// goes on, a summary that links to each field takes the focus.
const refused = () => prompts.filter((p) => p.el.dataset.state === "problem" && current().contains(p.el));

function retitle() {
  const wrong = refused().length > 0;
  document.title = `${wrong ? "Error: " : ""}${title}, page ${current().dataset.number} · Cascade`;
  if (!wrong) document.querySelector("main > .summary")?.remove();
}

function sumUp() {
  document.querySelector("main > .summary")?.remove();
  const box = document.createElement("div");
  box.className = "summary";
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  box.innerHTML = "<h2>There is a problem</h2><ul></ul>";
  for (const { el } of refused()) {
    const link = document.createElement("a");
    link.href = `#${el.id}`;
    link.textContent = el.querySelector(".problem-words").textContent || el.querySelector(".saved").textContent;
    link.addEventListener("click", (e) => { e.preventDefault(); (el.querySelector("[aria-invalid=true]") || el.querySelector("textarea, input")).focus(); });
    const item = document.createElement("li");
    item.append(link);
    box.querySelector("ul").append(item);
  }
  form.before(box);
  box.focus();
}

// Dates and short answers may be refused, so their answer is waited for; not for long.
async function mayGoOn() {
  const asked = unsaved().filter((p) => current().contains(p.el) && /^(date|text|person|action|goal|order)$/.test(p.el.dataset.kind));
  if (asked.length) await Promise.race([Promise.all(asked.map((p) => p.push())), new Promise((done) => setTimeout(done, 2000))]);
  if (!refused().length) return true;
  sumUp();
  return false;
}

async function leave(address) {
  if (await flush()) location.href = address;
  else firstTrouble();
}

function firstTrouble() {
  const p = unsaved()[0];
  if (!p) return;
  const page = p.el.closest(".page");
  if (page && page !== current()) turn(page, { focus: false });
  (p.el.querySelector("textarea, input") || p.el).focus();
  tell("waiting");
}

if (form) {
  document.documentElement.classList.add("scripted");
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const button = e.submitter || onward;
    // A button that stands on a page does what it says; the others lead on.
    if (button.closest(".page")) {
      if (await flush()) { form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "go", value: button.value })); form.submit(); }
      else firstTrouble();
      return;
    }
    for (const p of unsaved()) p.push();
    if (!(await mayGoOn())) return;
    const open = openNow();
    const next = open[open.indexOf(current()) + 1];
    if (next) turn(next);
    else leave(`${base}entries/${entry}/check`);
  });
  back.addEventListener("click", (e) => {
    const open = openNow();
    const before = open[open.indexOf(current()) - 1];
    e.preventDefault();
    for (const p of unsaved()) p.push();
    if (before) turn(before);
    else leave(base);
  });
  form.addEventListener("change", relabel);
  form.addEventListener("input", (e) => { if (/radio|checkbox/.test(e.target.type)) relabel(); });
  addEventListener("popstate", () => {
    const wanted = new URLSearchParams(location.search).get("page");
    turn(openNow().find((p) => p.dataset.page === wanted) || pages[0], { remember: false });
  });
  relabel();
  if (location.hash.startsWith("#prompt-")) {
    const el = document.getElementById(location.hash.slice(1));
    const there = () => setTimeout(() => (el?.querySelector("textarea, input:checked") || el?.querySelector("input"))?.focus());
    // The browser goes to the fragment when everything is there, and takes the focus away again.
    document.readyState === "complete" ? there() : addEventListener("load", there);
  }
}

// ---- The cover, and the clocks that bring it

const lid = makeCover(body.dataset, {
  left: () => unsaved().length > 0,
  lifted: () => {
    clock.begun();
    retryAll();
    if (kernelWanted) setTimeout(pictures, 0);
  },
});
function covered() { return lid.covered(); }
function cover(why) { lid.on(why); notice(); }
const clock = watchTheClock(body.dataset, { cover: { on: cover, covered }, flush });

// ---- Leaving quickly: nothing is shown from the first moment; what is not saved is sent first

let leaving = false;
document.querySelector("form.leave")?.addEventListener("submit", async (e) => {
  e.preventDefault();
  if (leaving) return;
  leaving = true;
  body.classList.add("left");
  document.title = "Calendar";
  const sent = covered() ? [] : unsaved().map((p) => p.push({ keepalive: true }));
  await Promise.race([Promise.all(sent), new Promise((done) => setTimeout(done, 5000))]);
  e.target.submit();
});

// ---- Pictures: fetched when the page is in use, put between the prompts, never around them

const A_MOMENT = 300; // milliseconds for whoever begins to write at once, before Voila's script
const PATIENCE = 1500; // milliseconds until it is said that pictures are on their way
const TOO_LONG = 60_000; // and until it is said that they are not
const CELL_OUTPUT = "script[type='application/vnd.voila.cell-output+json'], .jp-OutputArea-output";
const onlyPictures = body.dataset.only === "pictures";
let kernelWanted = Boolean(body.dataset.pictures);
let kernelId = "";
let kernel;
let kernelThere;
let soon = 0;
const awaited = new Set();

async function pictures() {
  if (!kernelWanted || covered()) return;
  kernelWanted = false;
  soon = setTimeout(() => coming("The pictures are coming. You can write meanwhile."), PATIENCE);
  try {
    const page = await fetched();
    if (page) await draw(page);
  } catch {
    clearTimeout(soon);
    pictureNote();
  }
}

// What the kernel drew.  The first piece of the reply comes at once: what Voila needs to begin.
async function fetched() {
  const reply = await fetch(body.dataset.pictures, { method: "POST", headers: { "X-XSRFToken": xsrf(), "X-Cascade-Person": person } });
  if (reply.status === 401) { kernelWanted = true; allHere(); cover(); return null; }
  if (reply.status === 503) { later(Number(reply.headers.get("Retry-After")) || 20); return null; }
  if (!reply.ok) throw new Error();
  // The line and the picture's script are fetched while the kernel starts.
  if (onlyPictures) { import("./line.js"); return new DOMParser().parseFromString(await reply.text(), "text/html"); }
  const pieces = reply.body.getReader();
  const words = new TextDecoder();
  let html = "";
  for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
    html += words.decode(piece.value, { stream: true });
    if (!kernelThere && html.includes("</head>")) begin(new DOMParser().parseFromString(html, "text/html"));
  }
  return new DOMParser().parseFromString(html, "text/html");
}

// Not everybody comes back in the same second.
function later(seconds) {
  clearTimeout(soon);
  coming("Many people are here just now. The pictures will come when there is room.");
  kernelWanted = true;
  setTimeout(pictures, seconds * 1000 * (0.75 + Math.random() / 2));
}

// Voila's script starts while the kernel does, and waits for it: labextensions/cascade/kernel.js.
function begin(head) {
  window.cascadeKernel = new Promise((there) => { kernelThere = there; });
  document.body.append(document.adoptNode(head.getElementById("jupyter-config-data")));
  const script = document.createElement("script");
  script.src = JSON.parse(head.getElementById("voila-script").textContent);
  const go = () => { whenLoadIsOver(); document.body.append(script); };
  const idly = () => setTimeout(() => (window.requestIdleCallback || setTimeout)(go, { timeout: 2000 }), A_MOMENT);
  document.readyState === "complete" ? idly() : addEventListener("load", idly);
}

async function draw(page) {
  kernelId = JSON.parse(page.getElementById("kernel").textContent).kernelId;
  body.dataset.kernelId = kernelId;
  const cells = [];
  for (const place of document.querySelectorAll(".place[data-cell]")) {
    const cell = page.querySelector(`[data-cell="${CSS.escape(place.dataset.cell)}"]`);
    if (cell) cells.push(take(place, document.adoptNode(cell)));
  }
  if (!awaited.size) allHere();
  setTimeout(() => { if (awaited.size) pictureNote(); }, TOO_LONG);
  if (onlyPictures) kernel = (await import("./line.js")).connect({ kernelId, base, cells });
  else kernelThere();
}

// One quiet line at the edge of the window, where nothing can be moved by it.
const comingLine = document.createElement("p");
comingLine.className = "coming-line";
comingLine.hidden = true;
document.getElementById("main").append(comingLine);
function coming(words) {
  if (comingLine.textContent === words && !comingLine.hidden) return;
  comingLine.textContent = words;
  comingLine.hidden = false;
  if (!covered() && getComputedStyle(comingLine).display !== "none") announce(words);
}
function allHere() {
  clearTimeout(soon);
  comingLine.hidden = true;
}

// The page's own picture stays until the kernel's is there, so that nothing jumps.
function take(place, cell) {
  cell.classList.add("arriving");
  place.append(cell);
  if (cell.querySelector(CELL_OUTPUT)) awaited.add(cell);
  const arrived = () => {
    awaited.delete(cell);
    if (!awaited.size) allHere();
    for (const old of [...place.children]) if (old !== cell) old.remove();
    cell.classList.remove("arriving");
  };
  cell.addEventListener("cascade:drawn", arrived, { once: true });
  // A view may draw before it stands in the page, where nobody hears it: so look for its picture, too.
  const wanted = place.classList.contains("place-empty") ? ".jupyter-widgets, .jp-OutputArea-output" : ".picture";
  new MutationObserver((_, me) => { if (cell.querySelector(wanted)) { me.disconnect(); arrived(); } }).observe(cell, { childList: true, subtree: true });
  return cell;
}

// Voila starts on "load", which is long over; and its inline helpers do not exist here.
function whenLoadIsOver() {
  for (const helper of ["voila_heartbeat", "update_loading_text", "voila_process", "voila_finish", "display_cells"]) window[helper] = () => {};
  const add = window.addEventListener.bind(window);
  window.addEventListener = (kind, call, options) =>
    kind === "load" && document.readyState === "complete" ? queueMicrotask(() => call(new Event("load"))) : add(kind, call, options);
}

function pictureNote() {
  allHere();
  for (const place of document.querySelectorAll(".place[data-cell]")) {
    if (place.querySelector(".picture-late")) continue;
    const note = document.createElement("p");
    note.className = "picture-late quiet";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "quiet";
    again.textContent = "Redraw";
    again.addEventListener("click", async () => {
      // Voila starts once in a page.
      if (window.jupyterapp) { if (await flush()) location.reload(); return; }
      for (const n of document.querySelectorAll(".picture-late")) n.remove();
      kernelWanted = true;
      pictures();
    });
    note.append("This is the picture of what was saved when you opened the page. ", again);
    place.append(note);
  }
}

// A kernel that died takes its picture's redrawing with it; a fresh page brings both back.
document.addEventListener("cascade:redraw", async () => {
  const reply = kernelId && await fetch(`${base}api/kernels/${kernelId}`, { headers: { "X-XSRFToken": xsrf() } }).catch(() => null);
  if (reply && !reply.ok && await flush()) location.reload();
});

// A connection gives up after a few tries; take it up again when the network is back.
const again = () => {
  kernel ??= window.jupyterapp?.widgetManager?.kernel;
  if (kernel && !kernel.isDisposed && kernel.connectionStatus === "disconnected") kernel.reconnect().catch(() => {});
};
addEventListener("online", again);
document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
setInterval(again, 15_000);

addEventListener("pagehide", (e) => {
  if (e.persisted || !kernelId) return;
  const said = new FormData();
  said.append("_xsrf", xsrf());
  navigator.sendBeacon(`${base}api/kernels/${kernelId}/goodbye`, said);
});
// A page from the back button's memory may be somebody else's by now.
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });

// The prompts work by now.
pictures();

// ---- Printing

// A box would cut off what is long: on paper, what is typed stands as plain words.
addEventListener("beforeprint", () => {
  body.classList.add("printing");
  for (const box of document.querySelectorAll(".prompt textarea, .prompt > input[type=text]")) {
    const words = document.createElement("p");
    words.className = "on-paper";
    words.textContent = box.value;
    box.after(words);
  }
});
addEventListener("afterprint", () => {
  body.classList.remove("printing");
  for (const words of document.querySelectorAll(".on-paper")) words.remove();
});
