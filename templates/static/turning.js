// Which pages of a workbook are open.
import { read } from "./prompt.js";

export const given = (v) => v !== null && v !== undefined && v !== "" && !(Array.isArray(v) && !v.length);

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
