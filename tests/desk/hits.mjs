// From a search to the words on the page: boxed, gone to by keys, marked in the text.
import { accessible, check, desk, eventually, picture, scenario, signedIn } from "./harness.mjs";

await scenario(async () => {
  const lopez = await signedIn("lopez");
  await lopez.goto(`${desk.url}/charts?digits=46-30`);
  await lopez.click("text=10593046");
  await lopez.waitForURL("**/chart/*");
  const address = await lopez.locator(".chart-documents tbody a").first().getAttribute("href");
  await lopez.fill("#find-here", "lisinopril OR saturation");
  await lopez.press("#find-here", "Enter");
  await lopez.waitForURL("**/search/*");
  const name = new URL(lopez.url()).pathname.split("/").pop();
  await lopez.goto(`${desk.url}${address}?find=${name}`);
  await lopez.waitForFunction(() => document.getElementById("viewer")?.picture?.bitmap);
  await eventually("hits are boxed", async () => (await lopez.locator("#frame .hit").count()) >= 2);
  check((await lopez.locator("#lines mark").allTextContents()).some((word) => /saturation/i.test(word)), "and marked in the text");
  check((await lopez.locator("#thumbs .has-hit").count()) >= 1, "pages with a hit are marked at the side");
  await accessible(lopez);
  await picture(lopez, "boxed");
  await lopez.keyboard.press("n");
  check((await lopez.locator("#frame .hit.current").count()) === 1, "n goes to a hit");
  await picture(lopez, "at-a-hit");
  for (let step = 0; step < 6; step += 1) await lopez.keyboard.press("]");
  check((await lopez.locator("#frame .hit.current").count()) === 1, "and on to the next, around the pages");
  await lopez.goto(`${desk.url}${address}?find=0123456789abcdef`);
  await lopez.waitForFunction(() => document.getElementById("viewer")?.picture?.bitmap);
  check((await lopez.locator("#frame .hit").count()) === 0, "a search that is no more boxes nothing, and hides nothing");
  const reed = await signedIn("reed");
  await reed.goto(`${desk.url}${address}?find=${name}`);
  await reed.waitForFunction(() => document.getElementById("viewer")?.picture?.bitmap);
  check((await reed.locator("#frame .hit").count()) === 0, "nobody else's search boxes anything");
});
