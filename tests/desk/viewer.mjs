// A page at work: from the shelf to the chart to the page, large and small, by keys alone; and what is nobody's business.
import { accessible, check, desk, eventually, picture, scenario, signedIn } from "./harness.mjs";

/** Until the page stands on the screen. */
export async function shown(page) {
  await page.waitForFunction(() => document.getElementById("viewer")?.picture?.bitmap && document.getElementById("loading").hidden);
}

const number = (page) => page.inputValue("#number");
const zoom = async (page) => parseInt(await page.textContent("#zoom"), 10);

await scenario(async () => {
  const lopez = await signedIn("lopez");

  // By the last digits of the number, as the paper stood on its shelf.
  await lopez.goto(`${desk.url}/charts`);
  await accessible(lopez);
  await lopez.fill("[name=digits]", "46-30");
  await lopez.press("[name=digits]", "Enter");
  await accessible(lopez);
  await picture(lopez, "shelf");
  await lopez.click("text=10593046");
  await lopez.waitForURL("**/chart/*");
  check((await lopez.textContent("h1")) === "LINDQVIST, HAROLD J", "the chart says whose it is");
  check((await lopez.title()) === "Chart · Chartroom", "no title names a patient");
  await accessible(lopez);
  await picture(lopez, "chart");
  const chart = new URL(lopez.url()).pathname.split("/")[2];
  await lopez.click("text=By date");
  check(lopez.url().endsWith("?by=date"), "the chart can be had by date");
  await picture(lopez, "chart-by-date");
  await lopez.goto(`${desk.url}/chart/${chart}`);
  check((await lopez.textContent(".chart-documents h3")).startsWith("20"), "and stays so");

  const all = await lopez.locator(".chart-documents tbody tr").evaluateAll((rows) => rows.map((row) => [row.querySelector("a").getAttribute("href"), parseInt(row.querySelector(".number").textContent, 10)]));
  const [longest, pages] = all.reduce((a, b) => (b[1] > a[1] ? b : a));
  await lopez.goto(desk.url + longest);
  await shown(lopez);
  await accessible(lopez);
  await picture(lopez, "viewer");
  check((await lopez.locator(".text-line").count()) > 3, "the text stands beside the picture");

  // Everything by keys.
  const small = await zoom(lopez);
  await lopez.keyboard.press("+");
  await eventually("plus makes it larger", async () => (await zoom(lopez)) > small);
  await lopez.keyboard.press("1");
  await eventually("1 shows every pixel", async () => (await zoom(lopez)) === 100);
  await lopez.waitForFunction(() => [...document.getElementById("viewer").picture.tiles.values()].some((tile) => tile.width));
  await picture(lopez, "viewer-every-pixel");
  await lopez.keyboard.press("ArrowDown");
  await lopez.keyboard.press("0");
  await eventually("0 shows the whole page", async () => (await zoom(lopez)) === small);
  await lopez.keyboard.press("r");
  check((await lopez.evaluate(() => document.getElementById("viewer").picture.view.turn)) === 90, "r turns it right");
  await picture(lopez, "viewer-turned");
  await lopez.keyboard.press("R");
  check((await lopez.evaluate(() => document.getElementById("viewer").picture.view.turn)) === 0, "R turns it back");
  await lopez.keyboard.press("i");
  await eventually("i boxes what was read of whose it is", async () => (await lopez.locator("#frame .identifier").count()) > 0);
  await picture(lopez, "viewer-identifiers");
  await lopez.keyboard.press(".");
  check((await lopez.inputValue("#contrast")) === "120", "a point raises the contrast");
  await lopez.keyboard.press("x");
  check(await lopez.isHidden("#text"), "x hides the text");
  await lopez.keyboard.press("x");
  if (pages > 1) {
    await lopez.keyboard.press("PageDown");
    await eventually("PageDown is the next page", async () => (await number(lopez)) === "2");
    check(new URL(lopez.url()).pathname.endsWith("/2"), "the address says which page");
    await lopez.keyboard.press("End");
    await eventually("End is the last", async () => (await number(lopez)) === String(pages));
    await lopez.keyboard.press("Home");
    await eventually("Home is the first", async () => (await number(lopez)) === "1");
    await eventually("small pictures stand at the side", async () => (await lopez.locator("#thumbs img").count()) > 1);
  }
  await lopez.hover(".text-line >> nth=2");
  check((await lopez.locator("#frame .line").count()) === 1, "a line of the text shows where it stands");

  // Turning through: each page that stood there is on record.
  if (pages > 1) {
    await lopez.keyboard.press("t");
    const turns = Math.min(6, pages - 1);
    for (let turn = 0; turn < turns; turn += 1) {
      await lopez.keyboard.press("Space");
      await eventually("space turns to the next page", async () => (await number(lopez)) === String(turn + 2));
    }
    await lopez.keyboard.press("Shift+Space");
    await eventually("shift and space turn back", async () => (await number(lopez)) === String(turns));
    await lopez.keyboard.press("t");
  }
  /** What the list of looks says. */
  async function looks() {
    await lopez.click("#ask-seen");
    await lopez.waitForSelector("#seen-dialog[open]");
    return lopez.textContent("#seen-list");
  }
  await eventually("the turn is on record", async () => {
    const told = await looks();
    await lopez.keyboard.press("Escape");
    await lopez.waitForSelector("#seen-dialog", { state: "hidden" });
    return told.includes("clerk:lopez") && (pages === 1 || told.includes("page-turn"));
  });
  await looks();
  await accessible(lopez);
  await picture(lopez, "who-has-seen-it");
  await lopez.keyboard.press("Escape");

  // On paper only by the button, which puts it on record first.
  await lopez.evaluate(() => { window.print = () => { window.printed = [document.body.className, document.getElementById("foot").textContent, document.getElementById("paper").naturalWidth]; }; });
  await lopez.keyboard.press("P");
  await lopez.waitForFunction(() => window.printed);
  const [how, foot, wide] = await lopez.evaluate(() => window.printed);
  check(how.includes("printing") && foot.includes("page 1 of") && foot.includes("printed by lopez") && wide > 1000, "the paper says what it is and who printed it");
  await lopez.emulateMedia({ media: "print" });
  check((await lopez.isHidden("#viewer")) && (await lopez.isVisible("#paper")), "the picture alone is printed");
  await picture(lopez, "on-paper");
  await lopez.evaluate(() => dispatchEvent(new Event("afterprint")));
  check(await lopez.isHidden("#paper"), "without the button nothing is");
  await lopez.emulateMedia({ media: "screen" });
  check((await looks()).includes("print"), "and it is on record");
  await lopez.keyboard.press("Escape");

  await lopez.setViewportSize({ width: 1366, height: 340 });
  check(await lopez.evaluate(() => document.getElementById("stage").getBoundingClientRect().bottom <= innerHeight && scrollY === 0), "many small pictures push nothing off the screen");
  await lopez.setViewportSize({ width: 1366, height: 768 });

  const dark = await signedIn("lopez", { dark: true });
  await dark.goto(desk.url + longest);
  await shown(dark);
  await accessible(dark);
  await picture(dark, "viewer-dark");

  // What is not there and what is not for somebody look the same, byte for byte.
  const reed = await signedIn("reed");
  const real = new URL(lopez.url()).pathname.split("/")[2];
  const path = await lopez.evaluate(() => document.getElementById("viewer").picture.src);
  check((await lopez.request.get(`${desk.url}${path}/view`)).status() === 200, "a picture is there for who was shown its page");
  const hostile = [
    "/page/d00000000000000000000000000/1", `/page/${real}/0`, `/page/${real}/${pages + 1}`, `/page/${real}/-1`, `/page/${real}/99999999999`, `/page/${real}/one`, "/page/x/1", "/page/%2e%2e/1", "/page/b00000000000000000000000000/1",
    `/page/${real.toUpperCase()}/1`, `/page/${real}/1/sheet/x`, `/page/${real}x/1`, "/page/'%20or%201=1--/1", `/page/${real}/${pages + 1}/thumbnails`, `/page/${real}/seen`, "/chart/00000000-0000-0000-0000-000000000000", "/chart/1", "/chart/10593046", "/chart/%00",
    `${path}/view`, "/picture/1/b0/1/view",
  ];
  for (const address of [`/api/v1/documents/${real}x`, "/api/v1/documents/d00000000000000000000000000", "/api/v1/charts/1", "/api/v1/charts/00000000-0000-0000-0000-000000000000"]) {
    const answer = await reed.request.get(desk.url + address);
    check(answer.status() === 404 && Object.keys(await answer.json()).join() === "error", `${address} is not there for programs either`);
  }
  const whole = await (await reed.request.get(`${desk.url}/api/v1/documents/${real}`)).json();
  check(whole.document === real && whole.evidence.length > 2 && whole.pages.length === pages, "programs get a document whole");
  const filed = await (await reed.request.get(`${desk.url}/api/v1/charts/${chart}`)).json();
  check(filed.documents.some((one) => one.document === real), "and what is in a chart");
  const told = new Set();
  for (const address of hostile) {
    const answer = await reed.request.get(desk.url + address);
    check(answer.status() === 404, `${address} is not there, but ${answer.status()}`);
    told.add(await answer.text());
  }
  check(told.size === 1, "what is not there says nothing of why");
  const scan = await signedIn("scan");
  for (const address of [longest, new URL(lopez.url()).pathname, "/charts"]) {
    const answer = await scan.request.get(desk.url + address);
    check(answer.status() === 404 && told.has(await answer.text()), "who feeds the scanners sees no chart");
  }
});
