// Turning through all pages with the space bar, three a second: the next ones are fetched ahead, and each is on record
// before it comes. Which ones really stood on the screen is told to the desk as well.
"use strict";

class Turning {
  /** Pages that are fetched ahead. */
  static AHEAD = 6;
  /** Shortest time a page stands, milliseconds: held down, the space bar turns three pages a second. */
  static STANDS = 320;

  /** `load(n)` answers a page that `show(page)` puts on the screen. */
  constructor(id, pages, load, show) {
    Object.assign(this, { id, pages, load, show, on: false, ahead: new Map(), seen: [], shown: 0 });
  }

  start(page) {
    this.on = true;
    this.n = page.sheet.n;
    this.note(page);
    this.fill();
  }

  stop() {
    this.on = false;
    for (const entry of this.ahead.values()) entry.then((page) => page.bitmap.close()).catch(() => {});
    this.ahead.clear();
    this.tell();
  }

  note(page) {
    this.shown = performance.now();
    this.seen.push(`${page.sheet.n}:${page.sheet.sight}`);
    if (this.seen.length >= 20) this.tell();
  }

  /** Tells the desk what stood on the screen; also when the screen is left. */
  tell() {
    if (!this.seen.length) return;
    const pages = this.seen.splice(0).join(" ");
    fetch(`/page/${this.id}/turned`, { method: "POST", keepalive: true, body: new URLSearchParams({ pages }), headers: { "x-csrf": document.body.dataset.csrf, "x-part": "1" } }).catch(() => {});
  }

  fill() {
    for (const n of this.ahead.keys()) if (n <= this.n || n > this.n + Turning.AHEAD) this.ahead.delete(n);
    for (let n = this.n + 1; n <= Math.min(this.pages, this.n + Turning.AHEAD); n += 1) if (!this.ahead.has(n)) this.fetch(n);
  }

  fetch(n) {
    const entry = this.load(n);
    entry.catch(() => {});
    this.ahead.set(n, entry);
    return entry;
  }

  /** One page on or back; a press while one is awaited counts once. */
  async step(by) {
    if (this.busy) { this.next = by; return; }
    this.busy = true;
    this.next = by;
    try {
      while (this.next && this.on) {
        const to = this.n + this.next;
        this.next = 0;
        if (to < 1 || to > this.pages) break;
        const page = await (this.ahead.get(to) || this.fetch(to));
        const rest = this.shown + Turning.STANDS - performance.now();
        if (rest > 0) await new Promise((done) => setTimeout(done, rest));
        if (!this.on) return page.bitmap.close();
        this.n = to;
        this.ahead.delete(to);
        this.show(page);
        this.note(page);
        this.fill();
      }
    } finally {
      this.busy = false;
    }
  }
}
