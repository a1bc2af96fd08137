// The wall with a script: new cards come by themselves, and a card can be moved by hand.  Every
// change is the same form that works without.  Nothing is kept in the browser.

const EVERY_MS = 2000;
const FAR = 8;
const SIGNED_OUT = "You have been signed out. Open this page again to go on.";

const board = () => document.getElementById("board");
const tools = () => document.getElementById("pick");
const cards = (where) => [...where.querySelectorAll(".wall-card")];
const boxes = () => [...board().querySelectorAll(".wall-card input")];
const picked = () => boxes().filter((box) => box.checked);

let held = null;
let busy = false;

document.body.classList.add("scripted");
document.documentElement.classList.add("scripted");

function say(id, words) {
  const place = document.getElementById(id);
  if (!place || place.textContent === words) return;
  place.textContent = words;
  if (id === "problem") place.hidden = !words;
}

// ---- What has come since.  What somebody holds, has picked or is typing stays as it is.

function column(id) {
  return board().querySelector(`.column[data-theme="${CSS.escape(id)}"]`);
}

function grips() {
  for (const card of cards(board())) {
    if (card.querySelector(".grip")) continue;
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.setAttribute("aria-hidden", "true");
    grip.textContent = "⠿";
    card.append(grip);
  }
}

// Cards without a theme pack like cards on a wall: each is told how many rows it takes.
function pack() {
  const list = board().querySelector(".pool .wall-cards");
  if (!list) return;
  const gap = parseFloat(getComputedStyle(list).columnGap) || 0;
  const all = cards(list);
  const tall = all.map((card) => Math.ceil(card.getBoundingClientRect().height + gap));
  all.forEach((card, n) => { card.style.gridRowEnd = `span ${tall[n]}`; });
  for (const card of cards(board())) if (card.parentElement !== list) card.style.removeProperty("grid-row-end");
}

function mend(mine, theirs) {
  const name = theirs.querySelector("h2").textContent;
  if (mine.querySelector("h2").textContent === name) return;
  mine.querySelector("h2").textContent = name;
  if (mine.dataset.theme === "none") return;
  mine.querySelector(".put").replaceWith(theirs.querySelector(".put").cloneNode(true));
  mine.querySelector(".theme-change summary").replaceChildren(...[...theirs.querySelector(".theme-change summary").childNodes].map((n) => n.cloneNode(true)));
  const input = mine.querySelector(".theme-change input[type=text]");
  if (document.activeElement !== input) input.value = name;
}

function merge(next) {
  const here = board();
  for (const theirs of next.querySelectorAll(".column")) {
    let mine = column(theirs.dataset.theme);
    if (mine) {
      mend(mine, theirs);
    } else {
      mine = theirs.cloneNode(true);
      mine.querySelector(".wall-cards").replaceChildren();
      here.querySelector(".themes").append(mine);
    }
    if (theirs.dataset.theme === "none" && !mine.querySelector(".put") && theirs.querySelector(".put")) {
      mine.querySelector(".column-head").append(theirs.querySelector(".put").cloneNode(true));
    }
    const list = mine.querySelector(".wall-cards");
    for (const card of cards(theirs)) {
      const own = here.querySelector(`.wall-card[data-card="${CSS.escape(card.dataset.card)}"]`);
      if (!own) {
        const fresh = card.cloneNode(true);
        fresh.classList.add("fresh");
        list.append(fresh);
      } else if (own.parentElement !== list) {
        own.querySelector("input").checked = false;
        list.append(own);
      }
    }
  }
  const stays = new Set([...next.querySelectorAll("[data-card]")].map((card) => card.dataset.card));
  for (const card of cards(here)) if (!stays.has(card.dataset.card)) card.remove();
  const known = new Set([...next.querySelectorAll(".column")].map((one) => one.dataset.theme));
  for (const one of here.querySelectorAll(".column")) if (!known.has(one.dataset.theme)) one.remove();
  for (const name of ["count", "size", "themes"]) here.dataset[name] = next.dataset[name];
  const count = Number(next.dataset.count);
  say("told", `${count} card${count === 1 ? "" : "s"}`);
  grips();
  pack();
}

function idle() {
  const typing = document.activeElement?.matches?.("input[type=text]") && document.activeElement.value;
  return !held && !busy && !typing && !picked().length;
}

async function look() {
  if (held || busy || document.visibilityState !== "visible") return;
  busy = true;
  try {
    const reply = await fetch(board().dataset.now, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(10_000) });
    if (reply.type === "opaqueredirect") say("problem", SIGNED_OUT);
    if (!reply.ok) return;
    const next = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("board");
    if (!next || held) return;
    if (next.dataset.open !== board().dataset.open) {
      busy = false;
      if (idle()) location.reload();
      return;
    }
    merge(next);
  } catch {
    // Without a network nothing new comes; it asks again.
  } finally {
    busy = false;
  }
}

// ---- The forms, without leaving the page

async function change(form, body, done) {
  if (busy) await new Promise((go) => { setTimeout(go, 150); });
  busy = true;
  try {
    const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(body), cache: "no-store", signal: AbortSignal.timeout(20_000) });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const next = page.getElementById("board");
    if (!next) {
      say("problem", page.querySelector(".lead")?.textContent || SIGNED_OUT);
      return;
    }
    const problem = page.getElementById("problem").textContent;
    say("problem", problem);
    if (problem) return;
    for (const box of picked()) box.checked = false;
    merge(next);
    say("done", done());
  } catch {
    say("problem", "The server cannot be reached. Try again in a moment.");
  } finally {
    busy = false;
  }
}

function heading(id) {
  return column(id)?.querySelector("h2").textContent ?? "";
}

document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.id !== "pick" && !form.matches(".of-theme")) return;
  e.preventDefault();
  const body = new FormData(form);
  const pressed = e.submitter?.value ?? "new";
  body.set("do", pressed);
  const many = picked().length;
  const said = `${many} card${many === 1 ? "" : "s"}`;
  change(form, body, () => {
    if (pressed === "new") {
      const input = document.getElementById("theme-name");
      const name = input.value;
      input.value = "";
      return `There is a theme ${name} now.`;
    }
    const [what, theme] = pressed.split(":");
    if (what === "put") return `${said} moved: ${heading(theme)}.`;
    if (what === "aside") return `${said} set aside.`;
    form.closest("details")?.removeAttribute("open");
    return what === "rename" ? "Renamed." : "Dissolved.";
  });
});

// ---- By hand: mouse anywhere on a card, a finger on its grip

function target(e) {
  const under = document.elementFromPoint(e.clientX, e.clientY);
  return under?.closest(".column, .wall-tools") ?? null;
}

function mark(place) {
  for (const one of document.querySelectorAll(".over-here")) one.classList.remove("over-here");
  place?.classList.add("over-here");
}

function lift(e) {
  const { card } = held;
  const box = card.getBoundingClientRect();
  Object.assign(held, { lifted: true, x: e.clientX - box.left, y: e.clientY - box.top });
  card.style.width = `${box.width}px`;
  card.classList.add("held");
  document.body.classList.add("holding");
}

function lay() {
  if (!held) return;
  const { card } = held;
  card.classList.remove("held");
  for (const name of ["width", "left", "top"]) card.style.removeProperty(name);
  document.body.classList.remove("holding");
  mark(null);
  held = null;
}

document.addEventListener("pointerdown", (e) => {
  const card = e.target.closest?.(".wall-card");
  if (!card || e.button !== 0 || (e.pointerType !== "mouse" && !e.target.closest(".grip"))) return;
  held = { card, id: e.pointerId, fromX: e.clientX, fromY: e.clientY, lifted: false };
});

document.addEventListener("pointermove", (e) => {
  if (!held || e.pointerId !== held.id) return;
  if (!held.lifted && Math.hypot(e.clientX - held.fromX, e.clientY - held.fromY) < FAR) return;
  if (!held.lifted) lift(e);
  held.card.style.left = `${e.clientX - held.x}px`;
  held.card.style.top = `${e.clientY - held.y}px`;
  mark(target(e));
});

document.addEventListener("pointerup", (e) => {
  if (!held || e.pointerId !== held.id) return;
  const { card, lifted } = held;
  const place = lifted ? target(e) : null;
  lay();
  if (!lifted) return;
  // Letting go is no press on the card.
  const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
  if (!place) return;
  const box = card.querySelector("input");
  if (place.matches(".wall-tools")) {
    box.checked = true;
    document.getElementById("theme-name").focus();
    return;
  }
  if (card.closest(".column") === place) return;
  const together = box.checked ? picked() : [box];
  const body = new FormData(tools());
  body.delete("card");
  for (const one of together) body.append("card", one.value);
  body.set("do", `put:${place.dataset.theme}`);
  const said = `${together.length} card${together.length === 1 ? "" : "s"}`;
  change(tools(), body, () => `${said} moved: ${heading(place.dataset.theme)}.`);
});
document.addEventListener("pointercancel", lay);
document.addEventListener("dragstart", (e) => { if (e.target.closest?.(".wall-card")) e.preventDefault(); });

// ---- By keyboard: up and down within a column, left and right between columns

function stops(one) {
  return [...one.querySelectorAll(".put, .wall-card input")];
}

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") lay();
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[e.key];
  const here = e.target.closest?.(".column");
  if (!step || !here || !e.target.matches(".put, .wall-card input")) return;
  const columns = [...board().querySelectorAll(".column")];
  const [over, down] = step;
  const next = over ? columns[columns.indexOf(here) + over] : here;
  const list = next ? stops(next) : [];
  const to = over ? list[0] : list[list.indexOf(e.target) + down];
  if (!to) return;
  e.preventDefault();
  to.focus();
});

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
addEventListener("pageshow", look);
addEventListener("resize", pack);
grips();
pack();
