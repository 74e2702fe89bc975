// A document with a protection label: for who has the label it is there, for everybody else it never was.
import { accessible, check, desk, picture, scenario, signedIn } from "./harness.mjs";

async function chartOf(page) {
  await page.goto(`${desk.url}/charts?digits=46-30`);
  await page.click("text=10593046");
  await page.waitForURL("**/chart/*");
}

await scenario(async () => {
  const lopez = await signedIn("lopez"), kim = await signedIn("kim");
  await chartOf(lopez);
  const own = lopez.locator(".chart-documents tbody tr", { hasText: "MH" });
  check((await own.count()) === 1, "who has the label sees the document, and its label");
  await accessible(lopez);
  await picture(lopez, "chart");
  const address = await own.locator("a").getAttribute("href");
  await chartOf(kim);
  check((await kim.textContent("#documents-title")).trim() === "0 documents, 0 pages", "it is not counted for who lacks the label");
  check(!(await kim.content()).includes(address), "nor named");
  await lopez.goto(desk.url + address);
  await lopez.waitForFunction(() => document.getElementById("viewer")?.picture?.bitmap);
  const path = await lopez.evaluate(() => document.getElementById("viewer").picture.src);
  const id = address.split("/")[2], told = new Set();
  for (const asked of [address, `${address}/sheet`, `${address}/thumbnails`, `/page/${id}/still`, `/page/${id}/seen`, `${path}/view`, "/page/d00000000000000000000000000/1"]) {
    const answer = await kim.request.get(desk.url + asked);
    check(answer.status() === 404, `${asked} is not there, but ${answer.status()}`);
    told.add(await answer.text());
  }
  const token = await kim.evaluate(() => document.body.dataset.csrf);
  const report = await kim.request.post(`${desk.url}/page/${id}/wrong-chart`, { form: { csrf: token, reason: "I would like to know whether it is there" } });
  check(report.status() === 404, "nor can it be reported");
  told.add(await report.text());
  check(told.size === 1, "and nothing tells it from what never was");
  check((await kim.request.get(`${desk.url}/api/v1/documents/${id}`)).status() === 404, "not for programs either");
  check((await lopez.request.get(`${desk.url}/page/${id}/still`)).status() === 204, "it is where it was");
});
