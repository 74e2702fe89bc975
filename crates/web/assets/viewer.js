// The page viewer: keys and buttons, the text beside the picture, boxes, thumbnails, wrong chart, print.
"use strict";

{
  const at = (id) => document.getElementById(id);
  const root = at("viewer");
  const { id, pages, find, hit_pages, withdrawn, sheet: first } = JSON.parse(root.dataset.opening);
  root.removeAttribute("data-opening");
  const stage = at("stage");
  const picture = new Picture(stage, root.dataset.worker);
  let now = null, hit = -1, wanted = 0, over = false;

  // Pages ------------------------------------------------------------------------------------------------

  const query = (more) => new URLSearchParams({ ...(find ? { find } : {}), ...more });

  /** Asks the desk for a part of this screen; what is hidden meanwhile ends the screen. */
  async function asked(path, headers = {}) {
    const answer = await fetch(path, { headers: { "x-part": "1", "hx-current-url": location.href, ...headers } });
    if (answer.headers.get("hx-redirect")) location.assign(answer.headers.get("hx-redirect"));
    if (answer.status === 404) gone("This is not here any more", "It was moved or hidden while you looked at it.");
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  }

  async function load(n, more = {}) {
    const sheet = await (await asked(`/page/${id}/${n}/sheet?${query(more)}`)).json();
    return { sheet, bitmap: await picture.small(sheet.picture) };
  }

  function put({ sheet, bitmap }) {
    now = sheet;
    hit = -1;
    picture.show(sheet, bitmap);
    at("loading").hidden = true;
    at("number").value = sheet.n;
    at("previous").disabled = sheet.n === 1;
    at("next").disabled = sheet.n === pages;
    stage.setAttribute("aria-label", `Picture of page ${sheet.n} of ${pages}. Arrow keys move it, plus and minus change its size.`);
    history.replaceState(null, "", `/page/${id}/${sheet.n}${find ? `?${query()}` : ""}`);
    mark(sheet.n);
    tell(sheet);
    boxes();
  }

  async function go(n) {
    if (over || n < 1 || n > pages) return;
    const mine = ++wanted;
    const slow = setTimeout(() => { at("loading").hidden = false; }, 150);
    try {
      const page = await load(n);
      if (mine !== wanted || over) return page.bitmap.close();
      put(page);
    } catch (error) {
      if (!over) desk.say(error.message, true);
    } finally {
      clearTimeout(slow);
    }
  }

  // Text, boxes, hits --------------------------------------------------------------------------------------

  function element(name, kind, text) {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function tell(sheet) {
    at("notes").replaceChildren(...sheet.notes.map((note) => element("p", "notice notice-warn", note)));
    at("lines").replaceChildren(...sheet.lines.map((line) => {
      const row = element("span", "text-line");
      line.words.forEach((word, number) => row.append(number ? " " : "", word.hit ? element("mark", "", word.text) : word.text));
      row.addEventListener("pointerenter", () => { boxes(line.place); });
      row.addEventListener("pointerleave", () => boxes());
      row.addEventListener("dblclick", () => picture.reveal(line.place));
      return row;
    }));
    const list = element("dl", "facts");
    for (const own of sheet.identifiers) list.append(element("dt", "", own.what), element("dd", "", own.contrary ? `${own.text} (against)` : own.text));
    at("identifiers").replaceChildren(...(sheet.identifiers.length ? [element("h2", "", "Read of whose it is"), list] : [element("p", "quiet", "Nothing on this page was taken as proof of whose it is.")]));
    at("hit-tools").hidden = !find;
    count();
  }

  function count() {
    const others = hit_pages.length > 1 ? `, ${hit_pages.length} pages` : "";
    at("hit-count").textContent = hit < 0 ? `${now.hits.length} ${now.hits.length === 1 ? "hit" : "hits"}${others}` : `${hit + 1} of ${now.hits.length}${others}`;
  }

  function rect([x, y, w, h], kind, grow = 0) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ x: x - grow, y: y - grow, width: w + 2 * grow, height: h + 2 * grow, class: kind })) made.setAttribute(name, value);
    return made;
  }

  function boxes(line) {
    const grow = Math.round((now.dpi || 200) / 50);
    at("frame").replaceChildren(
      ...now.hits.map((place, number) => rect(place, number === hit ? "hit current" : "hit", grow)),
      ...(at("show-identifiers").checked ? now.identifiers.map((own) => rect(own.place, own.contrary ? "identifier contrary" : "identifier", grow)) : []),
      ...(line ? [rect(line, "line", grow)] : []),
    );
  }

  async function toHit(by) {
    if (!find || !now) return;
    let next = hit < 0 && by < 0 ? -1 : hit + by;
    if (next < 0 || next >= now.hits.length) {
      const others = by > 0 ? [...hit_pages.filter((n) => n > now.n), ...hit_pages.filter((n) => n < now.n)] : [...hit_pages.filter((n) => n < now.n).reverse(), ...hit_pages.filter((n) => n > now.n).reverse()];
      if (others.length) await go(others[0]);
      next = by > 0 ? 0 : now.hits.length - 1;
    }
    if (!now.hits.length) return desk.say("There is no hit to go to.");
    hit = next;
    picture.reveal(now.hits[hit]);
    boxes();
    count();
  }

  async function copy() {
    if (!now) return;
    const text = now.lines.map((line) => line.words.map((word) => word.text).join(" ")).join("\n");
    if (!text) return desk.say("No text could be read on this page.");
    try {
      await navigator.clipboard.writeText(text);
      desk.say("The text of the page is copied.");
    } catch {
      getSelection().selectAllChildren(at("lines"));
      desk.say("Press Ctrl+C to copy the text that is marked.");
    }
  }

  // Thumbnails: asked for in groups as they come into view -------------------------------------------------

  const small = new Map([...at("thumbs").children].map((link) => [Number(link.dataset.n), link]));
  for (const n of hit_pages) small.get(n)?.classList.add("has-hit");
  const groups = new Set();
  const watch = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      const group = Math.floor((target.dataset.n - 1) / 12) * 12 + 1;
      if (!isIntersecting || groups.has(group) || over) continue;
      groups.add(group);
      asked(`/page/${id}/${group}/thumbnails`).then((answer) => answer.json()).then((found) => {
        for (const { n, picture: src } of found) {
          const image = new Image();
          image.alt = "";
          image.decoding = "async";
          image.src = `${src}/thumbnail`;
          small.get(n).firstElementChild.replaceChildren(image);
        }
      }).catch(() => groups.delete(group));
    }
  }, { root: at("thumbs") });
  for (const link of small.values()) watch.observe(link);

  function mark(n) {
    at("thumbs").querySelector("[aria-current]")?.removeAttribute("aria-current");
    small.get(n).setAttribute("aria-current", "page");
    small.get(n).scrollIntoView({ block: "nearest" });
  }

  at("thumbs").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave();
    go(Number(link.dataset.n));
  });

  // Turning through ----------------------------------------------------------------------------------------

  const turning = new Turning(id, pages, (n) => load(n, { turn: "1" }), put);

  function turn() {
    if (turning.on) return leave();
    if (!now) return;
    picture.fitted("whole");
    turning.start({ sheet: now });
    at("turn").setAttribute("aria-pressed", "true");
    at("turn").blur();
    desk.say("Space turns to the next page, shift and space back, t ends it. What you see is on record page by page.");
  }

  function leave() {
    if (turning.on) turning.stop();
    at("turn").setAttribute("aria-pressed", "false");
  }

  function step(by) {
    if (turning.on) turning.step(by).catch((error) => { if (!over) desk.say(error.message, true); });
    else if (now) go(now.n + by);
  }

  addEventListener("pagehide", () => turning.tell());

  // Wrong chart, who has seen it, print ----------------------------------------------------------------------

  /** Takes everything of the page off the screen. */
  function gone(title, why, item) {
    if (over) return;
    over = true;
    turning.on = false;
    picture.forget();
    now = null;
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    root.remove();
    at("paper").removeAttribute("src");
    at("gone-title").textContent = title;
    at("gone-why").textContent = why;
    if (item) {
      const link = element("a", "button", "What was reported");
      link.href = item;
      at("gone-ways").append(" ", link);
    }
    at("gone").hidden = false;
    at("gone").focus();
  }

  // What is hidden by somebody else vanishes here, too.
  setInterval(async () => {
    if (over || document.hidden) return;
    const answer = await asked(`/page/${id}/still`, { "x-unattended": "1" }).catch(() => null);
    if (answer?.status === 202 && !withdrawn) location.reload();
  }, 2000);

  at("report")?.addEventListener("click", report);
  at("report-not")?.addEventListener("click", () => at("report-dialog").close());
  at("report-form")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await (await desk.post(`/page/${id}/wrong-chart`, new FormData(event.target))).json();
      gone("Reported: it is out of the chart", answer.said, answer.item);
    } catch (error) {
      desk.say(error.message, true);
    }
  });

  function report() {
    if (!at("report")) return;
    leave();
    at("report-dialog").showModal();
  }

  at("ask-seen")?.addEventListener("click", async () => {
    try {
      at("seen-list").innerHTML = await (await asked(`/page/${id}/seen`)).text();
      at("seen-dialog").showModal();
    } catch (error) {
      if (!over) desk.say(error.message, true);
    }
  });

  async function print() {
    if (!at("print") || !now) return;
    try {
      const answer = await (await desk.post(`/page/${id}/print`, { n: now.n, sight: now.sight })).json();
      at("foot").textContent = answer.text;
      at("paper").src = `${now.picture}/view`;
      await at("paper").decode();
      document.body.classList.add("printing");
      window.print();
    } catch (error) {
      desk.say(error.message, true);
    }
  }

  addEventListener("afterprint", () => {
    document.body.classList.remove("printing");
    at("paper").removeAttribute("src");
  });

  // Buttons and keys -------------------------------------------------------------------------------------------

  const contrast = (value) => {
    at("contrast").value = value;
    picture.canvas.style.filter = at("contrast").value === "100" ? "" : `contrast(${at("contrast").value}%)`;
  };
  const toggle = (button, panel) => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-pressed", String(!panel.hidden));
  };
  const identifiers = () => {
    at("identifiers").hidden = !at("show-identifiers").checked;
    if (now) boxes();
  };
  const away = (to) => { leave(); go(to); };

  const buttons = {
    previous: () => step(-1), next: () => step(1),
    smaller: () => picture.zoom(1 / 1.25), larger: () => picture.zoom(1.25),
    whole: () => picture.fitted("whole"), wide: () => picture.fitted("wide"),
    "turn-left": () => picture.turn(-90), "turn-right": () => picture.turn(90),
    "hit-previous": () => toHit(-1), "hit-next": () => toHit(1),
    copy, print, turn, "show-text": () => toggle(at("show-text"), at("text")),
  };
  for (const [name, act] of Object.entries(buttons)) at(name)?.addEventListener("click", act);
  at("contrast").addEventListener("input", () => contrast(at("contrast").value));
  at("show-identifiers").addEventListener("change", identifiers);
  at("number").addEventListener("change", () => away(Number(at("number").value)));
  picture.moved = () => { at("zoom").textContent = `${Math.round(picture.view.scale * 100)} %`; };

  const arrow = (dx, dy) => {
    const [wide, tall] = picture.larger();
    if (dx && !wide) return dx < 0 ? step(1) : step(-1);
    if (dy && !tall) return null;
    return picture.pan(dx, dy);
  };
  const keys = {
    PageDown: () => step(1), PageUp: () => step(-1), Home: () => away(1), End: () => away(pages),
    "+": buttons.larger, "=": buttons.larger, "-": buttons.smaller, 0: buttons.whole, 2: buttons.wide,
    1: () => picture.zoom(1 / (picture.view.scale * devicePixelRatio)),
    ArrowLeft: () => arrow(80, 0), ArrowRight: () => arrow(-80, 0), ArrowUp: () => arrow(0, 80), ArrowDown: () => arrow(0, -80),
    r: () => picture.turn(90), R: () => picture.turn(-90),
    ",": () => contrast(Number(at("contrast").value) - 20), ".": () => contrast(Number(at("contrast").value) + 20),
    n: () => toHit(1), "]": () => toHit(1), p: () => toHit(-1), "[": () => toHit(-1),
    i: () => { at("show-identifiers").checked = !at("show-identifiers").checked; identifiers(); },
    x: buttons["show-text"], y: copy, P: print, t: turn, w: report,
    g: () => { at("number").focus(); at("number").select(); },
  };
  document.addEventListener("keydown", (event) => {
    if (over || desk.typing(event) || document.querySelector("dialog[open]")) return;
    // A button that has the focus is pressed with the space bar.
    if (event.key === " " && (turning.on || !event.target.closest("button, a, summary, input"))) {
      event.preventDefault();
      return step(event.shiftKey ? -1 : 1);
    }
    const act = keys[event.key];
    if (!act || event.target.closest("[type=range]") && /^Arrow|^Page|^Home|^End/.test(event.key)) return;
    event.preventDefault();
    act();
  });

  picture.resized();
  picture.small(first.picture).then((bitmap) => put({ sheet: first, bitmap })).catch((error) => {
    at("loading").textContent = "This page has no picture.";
    now = first;
    tell(first);
    desk.say(error.message, true);
  });
  // For whoever measures how smooth it is.
  root.picture = picture;
}
