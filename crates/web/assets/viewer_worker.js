// Fetches and decodes page pictures away from the thread that moves them, and cuts the whole one into tiles.
"use strict";

const TILE = 1024;
let levels = [];
let opened = 0;

async function fetched(src) {
  const answer = await fetch(src, { headers: { "x-part": "1" } });
  if (!answer.ok) throw new Error(answer.status === 404 ? "gone" : await answer.text());
  return createImageBitmap(await answer.blob());
}

const jobs = {
  /** A small picture, whole. */
  async fit({ src }) {
    const bitmap = await fetched(src);
    return [{ bitmap }, [bitmap]];
  },

  /** The whole picture, and halves of it down to what the small one shows. */
  async open({ src, number, least }) {
    opened = number;
    for (const level of levels) level.close();
    levels = [];
    let bitmap = await fetched(src);
    const made = [bitmap];
    while (bitmap.width / 2 > least) {
      bitmap = await createImageBitmap(bitmap, { resizeWidth: Math.round(bitmap.width / 2), resizeHeight: Math.round(bitmap.height / 2), resizeQuality: "medium" });
      made.push(bitmap);
    }
    if (opened !== number) {
      for (const level of made) level.close();
      throw new Error("another page");
    }
    levels = made;
    return [{ sizes: made.map((level) => [level.width, level.height]) }, []];
  },

  /** A part of it. */
  async tile({ number, level, x, y }) {
    const from = levels[level];
    if (opened !== number || !from) throw new Error("another page");
    const left = x * TILE, top = y * TILE;
    const bitmap = await createImageBitmap(from, left, top, Math.min(TILE, from.width - left), Math.min(TILE, from.height - top));
    return [{ bitmap }, [bitmap]];
  },

  async close() {
    opened = 0;
    for (const level of levels) level.close();
    levels = [];
    return [{}, []];
  },
};

onmessage = async ({ data }) => {
  try {
    const [done, moved] = await jobs[data.job](data);
    postMessage({ ...done, ask: data.ask }, moved);
  } catch (error) {
    postMessage({ ask: data.ask, fault: error.message });
  }
};
