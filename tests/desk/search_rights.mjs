// What somebody may not see cannot be told from anything that search says; what stands on paper does nothing.
import { check, desk, eventually, picture, scenario, signedIn } from "./harness.mjs";

const search = async (page, line) => {
  await page.goto(desk.url);
  await page.fill("[data-search-box]", line);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search/*");
  await page.waitForLoadState();
};
const total = async (page) => Number.parseInt(await page.textContent("#total"));
const parts = async (page) => (await page.locator(".parts").textContent()).replaceAll(/\s+/g, " ");
const suggested = (page, line) => page.evaluate(async (line) => {
  const answer = await fetch("/api/v1/suggest", { method: "POST", body: JSON.stringify({ line }), headers: { "content-type": "application/json", "x-csrf": document.body.dataset.csrf } });
  return (await answer.json()).suggestions.map((one) => one.line);
}, line);

await scenario(async () => {
  const [may, may_not, reads] = [await signedIn("lopez"), await signedIn("kim"), await signedIn("reed")];

  // Lopez has the label MH, Kim has not. One page has the word under the label, one without.
  await search(may, "clozapine");
  check(await total(may) === 2, "with the label both pages are found");
  check((await parts(may)).includes("ward-7"), "and counted");
  await search(may_not, "clozapine");
  check(await total(may_not) === 1 && await may_not.locator(".hit").count() === 1, "without it one is");
  const said = await parts(may_not);
  check(!said.includes("ward-7") && !said.includes("NAKAGAWA"), `no count tells of the other: ${said}`);
  await picture(may_not, "without-the-label");
  check((await suggested(may, "zuclop")).join() === "zuclopenthixol", "a word is offered to who may see its page");
  check((await suggested(may_not, "zuclop")).length === 0, "and to nobody else");
  await search(may_not, "zuclopenthixol");
  check(await total(may_not) === 0 && await may_not.locator(".hit").count() === 0, "the word itself finds nothing");
  await search(may_not, "type:prog patient:\"nakagawa, elaine\"");
  check(await total(may_not) === 0 && await may_not.locator(".results-notice").count() === 0, "nor does the chart, nor is it counted");
  const token = await may_not.evaluate(() => document.body.dataset.csrf);
  const asked = await may_not.request.post(`${desk.url}/api/v1/search`, { data: { query: "zuclopenthixol" }, headers: { "x-csrf": token } });
  const told = await asked.json();
  check(told.total === 0 && told.hits.length === 0 && told.nearly.length === 0 && told.facets.patient.length === 0, "programs are told no more");

  // More than one screen has comes when it is asked for, and the list goes on where it was.
  await search(may, "paracetamol");
  check(await total(may) === 45 && await may.locator(".hit").count() === 20, "a screen has twenty");
  for (const listed of [40, 45]) {
    const [before, more] = [await may.locator(".hit").count(), may.locator(".further button")];
    await more.focus();
    await may.keyboard.press("Enter");
    await eventually(`${listed} are listed`, async () => await may.locator(".hit").count() === listed);
    await eventually("the first new one is next", () => may.evaluate((before) => document.activeElement === document.querySelectorAll(".hit-link")[before], before));
  }
  check((await may.locator(".hit-number").allTextContents()).every((number, at) => Number(number) === at + 1), "they are numbered through");
  check(new Set(await may.locator(".hit").evaluateAll((all) => all.map((one) => one.dataset.page))).size === 45, "none comes twice");
  check(await may.locator(".further").count() === 0, "and then it ends");

  // What waits on the worklist is for who works on it.
  await search(may, "strangers");
  check(await total(may) === 1 && (await may.textContent(".hit")).includes("waits on the worklist"), "a clerk finds what waits");
  await search(reads, "strangers");
  check(await total(reads) === 0, "a clinician does not");

  // What stands on paper and in names is text.
  await search(may, "alert");
  check(await total(may) === 1 && await may.locator(".hit img[src=x], .hit script").count() === 0, "paper makes no elements");
  check((await may.textContent(".hit")).includes("<img"), "it is shown as it stands");
  check(await may.evaluate(() => window.fallen === undefined), "and does nothing");
  check((await may.textContent(".parts")).includes("<B>EVIL</B>"), "so are names");
  await search(may, "\"><script>window.fallen=1</script>");
  check(await may.inputValue("[data-search-box]") === "\"><script>window.fallen=1</script>", "what was typed stands in the box");
  check(await may.evaluate(() => window.fallen === undefined), "and does nothing either");
  await picture(may, "hostile");
  check((await suggested(may, "aler")).length > 0, "words of that page are offered");

  // Nobody uses another's search or a sight of another's; who may not search sees no trace of it.
  await search(may, "clozapine");
  const address = new URL(may.url()).pathname;
  const list = await may.locator("[data-list]").getAttribute("data-list");
  const strip = await may.locator(".strip img").first().getAttribute("src");
  for (const path of [address, `${address}/more?after=0`, `${address}/news?list=${list}`, `${address}/new?list=${list}`, strip]) {
    check((await may_not.request.get(desk.url + path)).status() === 404, `another's ${path.split("/")[1]} is not there`);
  }
  const forged = await may_not.request.post(`${desk.url}${address}`, { form: { csrf: token, sort: "newest" } });
  check(forged.status() === 404, "nor can it be changed");
  const operator = await signedIn("scan");
  for (const path of ["/", address]) check((await operator.request.get(desk.url + path)).status() === 404, `${path} is not there without the right`);
  const own = await operator.evaluate(() => document.body.dataset.csrf).catch(() => "");
  for (const path of ["/search", "/api/v1/search", "/api/v1/suggest"]) {
    const answer = await operator.request.post(desk.url + path, { form: { csrf: own || "x", q: "clozapine" }, maxRedirects: 0 });
    check([404, 422].includes(answer.status()), `${path} does nothing without the right`);
  }

  // Looking for news by itself keeps nobody signed in, and tells only what may be seen.
  await search(may_not, "risperidone");
  check(await total(may_not) === 0, "nothing yet");
  const { writeFile } = await import("node:fs/promises");
  const sheet = (words) => `%CHARTROOM-SCRIPT 1\nPROGRESS NOTE\nPatient Name: WHITFIELD, GLORIA A\nMRN: 11038492\nDOB: 05/17/1966\nPaperwork: ${words}\n`;
  await search(may, "risperidone");
  await writeFile(`${desk.home}/in/ward-7/later.txt`, sheet("risperidone began"));
  await eventually("who may see it is shown it", async () => await may.locator("#new .hit").count() === 1, 60);
  await new Promise((done) => setTimeout(done, 6000));
  check(await may_not.locator("#new .hit").count() === 0 && await may_not.isHidden("[data-show-news]"), "who may not hears nothing");
});
