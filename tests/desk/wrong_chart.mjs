// A page in the wrong chart: reported with one key, it is gone from every screen at once.
import { accessible, check, desk, eventually, picture, scenario, signedIn } from "./harness.mjs";

const shown = (page) => page.waitForFunction(() => document.getElementById("viewer")?.picture?.bitmap);

/** The chart of a number, and the first of its documents. */
async function firstDocument(page, digits, number) {
  await page.goto(`${desk.url}/charts?digits=${digits}`);
  await page.click(`text=${number}`);
  await page.waitForURL("**/chart/*");
  const chart = page.url();
  return [chart, desk.url + (await page.locator(".chart-documents tbody a").first().getAttribute("href"))];
}

await scenario(async () => {
  const lopez = await signedIn("lopez"), reed = await signedIn("reed");
  const [chart, first] = await firstDocument(lopez, "15-20", "11362015");
  await reed.goto(first);
  await shown(reed);
  await reed.keyboard.press("1");
  const path = await reed.evaluate(() => document.getElementById("viewer").picture.src);
  check((await reed.request.get(`${desk.url}${path}/view`)).status() === 200, "the clinician sees the page");

  await lopez.goto(first);
  await shown(lopez);
  await lopez.keyboard.press("w");
  await accessible(lopez);
  await picture(lopez, "asks-why");
  await lopez.click("#report-form .button-main");
  check(await lopez.isVisible("#report-dialog"), "without a reason nothing happens");
  await lopez.fill("#report-form [name=reason]", "the name on the page is another");
  await lopez.click("#report-form .button-main");
  await lopez.waitForSelector("#gone:not([hidden])");
  await picture(lopez, "reported");
  await accessible(lopez);
  check(!(await lopez.locator("canvas").count()), "nothing of the page is left on the screen of who reported it");

  await reed.waitForSelector("#gone:not([hidden])", { timeout: 5000 });
  check(!(await reed.locator("canvas").count()), "nor on anybody else's");
  await picture(reed, "vanished");
  check((await reed.request.get(`${desk.url}${path}/view`)).status() === 404, "a picture that was seen before is given no more");
  check((await reed.goto(first)).status() === 404, "the page is not there any more");
  await reed.goto(chart);
  check(!(await reed.content()).includes(new URL(first).pathname), "nor is it in the chart");
  check(!(await reed.content()).includes("wrong chart"), "and who only reads is not told");

  // Who finds its chart goes on seeing it, and is told who else did.
  await lopez.click("#gone-ways a:last-child");
  await shown(lopez);
  const banner = await lopez.textContent(".viewer-banner");
  check(banner.includes("clerk:lopez: the name on the page is another"), "the banner says who reported it and why");
  check(banner.includes("clerk:reed"), "and who has seen it");
  check((await lopez.locator("#report").count()) === 0, "it is not reported twice");
  await lopez.click(".viewer-banner summary");
  await accessible(lopez);
  await picture(lopez, "banner");
  await lopez.goto(chart);
  check((await lopez.textContent(".chart-beside")).includes("reported as wrong chart"), "the chart says so to who works the worklist");

  // Every role may report.
  await reed.goto(chart);
  const left = reed.locator(".chart-documents tbody a");
  if (await left.count()) {
    await left.first().click();
    await shown(reed);
    await reed.keyboard.press("w");
    await reed.fill("#report-form [name=reason]", "not this patient");
    await reed.keyboard.press("Tab");
    await reed.keyboard.press("Enter");
    await reed.waitForSelector("#gone:not([hidden])");
    check((await reed.textContent("#gone")).includes("on the worklist"), "who only reads is told where it went");
    check((await reed.locator("#gone-ways a").count()) === 1, "and not led where they may not go");
    await eventually("the chart is without it", async () => {
      await reed.goto(chart);
      return true;
    });
  }
});
