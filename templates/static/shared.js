// Takes somebody's words off an open page once their author has stopped sharing them, or once
// nobody is signed in here any more.  It asks while the page can be seen, and keeps no session open.

const EVERY_MS = 800;
const SIGNED_OUT = "You have been signed out. Open this page again to sign in and read it.";

function takeAway(part, status) {
  const gone = document.createElement("p");
  gone.className = "notice";
  gone.setAttribute("role", "status");
  gone.textContent = status === 401 ? SIGNED_OUT : part.dataset.gone;
  const { still } = part.dataset;
  part.removeAttribute("class");
  part.removeAttribute("data-still");
  part.replaceChildren(gone);
  // What the author said beside the words, and what could be done with them.
  for (const also of document.querySelectorAll("[data-goes]")) {
    if (also.dataset.goes === still) also.remove();
  }
}

async function ask(part) {
  try {
    const reply = await fetch(part.dataset.still, {
      headers: { Accept: "application/json" },
      cache: "no-store",
    });
    if (reply.status === 401 || reply.status === 404) takeAway(part, reply.status);
  } catch {
    // Without a network nobody can say; it asks again.
  }
}

let asking = false;

async function askAll() {
  if (asking || document.visibilityState !== "visible") return;
  asking = true;
  await Promise.all([...document.querySelectorAll("[data-still]")].map(ask));
  asking = false;
}

setInterval(askAll, EVERY_MS);
document.addEventListener("visibilitychange", askAll);
window.addEventListener("pageshow", askAll);
