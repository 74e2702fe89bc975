// A page picture that is moved, turned and magnified smoothly: first a small picture, then tiles of the whole one.
// Places are pixels of the upright frame; `view` maps them to the stage: turn, scale, shift.
"use strict";

class Picture {
  static TILE = 1024;
  /** Tiles that are kept, 4 MB each. */
  static KEPT = 60;

  constructor(stage, worker) {
    this.stage = stage;
    this.canvas = stage.querySelector("canvas");
    this.frame = stage.querySelector("g");
    this.pen = this.canvas.getContext("2d");
    this.worker = new Worker(worker);
    this.asks = new Map();
    this.asked = 0;
    this.worker.onmessage = ({ data }) => {
      const { done, failed } = this.asks.get(data.ask);
      this.asks.delete(data.ask);
      if (data.fault) failed(new Error(data.fault)); else done(data);
    };
    this.view = { x: 0, y: 0, scale: 1, turn: 0 };
    this.width = 0;
    this.height = 0;
    this.tiles = new Map();
    this.sizes = [];
    this.number = 0;
    this.fit = "whole";
    this.times = [];
    this.moved = () => {};
    new ResizeObserver(() => this.resized()).observe(stage);
    this.listen();
  }

  ask(job, what) {
    const ask = ++this.asked;
    return new Promise((done, failed) => {
      this.asks.set(ask, { done, failed });
      this.worker.postMessage({ job, ask, ...what });
    });
  }

  /** Pixels that a small picture should be wide. */
  wanted() {
    return Math.min(2400, Math.max(400, Math.ceil(this.stage.clientWidth * devicePixelRatio / 100) * 100));
  }

  /** A small picture, decoded. */
  async small(src) {
    return (await this.ask("fit", { src: `${src}/fit/${this.wanted()}` })).bitmap;
  }

  /** Shows a page; `bitmap` is its small picture. Size and place stay where the last page had them magnified. */
  show(sheet, bitmap) {
    this.clear();
    this.bitmap = bitmap;
    this.src = sheet.picture;
    this.width = sheet.width || bitmap.width;
    this.height = sheet.height || bitmap.height;
    this.number += 1;
    if (this.fit) this.fitted(this.fit); else this.bounded();
    this.draw();
  }

  clear() {
    if (this.bitmap) this.bitmap.close();
    this.bitmap = null;
    for (const tile of this.tiles.values()) if (tile.close) tile.close();
    this.tiles.clear();
    this.sizes = [];
    this.opening = null;
    this.width = 0;
    this.frame.replaceChildren();
    this.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Nothing of it stays in memory. */
  forget() {
    this.clear();
    this.worker.terminate();
  }

  /** Width and height as turned. */
  turned() {
    return this.view.turn % 180 ? [this.height, this.width] : [this.width, this.height];
  }

  fitted(how) {
    const [width, height] = this.turned();
    const room = [this.stage.clientWidth - 16, this.stage.clientHeight - 16];
    this.fit = how;
    this.view.scale = how === "wide" ? room[0] / width : Math.min(room[0] / width, room[1] / height);
    this.view.x = (this.stage.clientWidth - width * this.view.scale) / 2;
    this.view.y = how === "wide" ? 8 : (this.stage.clientHeight - height * this.view.scale) / 2;
    this.bounded();
    this.draw();
  }

  /** Magnifies around a point of the stage: where the pointer is, or the middle. */
  zoom(by, x = this.pointer?.[0] ?? this.stage.clientWidth / 2, y = this.pointer?.[1] ?? this.stage.clientHeight / 2) {
    const least = Math.min(60 / this.width, 1), scale = Math.min(8, Math.max(least, this.view.scale * by));
    const real = scale / this.view.scale;
    this.fit = null;
    this.view.x = x - (x - this.view.x) * real;
    this.view.y = y - (y - this.view.y) * real;
    this.view.scale = scale;
    this.bounded();
    this.draw();
  }

  pan(dx, dy) {
    this.fit = null;
    this.view.x += dx;
    this.view.y += dy;
    this.bounded();
    this.draw();
  }

  turn(by) {
    this.view.turn = (this.view.turn + by + 360) % 360;
    this.fitted(this.fit || "whole");
  }

  /** Whether the page is larger than the room, across and down. */
  larger() {
    const [width, height] = this.turned();
    return [width * this.view.scale > this.stage.clientWidth, height * this.view.scale > this.stage.clientHeight];
  }

  /** A page never leaves the stage, and stands in the middle where it is smaller. */
  bounded() {
    const [width, height] = this.turned();
    const one = (at, size, room) => size <= room ? (room - size) / 2 : Math.min(24, Math.max(room - size - 24, at));
    this.view.x = one(this.view.x, width * this.view.scale, this.stage.clientWidth);
    this.view.y = one(this.view.y, height * this.view.scale, this.stage.clientHeight);
  }

  /** Brings a place of the page into view, large enough to be read. */
  reveal([x, y, w, h]) {
    const least = Math.max(this.view.scale, Math.min(1.2, 26 / Math.max(h, 8)));
    if (least > this.view.scale * 1.02) { this.view.scale = least; this.fit = null; }
    const [px, py] = this.onStage(x + w / 2, y + h / 2);
    const mx = this.stage.clientWidth, my = this.stage.clientHeight;
    if (px < mx * .1 || px > mx * .9 || py < my * .1 || py > my * .9) {
      this.view.x += mx / 2 - px;
      this.view.y += my / 2 - py;
      if (this.fit) this.fit = null;
    }
    this.bounded();
    this.draw();
  }

  matrix() {
    const { x, y, scale, turn } = this.view;
    if (turn === 90) return [0, scale, -scale, 0, x + this.height * scale, y];
    if (turn === 180) return [-scale, 0, 0, -scale, x + this.width * scale, y + this.height * scale];
    if (turn === 270) return [0, -scale, scale, 0, x, y + this.width * scale];
    return [scale, 0, 0, scale, x, y];
  }

  onStage(x, y) {
    const [a, b, c, d, e, f] = this.matrix();
    return [a * x + c * y + e, b * x + d * y + f];
  }

  /** The part of the page that is in view: left, top, right, bottom. */
  inView() {
    const [a, b, c, d, e, f] = this.matrix(), area = a * d - b * c;
    const back = (x, y) => [(d * (x - e) - c * (y - f)) / area, (a * (y - f) - b * (x - e)) / area];
    const [x1, y1] = back(0, 0), [x2, y2] = back(this.stage.clientWidth, this.stage.clientHeight);
    return [Math.max(0, Math.min(x1, x2)), Math.max(0, Math.min(y1, y2)), Math.min(this.width, Math.max(x1, x2)), Math.min(this.height, Math.max(y1, y2))];
  }

  draw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.drawn();
    });
  }

  drawn() {
    if (!this.bitmap) return;
    const began = performance.now(), pen = this.pen, ratio = devicePixelRatio;
    const [a, b, c, d, e, f] = this.matrix();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = getComputedStyle(this.stage).backgroundColor;
    pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    pen.setTransform(a * ratio, b * ratio, c * ratio, d * ratio, e * ratio, f * ratio);
    const dots = this.view.scale * ratio;
    pen.imageSmoothingEnabled = dots < 3;
    const [left, top, right, bottom] = this.inView();
    // Only the part in view, so that a frame costs what the screen has pixels.
    const part = (bitmap, sx, sy, sw, sh) => {
      const x = Math.max(left, sx), y = Math.max(top, sy), w = Math.min(right, sx + sw) - x, h = Math.min(bottom, sy + sh) - y;
      const kx = bitmap.width / sw, ky = bitmap.height / sh;
      if (w > 0 && h > 0) pen.drawImage(bitmap, (x - sx) * kx, (y - sy) * ky, w * kx, h * ky, x, y, w, h);
    };
    part(this.bitmap, 0, 0, this.width, this.height);
    if (dots > this.bitmap.width / this.width * 1.05 && this.bitmap.width < this.width) this.fine(dots, [left, top, right, bottom], part);
    this.frame.setAttribute("transform", `matrix(${a} ${b} ${c} ${d} ${e} ${f})`);
    this.times.push(performance.now() - began);
    if (this.times.length > 600) this.times.shift();
    this.moved();
  }

  /** Tiles of the coarsest level that has a pixel for every dot. */
  fine(dots, [left, top, right, bottom], part) {
    if (!this.sizes.length) return this.open();
    let level = 0;
    while (level + 1 < this.sizes.length && this.sizes[level + 1][0] / this.width >= dots) level += 1;
    const [width, height] = this.sizes[level], kx = width / this.width, ky = height / this.height, tile = Picture.TILE;
    for (let y = Math.floor(top * ky / tile); y * tile < Math.min(height, bottom * ky); y += 1) {
      for (let x = Math.floor(left * kx / tile); x * tile < Math.min(width, right * kx); x += 1) {
        const own = this.tiles.get(`${level}/${x}/${y}`);
        if (!own) this.load(level, x, y);
        else if (own.width) part(own, x * tile / kx, y * tile / ky, own.width / kx, own.height / ky);
      }
    }
  }

  open() {
    if (this.opening) return;
    const number = this.number;
    this.opening = this.ask("open", { src: `${this.src}/view`, number, least: this.bitmap.width }).then(({ sizes }) => {
      if (number !== this.number) return;
      this.sizes = sizes;
      this.draw();
    }).catch(() => {});
  }

  load(level, x, y) {
    const key = `${level}/${x}/${y}`, number = this.number;
    this.tiles.set(key, {});
    this.ask("tile", { number, level, x, y }).then(({ bitmap }) => {
      if (number !== this.number) return bitmap.close();
      this.tiles.delete(key);
      this.tiles.set(key, bitmap);
      for (const [old, tile] of this.tiles) {
        if (this.tiles.size <= Picture.KEPT) break;
        if (tile.close) { tile.close(); this.tiles.delete(old); }
      }
      this.draw();
    }).catch(() => this.tiles.delete(key));
  }

  resized() {
    this.canvas.width = Math.max(1, this.stage.clientWidth * devicePixelRatio);
    this.canvas.height = Math.max(1, this.stage.clientHeight * devicePixelRatio);
    if (!this.width) return;
    if (this.fit) this.fitted(this.fit); else { this.bounded(); this.drawn(); }
  }

  /** Wheel and drag. */
  listen() {
    const stage = this.stage;
    stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = stage.getBoundingClientRect();
      if (this.width) this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? .03 : .0016)), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    stage.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      stage.setPointerCapture(event.pointerId);
      stage.classList.add("dragging");
      this.grip = [event.clientX, event.clientY];
    });
    stage.addEventListener("pointerleave", () => { this.pointer = null; });
    stage.addEventListener("pointermove", (event) => {
      const box = stage.getBoundingClientRect();
      this.pointer = [event.clientX - box.left, event.clientY - box.top];
      if (!this.grip || !this.width) return;
      this.pan(event.clientX - this.grip[0], event.clientY - this.grip[1]);
      this.grip = [event.clientX, event.clientY];
    });
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => { this.grip = null; stage.classList.remove("dragging"); });
  }
}
