// *Is this for me?* with a script: one page at a time, and no step that could lose a word.  Nothing
// is kept anywhere: each step is asked of the server and put in place of the one before, which
// stays in this page's own memory, so that the browser's Back and a lost network cost nothing.
import { enhance, openPages } from "./prompt.js";

const steps = [];
let at = 0;
let written = false;
let busy = false;

const main = () => document.querySelector("main");
const form = () => main().querySelector("form#interest");
const pages = () => [...main().querySelectorAll(".page")];
const current = () => main().querySelector(".page.current");

document.documentElement.classList.add("scripted");

// ---- One page at a time

function relabel() {
  if (!current()) return;
  const open = openPages(pages());
  const here = open.indexOf(current());
  document.getElementById("go-on").textContent = here < open.length - 1 ? "Continue" : "Check your answers";
  document.getElementById("go-back").hidden = here < 1;
  main().querySelector(".at-first").hidden = here > 0;
}

function turn(page, { remember = true, focus = true } = {}) {
  for (const p of pages()) p.classList.toggle("current", p === page);
  relabel();
  document.title = `${main().querySelector("h1").dataset.title}, page ${page.dataset.number} · Cascade`;
  if (remember) history.pushState({ step: at, page: page.id }, "");
  if (focus) {
    scrollTo(0, 0);
    page.querySelector("h2").focus({ preventScroll: true });
  }
}

function field(el) {
  return el.querySelector("textarea, input:checked") || el.querySelector("input");
}

function goTo(id) {
  const el = document.getElementById(id);
  const page = el?.closest(".page");
  if (page && page !== current()) turn(page, { focus: false });
  if (el) field(el)?.focus();
}

// ---- From step to step

async function ask(button) {
  if (busy) return;
  busy = true;
  const sent = new URLSearchParams(new FormData(form()));
  if (button?.name) sent.set(button.name, button.value);
  try {
    const reply = await fetch(form().action, { method: "POST", body: sent, redirect: "error", cache: "no-store", signal: AbortSignal.timeout(30_000) });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const next = page.querySelector("main");
    if (next.querySelector("form#interest, .reference")) step(next, page.title, (button?.getAttribute("formaction") || "").split("#")[1]);
    else trouble(next.querySelector(".lead")?.textContent || "That did not work. Your words are still here. Try again in a moment.");
  } catch {
    trouble("The server cannot be reached. Your words are still here. Try again in a moment.");
  } finally {
    busy = false;
  }
}

function step(next, title, id) {
  steps.splice(at + 1);
  main().replaceWith(document.adoptNode(next));
  steps.push({ main: main(), title });
  at = steps.length - 1;
  document.title = title;
  begin();
  history.pushState({ step: at, page: current()?.id }, "");
  scrollTo(0, 0);
  if (id) goTo(id);
  else (main().querySelector(".summary") || main().querySelector("h1")).focus({ preventScroll: true });
}

function trouble(sentence) {
  main().querySelector(".summary.here")?.remove();
  const box = document.createElement("div");
  box.className = "summary here";
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  box.innerHTML = "<h2>There is a problem</h2><p></p>";
  box.querySelector("p").textContent = sentence;
  form().before(box);
  box.focus();
}

// ---- What a step that has just arrived can do

function begin() {
  for (const el of main().querySelectorAll(".prompt[data-key]")) {
    enhance(el, null);
    el.querySelector(".saved")?.replaceChildren();
  }
  for (const button of main().querySelectorAll(".print-this")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  for (const link of main().querySelectorAll(".summary a")) {
    link.addEventListener("click", (e) => { e.preventDefault(); goTo(link.hash.slice(1)); });
  }
  form()?.addEventListener("submit", (e) => {
    e.preventDefault();
    main().querySelector(".summary.here")?.remove();
    const open = openPages(pages());
    const next = open[open.indexOf(current()) + 1];
    if (current() && next) turn(next);
    else ask(e.submitter);
  });
  form()?.addEventListener("input", () => { written = true; relabel(); });
  form()?.addEventListener("change", relabel);
  document.getElementById("go-back")?.addEventListener("click", () => {
    const open = openPages(pages());
    turn(open[open.indexOf(current()) - 1]);
  });
  relabel();
}

addEventListener("popstate", ({ state }) => {
  const wanted = steps[state?.step ?? 0];
  if (!wanted) return;
  if (wanted.main !== main()) {
    main().replaceWith(wanted.main);
    at = steps.indexOf(wanted);
    document.title = wanted.title;
    scrollTo(0, 0);
  }
  const page = state?.page && document.getElementById(state.page);
  if (page) turn(page, { remember: false });
  else main().querySelector("h1").focus({ preventScroll: true });
});

addEventListener("beforeunload", (e) => {
  if (written && !main().querySelector(".reference")) { e.preventDefault(); e.returnValue = ""; }
});

steps.push({ main: main(), title: document.title });
begin();
history.replaceState({ step: 0, page: current()?.id }, "");
main().querySelector(".summary")?.focus();
