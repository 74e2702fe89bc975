// The contact strip: sheets by keyboard, in ranges; groups come as they are needed.
"use strict";

{
  const strip = document.getElementById("strip");
  const batch = `/worklist/batch/${document.body.dataset.batch}`;
  const assigning = document.getElementById("assigning");
  const closer = document.getElementById("closer");
  let at = Number(sessionStorage.getItem(batch)) || 1;
  let anchor = at;
  let choosing = false;

  const sheets = () => [...strip.querySelectorAll("[data-sheet]")];
  const sheet = (number) => document.getElementById(`s${number}`);
  const range = () => [Math.min(at, anchor), Math.max(at, anchor)];

  function mark() {
    const [first, last] = range();
    for (const own of sheets()) {
      const number = Number(own.dataset.sheet);
      own.setAttribute("aria-selected", String(number >= first && number <= last));
      own.classList.toggle("here", number === at);
    }
    const here = sheet(at);
    if (here) {
      strip.setAttribute("aria-activedescendant", here.id);
      here.scrollIntoView({ block: "nearest" });
    }
    const told = first === last ? `Sheet ${first}` : `Sheets ${first} to ${last}`;
    document.getElementById("chosen").textContent = told + (choosing ? ", choosing" : "");
    sessionStorage.setItem(batch, at);
  }

  async function load(group) {
    if (group.dataset.loaded === "yes") return;
    group.dataset.loaded = "yes";
    const answer = await fetch(`${batch}/sheets?from=${group.dataset.group}`, { headers: { "x-part": "1", "hx-current-url": location.href } }).catch(() => null);
    const to = answer?.headers.get("hx-redirect");
    if (to) return location.assign(to);
    if (!answer?.ok) { group.dataset.loaded = ""; group.textContent = "These sheets could not be shown. Load the page again."; return; }
    group.innerHTML = await answer.text();
    strip.setAttribute("aria-busy", "false");
    mark();
  }
  const near = new IntersectionObserver((seen) => { for (const entry of seen) if (entry.isIntersecting) load(entry.target); }, { rootMargin: "600px" });
  const groups = [...strip.querySelectorAll("[data-group]")];
  groups.forEach((group) => near.observe(group));
  const group_of = (number) => groups.filter((group) => Number(group.dataset.group) <= number).pop();
  const again = async (numbers) => {
    for (const group of new Set(numbers.map(group_of))) if (group) { group.dataset.loaded = ""; await load(group); }
  };

  // How many stand in a row, as they are laid out now.
  function row() {
    const here = sheet(at);
    if (!here) return 1;
    const same = [...here.parentElement.children].filter((own) => own.offsetTop === here.offsetTop);
    return Math.max(1, same.length);
  }

  async function move(to, keep) {
    const last = groups.length ? Number(groups[groups.length - 1].dataset.group) + 39 : 1;
    at = Math.max(1, Math.min(last, to));
    const group = group_of(at);
    if (group) await load(group);
    if (!sheet(at)) at = Number(sheets().pop()?.dataset.sheet || 1);
    if (!keep && !choosing) anchor = at;
    mark();
  }

  async function act(what, form) {
    try {
      const answer = await (await desk.post(`${batch}/${what}`, form)).json();
      if (answer.said) desk.say(answer.said);
      return answer;
    } catch (error) {
      desk.say(error.message, true);
      return null;
    }
  }

  async function file() {
    const [first, last] = range();
    const taken = await act("take", { first, last });
    if (!taken) return;
    choosing = false;
    const answer = await fetch(`/worklist/${taken.item}/form?${document.body.dataset.from}`, { headers: { "x-part": "1" } });
    if (!answer.ok) return desk.say(await answer.text(), true);
    document.getElementById("assigning-form").innerHTML = await answer.text();
    assigning.dataset.item = taken.item;
    assigning.showModal();
    assigning.querySelector("[name=number]")?.focus();
    again([first, last + 1]);
  }
  assigning.addEventListener("close", () => {
    if (assigning.dataset.item) desk.post(`/worklist/${assigning.dataset.item}/leave`).catch(() => {});
    document.getElementById("assigning-form").replaceChildren();
    strip.focus();
  });

  const keys = {
    ArrowRight: (event) => move(at + 1, event.shiftKey),
    ArrowLeft: (event) => move(at - 1, event.shiftKey),
    ArrowDown: (event) => move(at + row(), event.shiftKey),
    ArrowUp: (event) => move(at - row(), event.shiftKey),
    Home: (event) => move(1, event.shiftKey),
    " ": () => { choosing = !choosing; if (choosing) anchor = at; mark(); },
    Enter: file,
    c: async () => { if (await act("cut", { page: at })) await again([at - 1, at]); },
    j: async () => { if (await act("join", { page: at })) await again([at - 1, at]); },
    n: () => {
      const next = sheets().find((own) => Number(own.dataset.sheet) > at && own.dataset.held && own.classList.contains("begins"));
      if (next) move(Number(next.dataset.sheet)); else desk.say("Nothing more waits behind it.");
    },
    z: () => {
      const picture = sheet(at)?.dataset.picture;
      if (!picture) return;
      const large = document.getElementById("closer-picture");
      large.src = `${picture}/fit/1000`;
      large.alt = `Sheet ${at}`;
      closer.showModal();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || desk.typing(event) || event.target.closest("a, button, summary")) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(event); }
  });
  strip.addEventListener("click", (event) => {
    const own = event.target.closest("[data-sheet]");
    if (own) move(Number(own.dataset.sheet), event.shiftKey);
  });
  strip.addEventListener("dblclick", () => file());
  strip.focus();
  move(at);
}
