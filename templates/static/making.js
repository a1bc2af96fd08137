// Shows how far a file is, without loading the page again.  Without scripts the page looks again by
// itself, or at a press.

const EVERY_MS = 400;

async function look() {
  const part = document.querySelector("[data-making]");
  if (!part) return;
  try {
    const reply = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const now = page.querySelector("#main");
    const bar = page.querySelector("[data-making] progress");
    if (bar) {
      const here = part.querySelector("progress");
      if (here.value !== bar.value) {
        here.value = bar.value;
        part.querySelector("[role=status]").replaceWith(page.querySelector("[role=status]"));
      }
    } else if (now) {
      document.querySelector("#main").replaceChildren(...now.childNodes);
      const heading = document.querySelector("h1");
      heading.tabIndex = -1;
      heading.focus();
      return;
    }
  } catch {
    // Without a network nobody can say; it asks again.
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
