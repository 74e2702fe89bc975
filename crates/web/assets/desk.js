// What every screen does: carry the session's token, say what went wrong, sign off who is away, common keys.
"use strict";

const desk = {
  /** Says something for a few seconds; what went wrong stays until it is clicked. */
  say(text, bad = false) {
    const line = document.createElement("div");
    line.className = bad ? "said said-bad" : "said";
    line.textContent = text;
    line.addEventListener("click", () => line.remove());
    document.getElementById("said").append(line);
    if (!bad) setTimeout(() => line.remove(), 4000);
  },

  /** Posts to the desk with the session's token; `form` is an object or FormData. */
  async post(to, form) {
    const body = form instanceof FormData ? new URLSearchParams(form) : new URLSearchParams(Object.entries(form || {}));
    const answer = await fetch(to, { method: "POST", body, headers: { "x-csrf": document.body.dataset.csrf, "x-part": "1", "hx-current-url": location.href } });
    const to_sign_in = answer.headers.get("hx-redirect");
    if (to_sign_in) location.assign(to_sign_in);
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  },

  /** Whether a key is meant for a field, not for the screen. */
  typing(event) {
    const at = event.target;
    return event.ctrlKey || event.metaKey || event.altKey || at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && !/^(checkbox|radio|button|submit)$/.test(at.type);
  },
};
window.desk = desk;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["x-csrf"] = document.body.dataset.csrf;
  if (event.detail.elt.closest("[data-unattended]")) event.detail.headers["x-unattended"] = "1";
});
document.addEventListener("htmx:responseError", (event) => desk.say(event.detail.xhr.responseText || "That did not work.", true));
document.addEventListener("htmx:sendError", () => desk.say("The desk does not answer. Is the network there?", true));

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.querySelector(opener.dataset.open).showModal();
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (desk.typing(event)) return;
  if (event.key === "?") { event.preventDefault(); document.getElementById("keys").showModal(); }
  if (event.key === "/") {
    const box = document.querySelector("[data-search-box]");
    event.preventDefault();
    if (box) { box.focus(); box.select(); } else location.assign("/");
  }
});

// Away for too long: nothing of a patient stays on the screen. The same place comes back after signing in.
{
  const idle = Number(document.body.dataset.idleS) * 1000;
  let seen = Date.now();
  for (const sign of ["keydown", "pointerdown", "pointermove", "wheel"]) document.addEventListener(sign, () => { seen = Date.now(); }, { passive: true, capture: true });
  let told = Date.now();
  setInterval(async () => {
    const away = Date.now() - seen;
    if (away >= idle) {
      const veil = document.createElement("div");
      veil.className = "veil";
      document.body.append(veil);
      const back = location.pathname + location.search;
      await desk.post("/sign-off", { idle: "true", back }).catch(() => {});
      location.assign("/sign-in?" + new URLSearchParams({ back, idle: "true" }));
    } else if (away < 60000 && Date.now() - told > idle / 3) {
      // Reading and scrolling are signs of life that the server does not see.
      told = Date.now();
      fetch("/alive", { headers: { "x-part": "1" } }).catch(() => {});
    }
  }, 1000);
}

// A link that somebody else opens needs the whole address.
for (const field of document.querySelectorAll("[data-whole-address]")) {
  field.value = location.origin + field.value;
  field.addEventListener("focus", () => field.select());
}
