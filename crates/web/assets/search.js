// Search: how the line may go on, keys through the list, what has come since.
"use strict";

// How the line may go on.
for (const form of document.querySelectorAll("[data-suggests]")) {
  const box = form.querySelector("[data-search-box]");
  const list = form.querySelector("[role=listbox]");
  let waiting, asked, active = -1, typed = box.value;

  const close = () => {
    clearTimeout(waiting);
    asked?.abort();
    list.hidden = true;
    list.replaceChildren();
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const choose = (at) => {
    active = at;
    [...list.children].forEach((one, own) => one.setAttribute("aria-selected", String(own === at)));
    if (at < 0) {
      box.value = typed;
      box.removeAttribute("aria-activedescendant");
    } else {
      box.value = list.children[at].dataset.line;
      box.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  };
  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map(({ line, text, means }, at) => {
      const one = document.createElement("li");
      one.id = "suggestion-" + at;
      one.setAttribute("role", "option");
      one.setAttribute("aria-selected", "false");
      one.dataset.line = line;
      const words = document.createElement("span");
      words.textContent = text;
      one.append(words);
      if (means.length) {
        const meaning = document.createElement("span");
        meaning.className = "quiet";
        meaning.textContent = means.join(", ");
        one.append(meaning);
      }
      return one;
    }));
    active = -1;
    list.hidden = suggestions.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch("/api/v1/suggest", {
        method: "POST",
        body: JSON.stringify({ line: typed }),
        headers: { "content-type": "application/json", "x-csrf": document.body.dataset.csrf },
        signal: asked.signal,
      });
      if (answer.ok && document.activeElement === box) show((await answer.json()).suggestions);
    } catch { /* A suggestion that does not come is none. */ }
  };
  box.addEventListener("input", () => {
    typed = box.value;
    clearTimeout(waiting);
    if (typed.trim().length < 2) close(); else waiting = setTimeout(ask, 130);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      choose(-1);
      close();
    }
    if (list.hidden || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const all = list.children.length + 1;
    choose((active + 1 + (event.key === "ArrowDown" ? 1 : all - 1)) % all - 1);
  });
  list.addEventListener("pointerdown", (event) => {
    const one = event.target.closest("[role=option]");
    if (!one) return;
    event.preventDefault();
    box.value = one.dataset.line;
    form.requestSubmit();
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
}

for (const field of document.querySelectorAll("[data-submits]")) field.addEventListener("change", () => field.form.requestSubmit());
for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());

// Keys through the list.
document.addEventListener("keydown", (event) => {
  if (desk.typing(event) || document.querySelector("dialog[open]")) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step) {
    const links = [...document.querySelectorAll(".hit-link")];
    if (!links.length) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement.closest(".hit")?.querySelector(".hit-link"));
    const next = links[Math.min(links.length - 1, Math.max(0, at + step))];
    next.focus({ preventScroll: true });
    next.closest(".hit").scrollIntoView({ block: "nearest" });
  }
  if (event.key === "s") document.getElementById("save-button")?.click();
  if (event.key === "n") document.querySelector("[data-show-news]:not([hidden])")?.click();
});

// Where more pages were asked for, the first of them is next.
{
  let before = -1;
  const links = () => document.querySelectorAll("#hits .hit-link");
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.target.closest(".further")) before = links().length; });
  document.addEventListener("htmx:afterSettle", () => {
    if (before >= 0) links()[before]?.focus({ preventScroll: true });
    before = -1;
  });
}

// What has come since. Told above the list, in room that is kept for it; the list itself stays as it is until somebody
// asks. Only where nothing was found, what comes is shown by itself.
{
  const results = document.querySelector("[data-search]");
  const news = document.querySelector("[data-news]");
  if (results && news) {
    const [said, button] = [news.querySelector("[role=status]"), news.querySelector("[data-show-news]")];
    const of = `list=${results.dataset.list}`;
    let busy = false;
    const unattended = { "x-unattended": "1", "x-part": "1", "hx-current-url": location.href };

    const show = async (headers) => {
      const answer = await fetch(`${results.dataset.search}/new?${of}`, { headers });
      if (!answer.ok || answer.status === 204) return;
      const list = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("ol");
      for (const one of list.querySelectorAll("[data-page]")) document.querySelector(`#new [data-page="${one.dataset.page}"]`)?.remove();
      document.getElementById("new").prepend(list);
      document.getElementById("nothing")?.remove();
      document.getElementById("total").textContent = list.dataset.total;
      button.hidden = true;
      news.classList.remove("has-news");
      said.textContent = "";
      return list;
    };
    const look = async () => {
      if (busy || document.hidden) return;
      busy = true;
      try {
        const answer = await fetch(`${results.dataset.search}/news?${of}`, { headers: unattended });
        if (answer.status === 401) location.reload();
        if (answer.status !== 200) return;
        const { pages, much } = await answer.json();
        if (much) {
          said.textContent = "Many pages have come or changed: search again to see them.";
        } else if (pages) {
          if (document.getElementById("nothing")) { await show(unattended); return; }
          said.textContent = pages === 1 ? "1 page that answers has come or changed." : `${pages} pages that answer have come or changed.`;
          button.hidden = false;
          news.classList.add("has-news");
        }
      } catch { /* The next look may have more luck. */ } finally { busy = false; }
    };
    button.addEventListener("click", async () => {
      const list = await show({ "x-part": "1" }).catch(() => desk.say("That did not work.", true));
      list?.querySelector(".hit-link")?.focus();
    });
    setInterval(look, 2500);
    document.addEventListener("visibilitychange", look);
  }
}
