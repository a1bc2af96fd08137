// How much more a box can hold, said only when it is nearly full.  Nothing is kept here.
const NEAR = 60;
const PAUSE_MS = 300;

function count(box, left) {
  const most = Number(box.dataset.most) - box.value.trim().replace(/\s+/g, " ").length;
  if (most >= NEAR) left.textContent = "";
  else if (most >= 0) left.textContent = `Room for ${most} more character${most === 1 ? "" : "s"}.`;
  else left.textContent = `${-most} character${most === -1 ? "" : "s"} too many. It would not fit.`;
}

for (const box of document.querySelectorAll("textarea[data-most]")) {
  const left = document.getElementById(`${box.id}-left`);
  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(count, PAUSE_MS, box, left);
  });
  count(box, left);
}
document.querySelector(".summary[tabindex]")?.focus();
