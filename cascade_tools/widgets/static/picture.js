// A picture of saved answers.  The kernel sends finished, escaped HTML; this script only puts it
// on the page.  It tells the kernel *that* something was saved (a meaningless number), never what.
//
// On the page it listens for `cascade:saved`, and raises `cascade:drawn` (a picture is here, so
// the page's own copy may go) and `cascade:redraw` (somebody asked; the kernel may be gone).

const PATIENCE = 10_000; // milliseconds until a silent kernel is taken for gone
const REACHABLE = "a[href], button, summary, [tabindex]";

function render({ model, el }) {
  const picture = document.createElement("div");
  const note = document.createElement("p");
  note.className = "picture-stale";
  note.hidden = true;
  el.append(picture, note);
  let silent = 0;

  function poke() {
    model.set("poke", (model.get("poke") + 1) % 1_000_000_000);
    model.save_changes();
    clearTimeout(silent);
    silent = setTimeout(() => showNote(true), PATIENCE);
  }

  function showPicture() {
    const html = model.get("html");
    if (!html) return;
    replaceKeeping(picture, html);
    el.dispatchEvent(new CustomEvent("cascade:drawn", { bubbles: true }));
  }

  function showNote(late) {
    if (!late) clearTimeout(silent);
    const old = late || model.get("stale");
    if (note.hidden === !old) return;
    if (old) note.replaceChildren(staleWords(model.get("drawn")), " ", redrawButton());
    else if (note.contains(document.activeElement)) focusQuietly(picture);
    note.hidden = !old;
  }

  function redrawButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Redraw";
    button.addEventListener("click", () => {
      poke();
      el.dispatchEvent(new CustomEvent("cascade:redraw", { bubbles: true }));
    });
    return button;
  }

  const answered = () => showNote(false);
  model.on("change:html", showPicture);
  model.on("change:drawn", answered);
  model.on("change:stale", answered);
  document.addEventListener("cascade:saved", poke);
  showPicture();
  showNote(false);
  poke();

  return () => {
    clearTimeout(silent);
    document.removeEventListener("cascade:saved", poke);
    model.off("change:html", showPicture);
    model.off("change:drawn", answered);
    model.off("change:stale", answered);
  };
}

function staleWords(drawn) {
  const words = document.createElement("span");
  if (!drawn) {
    words.textContent = "The picture cannot be drawn just now. Your saved answers are safe.";
    return words;
  }
  const at = document.createElement("time");
  at.dateTime = drawn;
  at.textContent = new Date(drawn).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  words.append("This is the picture of what was saved at ", at, ".");
  return words;
}

// Puts new HTML into `box` in one step.  What was folded open stays open, what had the focus
// keeps it, and nothing scrolls.
function replaceKeeping(box, html) {
  const open = [...box.querySelectorAll("details")].map((d) => d.open);
  const focused = [...box.querySelectorAll(REACHABLE)].indexOf(document.activeElement);
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  fresh.content.querySelectorAll("details").forEach((d, i) => {
    if (i < open.length) d.open = open[i];
  });
  box.replaceChildren(fresh.content);
  if (focused >= 0) box.querySelectorAll(REACHABLE)[focused]?.focus({ preventScroll: true });
}

function focusQuietly(box) {
  box.tabIndex = -1;
  box.focus({ preventScroll: true });
}

export default { render };
