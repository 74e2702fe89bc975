// A browser at the desk of one running Chartroom. What it is comes from tests/desk.rs in DESK.
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
export const desk = JSON.parse(process.env.DESK);
const PASSWORD = "copper violin sandbar";

let browser;
const complaints = [];

/** Runs a scenario; a failure names the step and keeps a picture. */
export async function scenario(steps) {
  const executablePath = process.env.CHROME || "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    await steps();
    if (complaints.length) throw new Error(`the browser complained: ${complaints.join("; ")}`);
  } catch (error) {
    for (const context of browser.contexts()) for (const page of context.pages()) await picture(page, "failed");
    throw error;
  } finally {
    await browser.close();
  }
}

/** A browser of its own, signed in: the first time through the link that the account was given. */
export async function signedIn(name, options = {}) {
  const page = await fresh(options);
  const link = desk.links[name];
  if (link) {
    desk.links[name] = null;
    await page.goto(desk.url + link);
    await page.fill("[name=password]", PASSWORD);
    await page.fill("[name=again]", PASSWORD);
    await page.click("button");
    await page.waitForURL("**/sign-in");
  } else {
    await page.goto(`${desk.url}/sign-in`);
  }
  await signIn(page, name);
  return page;
}

/** A browser of its own, nobody signed in. */
export async function fresh({ dark = false } = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, colorScheme: dark ? "dark" : "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error" && /Content Security Policy|Uncaught/.test(line.text())) complaints.push(line.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(desk.url) && !/^(data|blob):/.test(request.url())) complaints.push(`asked elsewhere: ${request.url()}`);
  });
  return page;
}

export async function signIn(page, name, password = PASSWORD) {
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", password);
  await page.click("button");
}

export function check(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
}

/** Waits until it is so. */
export async function eventually(what, holds, seconds = 30) {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    if (await holds()) return;
    if (Date.now() > until) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** No serious violation of WCAG 2.2 AA on what is shown now. */
export async function accessible(page) {
  // Through the debugger, which no content policy of the page stops.
  await page.evaluate(await readFile(require.resolve("axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
  const serious = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
  const told = serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(", ")}`);
  check(told.length === 0, `axe finds nothing serious at ${new URL(page.url()).pathname.split("/")[1] || "the start"}, but ${told.join("; ")}`);
}

/** A picture of the screen, where DESK_SCREENS names a folder. */
export async function picture(page, name) {
  const folder = process.env.DESK_SCREENS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${desk.scenario}-${name}.png` }).catch(() => {});
}
