// A clock for a silence.  It can be switched off and made longer, and nothing goes on by itself.
const place = document.querySelector(".silence");
const [clock, face, left, over, count] = [".clock", ".clock-face", ".clock-left", ".clock-over", ".count"].map((s) => place.querySelector(s));
const still = matchMedia("(prefers-reduced-motion: reduce)");
let whole = Number(place.dataset.seconds);
let ends = performance.now() + whole * 1000;
let ticking = 0;

function tick() {
  const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  // Where motion is not wanted nothing turns; the number stands until the time is over.
  left.textContent = still.matches ? (seconds ? whole : 0) : seconds;
  face.style.setProperty("--left", still.matches ? 1 : seconds / whole);
  if (seconds) return;
  clearInterval(ticking);
  ticking = 0;
  over.textContent = "The time is over. Go on when you are ready.";
}

function start() {
  over.textContent = "";
  if (!ticking) ticking = setInterval(tick, 250);
  tick();
}

place.querySelector("#clock-more").addEventListener("click", () => {
  ends = Math.max(ends, performance.now()) + 10_000;
  whole += 10;
  start();
});
place.querySelector("#clock-off").addEventListener("click", () => {
  clearInterval(ticking);
  clock.hidden = true;
  count.hidden = false;
  over.textContent = "The clock is off.";
});
count.hidden = true;
clock.hidden = false;
start();
