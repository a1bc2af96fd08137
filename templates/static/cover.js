// The lid over a page.  Nobody but the person the page was made for sees or saves anything; what
// they wrote waits behind it.  Signing in again in place takes it off.

const XSRF = /(?:^|;\s*)_xsrf=([^;]*)/;
export const xsrf = () => (document.cookie.match(XSRF) || [])[1] || "";

// `left` says whether something is not saved yet; `lifted` is called once the person is back.
export function makeCover({ person, name, base, demo, shared }, { left, lifted }) {
  let lid = null;

  function on(why) {
    if (lid) return;
    lid = document.createElement("dialog");
    lid.className = "cover";
    lid.setAttribute("aria-labelledby", "cover-heading");
    const demoButton = demo === "yes" ? `<button type="submit" class="go" name="demo">Continue as <span class="cover-name"></span></button>` : "";
    lid.innerHTML = `<form method="dialog"><h1 id="cover-heading">You are signed out</h1>
      <p class="cover-why"></p><p>What you wrote is safe behind this page. <span class="cover-left"></span></p>
      <p class="problem" role="alert" hidden></p>${demoButton}
      <div class="prompt cover-first"><label class="question" for="cover-pass">Passphrase of <span class="cover-name"></span></label>
      <input type="password" id="cover-pass" autocomplete="current-password"></div>
      <div class="prompt cover-second" hidden><label class="question" for="cover-code">The six digits your app shows</label>
      <p class="hint">Or a recovery code from your paper.</p>
      <input type="text" id="cover-code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false"></div>
      <p class="cover-app" hidden>You need an authenticator app first. <a target="_blank" href="${base}me/signing-in/app">Set it up in a new tab</a>, then come back here and go on.</p>
      <button type="submit" class="go">Sign in and go on</button></form>`;
    for (const el of lid.querySelectorAll(".cover-name")) el.textContent = name;
    lid.querySelector(".cover-why").textContent = why || "";
    lid.querySelector(".cover-left").textContent = left() ? "Some of it is not saved yet. It will be when you are back." : "";
    lid.addEventListener("cancel", (e) => e.preventDefault());
    lid.querySelector("form").addEventListener("submit", (e) => { e.preventDefault(); press(e.submitter); });
    document.body.append(lid);
    lid.showModal();
    document.body.classList.add("covered");
  }

  // Which of the three is asked for now: the passphrase, a code, or to set up an app elsewhere.
  const part = (which) => lid.querySelector(`.cover-${which}`);
  function ask(which) {
    for (const one of ["first", "second", "app"]) part(one).hidden = one !== which;
    part(which).querySelector("input, a").focus();
  }
  const asked = () => ["first", "second", "app"].find((one) => !part(one).hidden);

  async function press(button) {
    const said = lid.querySelector(".problem");
    said.hidden = true;
    const { ok, answer, again } = await send(button?.name === "demo" ? "demo" : asked());
    if (!lid) return;
    if (ok && answer.person === person) return off();
    if (ok && answer.waiting) return ask(answer.waiting === "code" ? "second" : "app");
    if (again) ask("first");
    said.textContent = answer.problem || "Somebody else is signed in now. Only the person who wrote this can go on.";
    said.hidden = false;
  }

  async function send(what) {
    const sent = new URLSearchParams();
    if (what === "second") sent.set("code", lid.querySelector("#cover-code").value);
    else {
      sent.set("name", name);
      sent.set("passphrase", lid.querySelector("#cover-pass").value);
      if (shared === "yes") sent.set("shared", "yes");
      if (what === "demo") sent.set("person", person);
    }
    const address = `${base}sign-in${what === "second" ? "/code" : ""}`;
    const headers = { Accept: "application/json", "X-XSRFToken": xsrf() };
    const how = what === "app" ? { headers } : { method: "POST", headers, body: sent };
    try {
      const reply = await fetch(address, { ...how, cache: "no-store" });
      const answer = await reply.json();
      if (what === "app" && !answer.person) answer.problem = "The app is not set up yet.";
      return { ok: reply.ok && !answer.problem, answer, again: Boolean(answer.again) };
    } catch {
      return { ok: false, answer: { problem: "The server cannot be reached. Try again in a moment." } };
    }
  }

  function off() {
    lid.close();
    lid.remove();
    lid = null;
    document.body.classList.remove("covered");
    lifted();
  }

  return { on, covered: () => lid !== null };
}

const MINUTE = 60_000;
const SOON = 10 * MINUTE;
const DAY = 12 * 60 * MINUTE;

// Says in time that the session will end, then saves and covers: when nobody has done anything for
// `idle` minutes, and when it has lasted as long as any may (`left` seconds from now).
export function watchTheClock({ idle, left }, { cover, flush }) {
  const idleMs = Number(idle) * MINUTE;
  let lastTouch = Date.now();
  let ends = lastTouch + Number(left) * 1000;
  let line = null;

  function say(words) {
    if (!words) { line?.remove(); line = null; return; }
    if (!line) {
      line = document.createElement("p");
      line.className = "notice idle";
      line.setAttribute("role", "status");
      document.body.append(line);
    }
    if (line.dataset.for !== words.why) line.textContent = words.text;
    line.dataset.for = words.why;
  }

  const minutes = (ms) => { const n = Math.max(1, Math.round(ms / MINUTE)); return `${n} ${n === 1 ? "minute" : "minutes"}`; };

  async function look() {
    if (cover.covered()) return say(null);
    const quiet = Date.now() - lastTouch;
    const remains = ends - Date.now();
    if (quiet > idleMs || remains < 15_000) {
      await flush();
      say(null);
      cover.on(quiet > idleMs ? "You have been away for a while." : "Nobody stays signed in for longer than twelve hours.");
    } else if (quiet > idleMs * (2 / 3)) {
      say({ why: "idle", text: `You will be signed out in ${minutes(idleMs - quiet)}. Press any key to stay.` });
    } else if (remains < SOON) {
      say({ why: "end", text: `You will be signed out in ${minutes(remains)}, because you came twelve hours ago. Your words stay here: sign in again and go on.` });
    } else say(null);
  }

  for (const kind of ["keydown", "pointerdown", "touchstart"]) {
    addEventListener(kind, () => { lastTouch = Date.now(); if (line?.dataset.for === "idle") say(null); }, { passive: true });
  }
  setInterval(look, 5000);
  return { begun: () => { lastTouch = Date.now(); ends = lastTouch + DAY; } };
}
