// The worklist: keys, forms that stay on the screen until they worked, the page beside its forms, and who has what.
"use strict";

{
  const body = document.body;
  const screen = body.dataset.screen;

  // Keys. A field, button, link or fold says which key is its own; in a field they work with Alt.
  const shown = (element) => element.offsetParent !== null || element.tagName === "SUMMARY";
  function press(target) {
    if (target.tagName === "SUMMARY") {
      const fold = target.parentElement;
      fold.open = !fold.open;
      if (target.dataset.show) document.querySelector(`[data-what="${target.dataset.show}"]`)?.click();
      const first = fold.open && fold.querySelector("input:not([type=hidden]), select, textarea, button");
      (first || target).focus();
    } else if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) {
      for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      target.focus();
      if (target.select) target.select();
    } else {
      target.click();
    }
  }
  document.addEventListener("keydown", (event) => {
    const dialog = document.querySelector("dialog[open]");
    if (event.key === "Escape" && !dialog && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      event.target.blur();
      document.getElementById("main").focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || (desk.typing(event) && !event.altKey)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : { PageUp: "[", PageDown: "]" }[event.key];
    if (!key) return;
    const targets = (dialog || document).querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
    // A key of something that is folded away works as well.
    const target = [...targets].find(shown) || targets[0];
    if (!target) return;
    event.preventDefault();
    press(target);
  });

  // Forms are posted; where that worked, the answer says where to go on.
  async function send(url, form) {
    try {
      const answer = await desk.post(url, form);
      const { to } = await answer.json();
      left = true;
      location.assign(to);
    } catch (error) {
      desk.say(error.message, true);
    }
  }
  let left = false;
  let busy = false;
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.id !== "assign" && !form.dataset.act) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      if (form.dataset.act) await send(form.dataset.act, new FormData(form));
      else await assign(form);
    } finally {
      busy = false;
    }
  });

  // Whose is it: what was typed is shown first, and filed only as it was shown.
  async function assign(form) {
    const item = `/worklist/${form.dataset.item}`;
    if (form.elements.shown.value) return send(`${item}/file`, new FormData(form));
    const part = document.getElementById("match");
    try {
      const answer = await desk.post(`${item}/match`, new FormData(form));
      part.innerHTML = await answer.text();
      const match = part.querySelector("[data-shown]");
      form.elements.shown.value = match ? match.dataset.shown : "";
      beside(match !== null);
      const why = part.querySelector("[name=despite]");
      if (why) why.focus();
      part.scrollIntoView({ block: "nearest" });
    } catch (error) {
      desk.say(error.message, true);
    }
  }
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || form.id !== "assign" || !/^(number|name|birth_date|authority)$/.test(event.target.name)) return;
    form.elements.shown.value = "";
    document.getElementById("match").replaceChildren();
    beside(false);
  });
  // Who was shown is compared there; then the first guess is in the way.
  function beside(match) {
    const guess = document.getElementById("compared");
    if (guess) guess.hidden = match;
    document.querySelector("#enter-shows").hidden = match;
  }

  document.addEventListener("click", (event) => {
    const by_name = event.target.closest("[data-name]");
    if (by_name) {
      const form = document.getElementById("assign");
      form.querySelector(".by-name").open = true;
      form.elements.number.value = "";
      form.elements.name.value = by_name.dataset.name;
      form.elements.name.dispatchEvent(new Event("input", { bubbles: true }));
      form.elements.birth_date.focus();
    }
    const undo = event.target.closest("[data-undo]");
    if (undo) send(`/worklist/${undo.dataset.undo}/undo`, { from: body.dataset.from || "" });
    if (event.target.closest("[data-print]")) print();
  });

  // The page beside its forms.
  const paper = document.getElementById("paper");
  if (paper) {
    const pages = [...document.querySelectorAll("[data-at][data-picture]")];
    const hold = paper.parentElement;
    const own = pages.filter((page) => !page.dataset.what).length;
    let at = 0;
    let turned = 0;
    let large = false;
    const show = () => {
      const page = pages[at];
      paper.src = page.dataset.picture + (large ? "/view" : "/fit/1000");
      const told = page.dataset.what ? page.dataset.what[0].toUpperCase() + page.dataset.what.slice(1) : `Page ${at + 1} of ${own}`;
      paper.alt = `${told} as it was scanned`;
      paper.className = `turned-${turned}`;
      hold.classList.toggle("large", large);
      document.getElementById("page-told").textContent = told;
      if (!page.dataset.what) document.getElementById("viewer-link").href = `/page/${body.dataset.item}/${at + 1}`;
      pages.forEach((one, index) => (index === at ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current")));
      if (!page.dataset.what) for (const field of document.querySelectorAll("[data-here]")) field.value = at + 1;
    };
    const go = (to) => { at = Math.max(0, Math.min(pages.length - 1, to)); turned = 0; show(); };
    document.addEventListener("click", (event) => {
      const step = event.target.closest("[data-turn-page]");
      if (step) go(at + Number(step.dataset.turnPage));
      const named = event.target.closest("[data-page]");
      if (named) {
        const found = pages.findIndex((page) => page.dataset.page === named.dataset.page);
        if (found >= 0) go(found);
      }
      if (event.target.closest("[data-zoom]")) { large = !large; show(); }
      if (event.target.closest("[data-rotate]")) { turned = (turned + 90) % 360; show(); }
    });
    for (const field of document.querySelectorAll("[data-here]")) field.value = 1;
    // The next page is at hand before it is asked for.
    paper.addEventListener("load", () => { if (pages[at + 1]) new Image().src = pages[at + 1].dataset.picture + "/fit/1000"; });
  }
  if (location.hash === "#mend") document.querySelector("#mend input[name=number]")?.focus();

  // In hand while somebody works on it: keys and pointer are signs of life, an open page is none.
  if (screen === "item" && "mine" in body.dataset) {
    const item = `/worklist/${body.dataset.item}`;
    let told = Date.now();
    const alive = async () => {
      if (Date.now() - told < 60000) return;
      told = Date.now();
      await desk.post(`${item}/alive`).catch((error) => desk.say(error.message, true));
    };
    for (const sign of ["keydown", "pointerdown", "wheel"]) document.addEventListener(sign, alive, { passive: true });
    addEventListener("pagehide", () => {
      if (!left) navigator.sendBeacon(`${item}/leave`, new URLSearchParams({ csrf: body.dataset.csrf }));
    });
  }

  // The list: from row to row, narrowed at once, and news by themselves.
  if (screen === "worklist") {
    document.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || desk.typing(event)) return;
      const rows = [...document.querySelectorAll(".row-link")];
      const next = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(document.activeElement) + step))];
      if (next) { event.preventDefault(); next.focus(); }
    });
    document.addEventListener("change", (event) => {
      const form = event.target.closest("[data-filters]");
      if (form) form.requestSubmit();
    });
    if (body.dataset.mark) setInterval(async () => {
      if (document.hidden || event_in_field()) return;
      const headers = { "x-unattended": "1", "x-part": "1" };
      const answer = await fetch("/worklist/news", { headers }).catch(() => null);
      if (!answer || !answer.ok) return;
      const { mark } = await answer.json();
      if (mark === body.dataset.mark) return;
      const fresh = await fetch(location.href, { headers });
      if (!fresh.ok) return;
      const page = new DOMParser().parseFromString(await fresh.text(), "text/html");
      const focused = document.activeElement?.id;
      for (const part of ["#list", ".tabs"]) document.querySelector(part).replaceWith(page.querySelector(part));
      body.dataset.mark = page.body.dataset.mark;
      if (focused) document.getElementById(focused)?.focus();
    }, 10000);
    const event_in_field = () => document.activeElement && document.activeElement.closest("[data-filters]");
  }
}
