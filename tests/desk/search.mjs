// A clerk finds a page in seconds and sees the word boxed on the scan; what comes meanwhile arrives by itself.
import { copyFile } from "node:fs/promises";
import { accessible, check, desk, eventually, picture, scenario, signedIn } from "./harness.mjs";

/** Does what leads to another screen, and waits until that is there. */
const going = async (page, act) => {
  await page.evaluate(() => { window.before = true; });
  await act();
  await page.waitForFunction(() => !window.before && document.readyState === "complete");
};
const search = (page, line) => going(page, async () => {
  await page.fill("[data-search-box]", line);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
});
const total = async (page) => Number.parseInt(await page.textContent("#total"));

await scenario(async () => {
  const page = await signedIn("lopez");
  await page.waitForSelector("[data-search-box]");
  check(await page.title() === "Search · Chartroom", "the title names the place");
  await accessible(page);
  await picture(page, "start");

  // The word in its box.
  await search(page, "osteoarthritis medial compartment state:filed");
  check(await total(page) >= 1, "the page is found");
  const hit = page.locator(".hit").first();
  check((await hit.textContent()).includes("MARCHETTI, ROSA") && (await hit.textContent()).includes("1988-07-21"), "it says whose it is");
  check((await hit.textContent()).includes("10617258"), "and the number");
  const boxes = await hit.locator(".strip rect").count();
  check(boxes >= 3, `each word is boxed, not ${boxes}`);
  const strip = hit.locator(".strip img");
  await eventually("the strip of the scan is there", () => strip.evaluate((img) => img.complete && img.naturalWidth > 300));
  const inside = await hit.locator(".strip").evaluate((strip) => {
    const own = strip.getBoundingClientRect();
    return [...strip.querySelectorAll("rect")].every((rect) => {
      const at = rect.getBoundingClientRect();
      return at.width > 5 && at.height > 5 && at.left >= own.left && at.right <= own.right && at.top >= own.top - 3 && at.bottom <= own.bottom + 3;
    });
  });
  check(inside, "the boxes lie on the strip");
  check((await hit.locator("mark").allTextContents()).join(" ").toLowerCase().includes("osteoarthritis"), "the words are marked in the text");
  const url = page.url();
  check(/\/search\/[0-9a-f]+$/.test(url) && await page.title() === "Search · Chartroom", "address and title tell nothing of it");
  check(/^\/page\/d[0-9a-z]+\/\d+\?find=[0-9a-f]+$/.test(await hit.locator(".hit-link").getAttribute("href")), "the row leads to the page");
  await accessible(page);
  await picture(page, "found");

  // Keys.
  await page.keyboard.press("j");
  check(await page.evaluate(() => document.activeElement.className) === "hit-link", "j goes to the first page");
  await page.keyboard.press("/");
  check(await page.evaluate(() => document.activeElement.id) === "q", "/ goes to the box");

  // How a line may go on.
  await page.fill("[data-search-box]", "");
  await page.type("[data-search-box]", "osteoar", { delay: 30 });
  await page.waitForSelector("#suggestions [role=option]");
  await picture(page, "suggested");
  await page.keyboard.press("ArrowDown");
  check(await page.inputValue("[data-search-box]") === "osteoarthritis", "an arrow takes what is offered");
  await page.keyboard.press("Escape");
  check(await page.inputValue("[data-search-box]") === "osteoar" && await page.isHidden("#suggestions"), "Escape gives back what was typed");

  // What divides the answer narrows it.
  await search(page, "patient");
  const all = await total(page);
  check(all > 5, "many pages have the word");
  const part = page.locator(".part-group", { hasText: "Patient" }).locator("button.part").first();
  const [name, pages] = [(await part.locator("span").first().evaluate((span) => span.firstChild.textContent)).trim(), Number(await part.locator(".number").textContent())];
  await going(page, () => part.click());
  check(await total(page) === pages && pages < all, `only ${name}: as many as were told`);
  check((await page.locator(".hit-patient").allTextContents()).every((own) => own === name), "nobody else is listed");
  check(!decodeURIComponent(page.url()).includes(name.split(",")[0]), "the address names nobody");
  await picture(page, "narrowed");
  await going(page, () => page.click(".results-bar .chip button"));
  check(await total(page) === all, "taken away, all are there again");
  await going(page, () => page.selectOption("select[name=sort]", "newest"));
  const days = (await page.locator(".hit:has(.hit-patient) .hit-link").allTextContents()).map((text) => text.match(/\d{4}-\d\d-\d\d/)?.[0]).filter(Boolean);
  check(days.length > 2 && days.every((day, at) => at === 0 || day <= days[at - 1]), `the latest service comes first: ${days.join(" ")}`);

  // What else was searched for is told, and dropped with one click.
  await search(page, "bid");
  const before = await total(page);
  const also = page.locator(".beside .chip", { hasText: "twice daily" }).first();
  check(before > 0 && await also.count() === 1, "bid finds twice daily and says so");
  await picture(page, "expanded");
  await going(page, () => also.locator("button").click());
  check(await total(page) < before, "without it there are fewer");
  await going(page, () => page.click(".beside :text('put back')"));
  check(await total(page) === before, "put back it is searched for again");

  // Kept under a name.
  await page.keyboard.press("s");
  await page.fill("#save [name=label]", "pressure");
  await going(page, () => page.click("#save .button-main"));
  await page.goto(desk.url);
  await going(page, () => page.click(".kept button.kept-run:text('pressure')"));
  check(await total(page) === before, "a saved search is made again");

  // Nothing found: told with help, and what comes arrives by itself.
  await search(page, "hargrove effusion acetaminophen");
  const beforehand = await total(page);
  check(beforehand === 0 && await page.isVisible("#nothing"), "not yet there");
  await accessible(page);
  await picture(page, "nothing");
  await copyFile(`${desk.samples}/loose-sheets/upside-down.tif`, `${desk.home}/stations/loose-sheets/upside-down.tif`);
  await eventually("its page arrives without reloading", async () => await page.locator("#new .hit").count() === 1, 90);
  check(await total(page) === 1 && (await page.textContent("#new .hit")).includes("HARGROVE, BEATRICE"), "with its patient");
  await eventually("with its strip", () => page.locator("#new .strip img").evaluate((img) => img.complete && img.naturalWidth > 300));
  await picture(page, "arrived");

  // A list that somebody works through stays as it is until they ask.
  await search(page, "patient");
  const listed = await total(page);
  await page.keyboard.press("j");
  const at = await page.locator(".hit").first().boundingBox();
  await copyFile(`${desk.samples}/registration-desk/lab-table.png`, `${desk.home}/stations/registration-desk/lab-table.png`);
  await page.waitForSelector("[data-show-news]:not([hidden])", { timeout: 90000 });
  const still = await page.locator(".hit").first().boundingBox();
  check(at.y === still.y && at.x === still.x, "nothing moves under the reader's hand");
  check(await page.evaluate(() => document.activeElement.className) === "hit-link", "nor does the focus");
  await picture(page, "news");
  await page.keyboard.press("n");
  await page.waitForSelector("#new .hit");
  check((await page.textContent("#new .hit")).includes("BEAUMONT, CURTIS L") && await total(page) === listed + 1, "asked for, it is shown");

  // In the dark, and for a program.
  const dark = await signedIn("ward", { dark: true });
  await dark.waitForSelector("[data-search-box]");
  await search(dark, "penicillin OR metformin");
  await accessible(dark);
  await picture(dark, "found-dark");
  const token = await dark.evaluate(() => document.body.dataset.csrf);
  const answer = await dark.request.post(`${desk.url}/api/v1/search`, { data: { query: "osteoarthritis mrn:10617258", limit: 1 }, headers: { "x-csrf": token } });
  const told = await answer.json();
  check(told.hits.length === 1 && told.hits[0].patient.mrn === "10617258" && told.hits[0].boxes.length > 0, "a program is told the same");
  check((await dark.goto(url)).status() === 404, "another's search is not there");
});
