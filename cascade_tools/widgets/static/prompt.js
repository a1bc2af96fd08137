// One prompt in the browser.  The HTML is finished before this runs; here it only learns to save.
// The page gives `save`; a notebook preview gives none.

const SOON = 600;
const AGAIN = [1000, 2000, 4000, 8000, 15000];

// A problem that appears between pressing and releasing would move the button away from under the
// finger, so what follows from leaving a box waits until nothing is pressed.
let pressed = false;
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const up of ["pointerup", "pointercancel"]) addEventListener(up, () => { pressed = false; }, true);
function whenReleased(call) {
  if (pressed) addEventListener("pointerup", () => setTimeout(call), { once: true, capture: true });
  else call();
}

// What the person has put into the control now, as it would be stored.
export function read(el) {
  const kind = el.dataset.kind;
  if (kind === "long" || kind === "text") return el.querySelector("textarea, input").value;
  if (kind === "date") return [...el.querySelectorAll("input")].map((i) => i.value.trim()).join("-").replace(/^--$/, "");
  const chosen = [...el.querySelectorAll("input:checked")].map((i) => i.value);
  if (kind === "choices") return chosen;
  return chosen.length ? chosen[0] : null;
}

// Put a stored answer into the control, without telling anybody.
export function write(el, value) {
  const kind = el.dataset.kind;
  if (kind === "long" || kind === "text") el.querySelector("textarea, input").value = value ?? "";
  else if (kind === "date") {
    const [y = "", m = "", d = ""] = String(value || "").split("-");
    [d, m, y].forEach((part, i) => { el.querySelectorAll("input")[i].value = part.replace(/^0+/, ""); });
  } else {
    const codes = Array.isArray(value) ? value : [String(value)];
    for (const i of el.querySelectorAll("input")) i.checked = codes.includes(i.value);
  }
}

function asSent(el) {
  const kind = el.dataset.kind;
  if (kind === "long" || kind === "text") return el.querySelector("textarea, input").defaultValue;
  if (kind === "date") return [...el.querySelectorAll("input")].map((i) => i.defaultValue).join("-").replace(/^--$/, "");
  const chosen = [...el.querySelectorAll("input")].filter((i) => i.defaultChecked).map((i) => i.value);
  if (kind === "choices") return chosen;
  return chosen.length ? chosen[0] : null;
}

const plain = (v) => (Array.isArray(v) ? v : v === null || v === undefined ? null : String(v));
const same = (a, b) => JSON.stringify(plain(a)) === JSON.stringify(plain(b));
const clock = (iso) => new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function words(el, value) {
  if (Array.isArray(value)) return value.map((v) => words(el, v)).join("; ");
  const option = [...el.querySelectorAll("input")].find((i) => i.value === String(value) && /radio|checkbox/.test(i.type));
  return option ? option.nextElementSibling.textContent : String(value ?? "");
}

// `save(request)` resolves to {status, body}; status 0 means that nothing was heard.
// `tell(what, el)` hears "saved", "waiting", "problem", "conflict" and "cleared".
export function enhance(el, save, tell = () => {}) {
  const saved = el.querySelector(".saved");
  const long = el.querySelector("textarea");
  const own = { base: Number(el.dataset.revision), known: asSent(el), flying: null, tries: 0, timer: 0, stopped: false, before: [] };

  const grow = () => {
    if (!long || !long.offsetParent) return;
    const most = long.scrollHeight + 2;
    if (most > long.offsetHeight) long.style.height = `${most}px`;
  };
  const say = (text, state) => { saved.textContent = text; el.dataset.state = state; };
  const problem = (text) => {
    const p = el.querySelector(".problem");
    p.querySelector(".problem-words").textContent = text;
    p.hidden = !text;
    for (const i of el.querySelectorAll("textarea, input")) {
      text ? i.setAttribute("aria-invalid", "true") : i.removeAttribute("aria-invalid");
    }
    const at = el.querySelector("fieldset, textarea, input");
    const ids = new Set((at.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
    text ? ids.add(p.id) : ids.delete(p.id);
    ids.size ? at.setAttribute("aria-describedby", [...ids].join(" ")) : at.removeAttribute("aria-describedby");
  };
  const dirty = () => el.dataset.keep === "yes" && !same(read(el), own.known);

  const later = (ms) => { clearTimeout(own.timer); own.timer = setTimeout(push, ms); };

  async function push(options = {}) {
    clearTimeout(own.timer);
    if (el.dataset.state === "changed" && !dirty()) say(...own.before);
    if (own.stopped || !save || !dirty()) return;
    if (own.flying && !options.keepalive) return own.flying;
    const value = read(el);
    if (el.dataset.state !== "waiting") say("Saving…", "saving");
    own.flying = save({ key: el.dataset.key, value, base: own.base, asked: el.dataset.asked }, options);
    const answer = await own.flying;
    own.flying = null;
    heard(answer, value);
  }

  function heard({ status, body }, value) {
    if (status === 200) {
      own.tries = 0;
      own.base = body.revision;
      own.known = value;
      problem("");
      el.querySelector(".rival")?.remove();
      if (dirty()) return later(50);
      say(`Saved ${clock(body.saved_at)}`, "saved");
      return tell("saved", el);
    }
    if (status === 409) return conflict(body, value);
    if (status === 422 || status === 413) {
      problem(body.problem);
      say("Not saved", "problem");
      return tell("problem", el);
    }
    if (status === 401) { say("Not saved yet", "waiting"); return tell("waiting", el); }
    if (status === 403 || status === 404) {
      say("Not saved. Copy your words, then open this page again.", "problem");
      return tell("problem", el);
    }
    say("Not saved yet. Trying again…", "waiting");
    tell("waiting", el);
    later(AGAIN[Math.min(own.tries++, AGAIN.length - 1)]);
  }

  // Both texts are in the records already; here the person chooses which one counts.
  function conflict(body, value) {
    own.stopped = true;
    say("Not settled yet", "conflict");
    el.querySelector(".rival")?.remove();
    const box = document.createElement("div");
    box.className = "rival";
    box.setAttribute("role", "group");
    const lead = document.createElement("p");
    lead.textContent = `This was also written somewhere else, at ${clock(body.saved_at)}. Both are safe. The other one says:`;
    const quote = document.createElement("blockquote");
    quote.textContent = words(el, body.theirs) || "(nothing)";
    box.append(lead, quote);
    const settle = (chosen) => {
      // First the text, last the saving: taking the box away moves the focus, and that would save
      // what stood there before.
      write(el, chosen);
      box.remove();
      own.stopped = false;
      own.base = body.revision;
      own.known = body.theirs;
      (el.querySelector("textarea, input:checked") || el.querySelector("input"))?.focus();
      if (dirty()) push(); else { say(`Saved ${clock(body.saved_at)}`, "saved"); tell("saved", el); }
    };
    const button = (text, chosen) => {
      const b = document.createElement("button");
      b.type = "button"; b.className = "quiet"; b.textContent = text;
      b.addEventListener("click", () => settle(chosen()));
      box.append(b);
    };
    button("Keep what I have here", () => read(el));
    button("Keep the other one", () => body.theirs);
    if (long || el.dataset.kind === "text") button("Keep both", () => `${body.theirs}\n\n${read(el)}`.trim());
    el.append(box);
    tell("conflict", el);
  }

  if (save && el.dataset.keep === "yes") {
    el.addEventListener("input", (e) => {
      grow();
      if (own.stopped) return;
      // "Saved" never stands beside words that are not saved yet.
      if (el.dataset.state === "saved" || !el.dataset.state) {
        own.before = [saved.textContent, el.dataset.state || ""];
        say("", "changed");
      }
      // Half a date is not a problem yet: it is looked at when the person has left its boxes.
      if (el.dataset.kind === "date" && !/^[^-]+-[^-]+-\d{4}$/.test(read(el))) return clearTimeout(own.timer);
      later(/radio|checkbox/.test(e.target.type) ? 0 : SOON);
    });
    el.addEventListener("focusout", (e) => { if (el.dataset.kind !== "date" || !el.contains(e.relatedTarget)) whenReleased(push); });
  }
  clearable(el, () => (save ? push() : null));
  if (long) { long.addEventListener("focus", grow, { once: true }); }
  if (!save) say(el.dataset.keep === "yes" ? "Preview: nothing is saved" : "", "preview");
  else if (dirty()) later(0);

  return { el, dirty, push, retry: () => { own.tries = 0; return push(); } };
}

// A radio group cannot be emptied by itself; nobody should be stuck with an answer.
function clearable(el, cleared) {
  if (!/^(choice|scale)$/.test(el.dataset.kind) || el.dataset.keep !== "yes") return;
  const b = document.createElement("button");
  b.type = "button"; b.className = "clear"; b.textContent = "Clear this answer";
  const show = () => { b.hidden = !el.querySelector("input:checked"); };
  b.addEventListener("click", () => {
    for (const i of el.querySelectorAll("input:checked")) i.checked = false;
    el.querySelector("input").focus();
    show();
    el.dispatchEvent(new Event("change", { bubbles: true }));
    cleared();
  });
  el.addEventListener("input", show);
  el.querySelector(".state").append(" ", b);
  show();
}

// In JupyterLab the widget's trait is the finished HTML, made and escaped by `draw`.
function render({ model, el }) {
  el.classList.add("cascade");
  const put = () => {
    const page = new DOMParser().parseFromString(model.get("html"), "text/html");
    el.replaceChildren(...page.body.childNodes);
    for (const prompt of el.querySelectorAll(".prompt")) enhance(prompt, null);
  };
  put();
  model.on("change:html", put);
}

export default { render };
