// One prompt in the browser.  The HTML is finished before this runs; here it only learns to save.
// The page gives `save`; a notebook preview gives none.

const SOON = 600;
const LATE = 5000;
const AGAIN = [1000, 2000, 4000, 8000, 15000];

// A whole room is refused, or loses its network, in the same second; it must not come back in one.
// `least` is what the server asked for, in seconds.
function pause(tries, least = 0) {
  const own = AGAIN[Math.min(tries, AGAIN.length - 1)] * (0.5 + Math.random());
  return Math.max(own, least * 1000 * (1 + Math.random()));
}

// A problem that appears between pressing and releasing would move the button away from under the
// finger, so what follows from leaving a box waits until nothing is pressed.
let pressed = false;
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const up of ["pointerup", "pointercancel"]) addEventListener(up, () => { pressed = false; }, true);
function whenReleased(call) {
  if (pressed) addEventListener("pointerup", () => setTimeout(call), { once: true, capture: true });
  else call();
}

const isWords = (el) => /^(text|long|person)$/.test(el.dataset.kind);
// Numbered lines and sorted statements: one answer of many, each under the code of its own.
const isSorted = (el) => /^(order|classify)$/.test(el.dataset.kind);

// What the person has put into the control now, as it would be stored.
export function read(el) {
  const kind = el.dataset.kind;
  if (el.dataset.made) return readMade(el, now);
  if (isSorted(el)) return readSorted(el, now);
  if (isWords(el)) return el.querySelector("textarea, input").value;
  if (kind === "date") return [...el.querySelectorAll("input")].map((i) => i.value.trim()).join("-").replace(/^--$/, "");
  const chosen = [...el.querySelectorAll("input:checked")].map((i) => i.value);
  if (kind === "choices") return chosen;
  return chosen.length ? chosen[0] : null;
}

// Put a stored answer into the control, without telling anybody.
export function write(el, value) {
  const kind = el.dataset.kind;
  if (el.dataset.made) writeMade(el, value);
  else if (isSorted(el)) writeSorted(el, value);
  else if (isWords(el)) el.querySelector("textarea, input").value = value ?? "";
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
  if (el.dataset.made) return readMade(el, asMade);
  if (isSorted(el)) return readSorted(el, asMade);
  if (isWords(el)) return el.querySelector("textarea, input").defaultValue;
  if (kind === "date") return [...el.querySelectorAll("input")].map((i) => i.defaultValue).join("-").replace(/^--$/, "");
  const chosen = [...el.querySelectorAll("input")].filter((i) => i.defaultChecked).map((i) => i.value);
  if (kind === "choices") return chosen;
  return chosen.length ? chosen[0] : null;
}

const plain = (v) => (Array.isArray(v) ? v : v === null || v === undefined ? null : String(v));
const same = (el, a, b) => {
  const form = el.dataset.made ? (v) => formOf(el, v) : isSorted(el) ? (v) => sortedForm(el, v) : plain;
  return JSON.stringify(form(a)) === JSON.stringify(form(b));
};
const clock = (iso) => new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

// ---- Lines put in order by numbers, statements sorted: what is left out is not in the answer

const boxesOf = (el) => [...el.querySelectorAll("input[data-code]")];

function readSorted(el, { text, on }) {
  const held = boxesOf(el).filter((i) => (i.type === "radio" ? on(i) : true)).map((i) => [i.dataset.code, text(i).trim()]);
  const given = held.filter(([, v]) => v);
  return given.length ? Object.fromEntries(given) : null;
}

function writeSorted(el, value) {
  for (const i of boxesOf(el)) {
    const held = String(value?.[i.dataset.code] ?? "");
    if (i.type === "radio") i.checked = i.value !== "" && i.value === held;
    else i.value = held;
  }
}

// The same answer has the same form here and on the server, which keeps numbers as numbers.
const sortedForm = (el, value) => [...new Set(boxesOf(el).map((i) => i.dataset.code))].map((code) => String(value?.[code] ?? ""));

// The boxes whose number cannot stay: none of the lines' numbers, or on another line, too.
function toMend(el) {
  if (el.dataset.kind !== "order") return [];
  const boxes = boxesOf(el), number = (i) => Number(/^(\d{1,4})\.?$/.exec(i.value.trim())?.[1] ?? NaN);
  const sound = (i) => !i.value.trim() || (number(i) >= 1 && number(i) <= boxes.length);
  return boxes.filter((i) => !sound(i) || boxes.some((other) => other !== i && number(other) === number(i)));
}

// ---- Answers made of parts: actions, a goal.  What the parts are stands in the page's own markup.

const now = { text: (i) => i.value, on: (i) => i.checked };
const asMade = { text: (i) => i.defaultValue, on: (i) => i.defaultChecked };

const partsOf = (item) => [...item.querySelectorAll("[data-part]")].map((at) => ({
  at,
  name: at.dataset.part,
  kind: at.dataset.partKind,
  boxes: [...at.querySelectorAll("input, textarea")].filter((i) => i.closest("[data-part]") === at),
}));

function heldIn({ kind, boxes }, { text, on } = now) {
  if (kind === "choice") return boxes.find(on)?.value ?? "";
  if (kind === "date") return boxes.map((i) => text(i).trim()).join("-").replace(/^--$/, "");
  return text(boxes[0]);
}

const idOf = (item) => item.querySelector(":scope > input[type=hidden]");

// One of many is there while any of its boxes has words: an action is taken away by emptying them.
function readMade(el, how) {
  const many = el.dataset.made === "many";
  const items = [...el.querySelectorAll(".item")].map((item) => {
    const parts = partsOf(item);
    if (!parts.some((p) => heldIn(p, how).trim() && !(many && p.kind === "choice"))) return null;
    const held = Object.fromEntries(parts.map((p) => [p.name, heldIn(p, how)]));
    return many ? { id: idOf(item).value, ...held } : held;
  });
  return many ? items.filter(Boolean) : items[0];
}

function iso(text) {
  const first = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const last = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(text);
  const parts = first ? first.slice(1) : last ? last.slice(1).reverse() : null;
  return parts ? parts.map((n) => n.padStart(2, "0")).join("-") : text;
}

// The same answer has the same form here and on the server, which adds earlier dates to it.
function formOf(el, value) {
  const parts = partsOf(el.querySelector("template.another")?.content ?? el);
  const form = (item) => [item.id ?? "", ...parts.map((p) => (p.kind === "date" ? iso : String)(item[p.name] ?? ""))];
  return Array.isArray(value) ? value.map(form) : value && form(value);
}

function named(item) {
  const id = idOf(item);
  if (id && !id.value) id.value = [...crypto.getRandomValues(new Uint8Array(4))].map((b) => b.toString(16).padStart(2, "0")).join("");
  return item;
}

function another(el) {
  const model = el.querySelector("template.another");
  const number = ++model.dataset.last;
  const item = model.content.firstElementChild.cloneNode(true);
  for (const i of item.querySelectorAll("[id], [name], [for], [aria-describedby]")) {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      if (i.hasAttribute(name)) i.setAttribute(name, i.getAttribute(name).replace(".N.", `.${number}.`));
    }
  }
  return named(item);
}

function fillItem(item, value) {
  const id = idOf(item);
  if (id) id.value = value.id || id.value;
  for (const { at, name, kind, boxes } of partsOf(item)) {
    const held = String(value[name] ?? "");
    if (kind === "choice") for (const i of boxes) i.checked = i.value === held;
    else if (kind === "date") iso(held).split("-").reverse().forEach((part, n) => { if (boxes[n]) boxes[n].value = part.replace(/^0+/, ""); });
    else boxes[0].value = held;
    if ("later" in at.dataset) at.hidden = false;
  }
  return item;
}

function writeMade(el, value) {
  if (el.dataset.made === "one") {
    fillItem(el.querySelector(".item"), value ?? {});
    return;
  }
  el.querySelector(".items").replaceChildren(...(value ?? []).map((one) => fillItem(another(el), one)));
  el.querySelector(".fresh")?.replaceChildren(another(el));
  for (const item of el.querySelectorAll(".item")) showState(item);
}

// Both lists in one; what was changed in both places stands there twice, for the person to settle.
function bothOf(el, theirs, mine) {
  const known = new Map(theirs.map((one) => [one.id, one]));
  const extra = mine.filter((one) => !known.has(one.id) || !same(el, [one], [known.get(one.id)]));
  return [...theirs, ...extra.map((one) => (known.has(one.id) ? { ...one, id: "" } : one))];
}

const dayOf = (text) => {
  const day = new Date(`${iso(text)}T00:00:00Z`);
  return /^\d{4}-/.test(iso(text)) && !Number.isNaN(+day) && day.toISOString().startsWith(iso(text)) ? day : null;
};
const dayWords = (day) => day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const listed = (words) => [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");

// What a draft still needs, in the words the server uses.
function stateOf(item) {
  const parts = partsOf(item);
  const find = (name) => parts.find((p) => p.name === name);
  const held = (name) => (find(name) ? heldIn(find(name)) : "");
  if (!parts.some((p) => p.kind !== "choice" && heldIn(p).trim())) return "";
  const adds = [], steps = [], said = [];
  for (const part of parts) {
    const { needed, within, when } = part.at.dataset;
    const value = heldIn(part).trim();
    if (!needed || (when && held(when.split(" ")[0]) !== when.split(" ")[1])) continue;
    const day = part.kind === "date" ? dayOf(value) : null;
    const [first, days] = (within || "").split(" ");
    const from = first && dayOf(held(first));
    if (!value) adds.push(needed);
    else if (part.kind === "date" && !day) steps.push(`write ${needed} as a real date`);
    else if (day && from && day - from > days * 86_400_000) steps.push(`move ${needed} to ${dayWords(new Date(+from + days * 86_400_000))} or earlier`);
    if (!when) said.push(`${part.at.dataset.said}: ${day ? dayWords(day) : wordsOf(part, parts)}`);
  }
  const [over, ...codes] = item.closest(".prompt").querySelector(".items").dataset.over.split(" ");
  if (!said.length || codes.includes(held(over))) return "";
  if (!adds.length && !steps.length) return `${["Agreed", ...said.slice(1)].join(". ")}.`;
  return `Not agreed yet: ${[...(adds.length ? [`add ${listed(adds)}`] : []), ...steps].join("; ")}.`;
}

function wordsOf(part, parts) {
  const value = heldIn(part);
  if (part.kind !== "choice") return value;
  const instead = parts.find((p) => p.at.dataset.when === `${part.name} ${value}`);
  return (instead && heldIn(instead).trim()) || part.boxes.find((i) => i.checked)?.nextElementSibling.textContent || "";
}

function showState(item) {
  const line = item.querySelector(".item-state");
  if (line) line.textContent = stateOf(item);
}

// With a script there is always room for one more.
function makeable(el, grow) {
  for (const item of el.querySelectorAll(".item")) named(item);
  el.addEventListener("input", (e) => {
    const item = e.target.closest(".item");
    if (item) showState(item);
    if (e.target.matches("textarea")) grow(e.target);
  });
  el.addEventListener("focusin", (e) => { if (e.target.matches("textarea")) grow(e.target); });
  el.addEventListener("toggle", () => { for (const box of el.querySelectorAll("textarea")) grow(box); }, true);
  const fresh = el.querySelector(".fresh");
  if (!fresh) return;
  const b = document.createElement("button");
  b.type = "button"; b.className = "quiet"; b.textContent = "Add another";
  b.addEventListener("click", () => {
    const item = another(el);
    fresh.append(item);
    b.hidden = el.querySelectorAll(".item").length >= Number(el.querySelector("template.another").dataset.most);
    item.querySelector("textarea, input").focus();
  });
  fresh.after(b);
}

// ---- Saving one answer

function describe(at, id, yes) {
  const ids = new Set((at.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
  yes ? ids.add(id) : ids.delete(id);
  ids.size ? at.setAttribute("aria-describedby", [...ids].join(" ")) : at.removeAttribute("aria-describedby");
}

const given = (v) => v !== null && v !== undefined && v !== "" && !(Array.isArray(v) && !v.length);

// The same rule as `Workbook.open_pages`: an answered page never closes, and answers on closed
// pages do not open others.
export function openPages(pages) {
  const seen = {};
  return pages.filter((page) => {
    const here = [...page.querySelectorAll(".prompt[data-key]")].map((el) => [el.dataset.key, read(el)]);
    const holds = JSON.parse(page.dataset.conditions).every((c) => c.codes.includes(String(seen[c.key] ?? "None")) !== c.unless);
    const open = holds || here.some(([, v]) => given(v));
    page.classList.toggle("closed", !open);
    if (open) Object.assign(seen, Object.fromEntries(here));
    return open;
  });
}

// `save(request)` resolves to {status, body, least}; status 0 means that nothing was heard, `least` is
// after how many seconds the server wants to be asked again.
// `tell(what, el)` hears "saved", "waiting", "problem", "conflict" and "cleared".
export function enhance(el, save, tell = () => {}) {
  const saved = el.querySelector(".saved");
  const long = el.querySelector("textarea");
  const made = Boolean(el.dataset.made);
  const own = { base: Number(el.dataset.revision), known: asSent(el), flying: null, tries: 0, timer: 0, quiet: 0, unsure: false, stopped: false, before: [] };

  const grow = (box) => {
    if (!box?.offsetParent) return;
    const most = box.scrollHeight + 2;
    if (most > box.offsetHeight) box.style.height = `${most}px`;
  };
  if (made) {
    makeable(el, grow);
    own.known = asSent(el);
  }
  const say = (text, state) => { saved.textContent = text; el.dataset.state = state; };
  const problem = (text) => {
    const p = el.querySelector(".problem");
    p.querySelector(".problem-words").textContent = text;
    p.hidden = !text;
    // Which of many boxes it is about stands in the sentence; of numbers it can be marked.
    const wrong = text ? toMend(el) : [];
    for (const i of made ? [] : el.querySelectorAll("textarea, input")) {
      const marked = isSorted(el) ? wrong.includes(i) : text;
      marked ? i.setAttribute("aria-invalid", "true") : i.removeAttribute("aria-invalid");
      if (isSorted(el)) describe(i, p.id, marked);
    }
    describe(el.querySelector("fieldset, textarea, input"), p.id, text);
  };
  // After a save that was not acknowledged nobody knows here what is kept: even what stood here before
  // is sent again.
  const dirty = () => el.dataset.keep === "yes" && (own.unsure || !same(el, read(el), own.known));

  // Half a date is not an answer yet: of many boxes none is saved while one is in a date.  And who
  // swaps two numbers has the same one twice for a moment: that waits until they leave the boxes.
  const inDate = (at) => made && at instanceof Element && el.contains(at) ? at.closest(".date") : null;
  const halfway = () => inDate(document.activeElement) || (el.contains(document.activeElement) && toMend(el).length > 0);
  const later = (ms) => {
    clearTimeout(own.timer);
    own.timer = setTimeout(() => (halfway() ? null : push()), Math.max(ms, own.quiet - Date.now()));
  };

  async function push(options = {}) {
    clearTimeout(own.timer);
    if (el.dataset.state === "changed" && !dirty()) say(...own.before);
    if (own.stopped || !save || !dirty()) return;
    if (own.flying && !options.keepalive) return own.flying;
    const value = read(el);
    if (el.dataset.state !== "waiting") say("Saving…", "saving");
    const late = setTimeout(() => wait("Not saved yet. This takes longer than usual…"), LATE);
    own.flying = save({ key: el.dataset.key, value, base: own.base, asked: el.dataset.asked }, options);
    const answer = await own.flying;
    clearTimeout(late);
    own.flying = null;
    heard(answer, value);
  }

  function wait(text) {
    say(text, "waiting");
    tell("waiting", el);
  }

  function heard({ status, body, least }, value) {
    if (status === 200) {
      own.tries = own.quiet = 0;
      own.unsure = false;
      own.base = body.revision;
      own.known = value;
      problem("");
      el.querySelector(".rival")?.remove();
      if (dirty()) {
        // While somebody is in a date nothing is on its way.
        if (halfway()) {
          own.before = [`Saved ${clock(body.saved_at)}`, "saved"];
          say("", "changed");
        }
        return later(50);
      }
      say(`Saved ${clock(body.saved_at)}`, "saved");
      return tell("saved", el);
    }
    if (status === 409) return conflict(body, value);
    if (status === 422 || status === 413) {
      problem(body.problem);
      say("Not saved", "problem");
      return tell("problem", el);
    }
    if (status === 401) return wait("Not saved yet");
    if (status === 403 || status === 404) {
      say("Not saved. Copy your words, then open this page again.", "problem");
      return tell("problem", el);
    }
    // Somebody answered, or nobody did; why, this page cannot know.
    const why = status ? "It cannot be kept just now." : navigator.onLine ? "No answer came." : "There is no network.";
    wait(`Not saved yet. ${why} Trying again…`);
    own.unsure = true;
    const ms = pause(own.tries++, least);
    // Who types on is not sooner than the server asked for.
    own.quiet = least ? Date.now() + ms : 0;
    later(ms);
  }

  // Both texts are in the records already; here the person chooses which one counts.
  function conflict(body, value) {
    own.stopped = true;
    own.unsure = false;
    say("Not settled yet", "conflict");
    el.querySelector(".rival")?.remove();
    const box = document.createElement("div");
    box.className = "rival";
    box.setAttribute("role", "group");
    const lead = document.createElement("p");
    lead.textContent = `This was also written somewhere else, at ${clock(body.saved_at)}. Both are safe. The other one says:`;
    const quote = document.createElement("blockquote");
    quote.textContent = body.theirs_words || "(nothing)";
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
    if (/^(text|long)$/.test(el.dataset.kind)) button("Keep both", () => `${body.theirs}\n\n${read(el)}`.trim());
    if (el.dataset.made === "many") button("Keep both", () => bothOf(el, body.theirs, read(el)));
    el.append(box);
    tell("conflict", el);
  }

  if (save && el.dataset.keep === "yes") {
    el.addEventListener("input", (e) => {
      grow(long);
      if (own.stopped) return;
      // "Saved" never stands beside words that are not saved yet.
      if (el.dataset.state === "saved" || !el.dataset.state) {
        own.before = [saved.textContent, el.dataset.state || ""];
        say("", "changed");
      }
      // Half a date is not a problem yet: it is looked at when the person has left its boxes.
      if (el.dataset.kind === "date" && !/^[^-]+-[^-]+-\d{4}$/.test(read(el))) return clearTimeout(own.timer);
      if (inDate(e.target)) return clearTimeout(own.timer);
      later(/radio|checkbox/.test(e.target.type) ? 0 : SOON);
    });
    el.addEventListener("focusout", (e) => {
      const date = /^(date|order)$/.test(el.dataset.kind) ? el : inDate(e.target);
      if (!date?.contains(e.relatedTarget)) whenReleased(push);
    });
  }
  clearable(el, () => (save ? push() : null));
  // However a box with a number is entered, the next number takes the place of the one in it.
  if (el.dataset.kind === "order") el.addEventListener("focusin", (e) => { if (e.target.select) whenReleased(() => e.target.select()); });
  if (long) { long.addEventListener("focus", () => grow(long), { once: true }); }
  if (!save) say(el.dataset.keep === "yes" ? "Preview: nothing is saved" : "", "preview");
  else if (dirty()) later(0);

  return { el, dirty, push, retry: () => { own.tries = own.quiet = 0; return push(); } };
}

// A radio group cannot be emptied by itself; nobody should be stuck with an answer.
function clearable(el, cleared) {
  if (!/^(choice|scale|ten|yes_no_skip)$/.test(el.dataset.kind) || el.dataset.keep !== "yes") return;
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
