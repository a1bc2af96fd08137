// How much more a card can hold, said only when it is nearly full.  Nothing is kept here.
const NEAR = 60;
const box = document.getElementById("words");
const left = document.getElementById("words-left");

function count() {
  const most = Number(box.dataset.most) - box.value.trim().replace(/\s+/g, " ").length;
  if (most >= NEAR) left.textContent = "";
  else if (most >= 0) left.textContent = `Room for ${most} more character${most === 1 ? "" : "s"}.`;
  else left.textContent = `${-most} character${most === -1 ? "" : "s"} too many for one card.`;
}

if (box) {
  let waiting = 0;
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(count, 300); });
  count();
}
document.querySelector(".summary")?.focus();
