// Takes somebody's words off an open page once their author has stopped sharing them, or once
// nobody is signed in here any more.  It asks while the page can be seen, and keeps no session open.

const EVERY_MS = 800;
const SIGNED_OUT = "You have been signed out. Open this page again to sign in and read it.";
const CHANGED = "Something that stood here is over. Open this page again to see it as it is now.";

function sayGone(words) {
  const gone = document.createElement("p");
  gone.className = "notice gone";
  gone.setAttribute("role", "status");
  gone.textContent = words;
  return gone;
}

function takeAway(part, status) {
  const gone = sayGone(status === 401 ? SIGNED_OUT : part.dataset.gone);
  const { still } = part.dataset;
  part.removeAttribute("class");
  part.removeAttribute("data-still");
  part.replaceChildren(gone);
  // What the author said beside the words, and what could be done with them.
  for (const also of document.querySelectorAll("[data-goes]")) {
    if (also.dataset.goes === still) also.remove();
  }
}

// One request for all that stands or falls together.
async function ask(still, parts) {
  try {
    const reply = await fetch(still, {
      headers: { Accept: "application/json" },
      cache: "no-store",
    });
    if (reply.status !== 401 && reply.status !== 404) return;
    for (const part of parts) if (part.isConnected) takeAway(part, reply.status);
  } catch {
    // Without a network nobody can say; it asks again.
  }
}

// A page with something of several sheets asks once for all of them.  What is not standing any more
// goes, each in its place; what was made of several goes as a whole.
async function askForAll(part) {
  try {
    const reply = await fetch(part.dataset.standing, {
      headers: { Accept: "application/json" },
      cache: "no-store",
    });
    if (reply.status === 401 || reply.status === 404) return takeAllAway(part, reply.status);
    if (!reply.ok) return;
    const standing = new Set((await reply.json()).standing);
    const over = (id) => !standing.has(id);
    if ((part.dataset.needs ?? "").split(" ").filter(Boolean).some(over)) {
      return takeAllAway(part, 404);
    }
    const gone = [...document.querySelectorAll("[data-id]")].filter((one) => over(one.dataset.id));
    for (const one of gone) one.remove();
    if (gone.length && !part.querySelector(".gone")) part.prepend(sayGone(CHANGED));
  } catch {
    // Without a network nobody can say; it asks again.
  }
}

function takeAllAway(part, status) {
  takeAway(part, status);
  part.removeAttribute("data-standing");
  for (const also of document.querySelectorAll("[data-id]")) also.remove();
}

let asking = false;

async function askAll() {
  if (asking || document.visibilityState !== "visible") return;
  asking = true;
  const together = new Map();
  for (const part of document.querySelectorAll("[data-still]")) {
    const { still } = part.dataset;
    together.set(still, [...(together.get(still) ?? []), part]);
  }
  await Promise.all([
    ...[...together].map(([still, parts]) => ask(still, parts)),
    ...[...document.querySelectorAll("[data-standing]")].map(askForAll),
  ]);
  asking = false;
}

setInterval(askAll, EVERY_MS);
document.addEventListener("visibilitychange", askAll);
window.addEventListener("pageshow", askAll);
