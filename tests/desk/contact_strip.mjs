// A stack of loose sheets that came as one is cut on the contact strip and filed, by keyboard.
import { accessible, check, desk, eventually, picture, scenario, signedIn } from "./harness.mjs";

await scenario(async () => {
  const lopez = await signedIn("lopez");
  await lopez.goto(`${desk.url}/worklist`);
  await lopez.keyboard.press("n");
  await lopez.waitForSelector("body[data-screen=item]");
  await lopez.keyboard.press("Escape");
  await lopez.keyboard.press("b");
  await lopez.waitForSelector(".sheet");
  const sheets = lopez.locator(".sheet");
  check(await sheets.count() === 5, "every sheet is there");
  check((await sheets.nth(1).textContent()).includes("PETROV"), "and says who is named on it");
  await accessible(lopez);
  await picture(lopez, "stack");

  const file = async (first, last, number) => {
    await lopez.locator("#strip").focus();
    await lopez.keyboard.press("Home");
    for (let at = 1; at < first; at++) await lopez.keyboard.press("ArrowRight");
    for (let at = first; at < last; at++) await lopez.keyboard.press("Shift+ArrowRight");
    await lopez.keyboard.press("Enter");
    await lopez.waitForSelector("#assigning[open] input[name=number]");
    await lopez.keyboard.type(number);
    await lopez.keyboard.press("Enter");
    await lopez.waitForSelector("#match [data-shown]");
    await picture(lopez, `filing-${first}`);
    await lopez.keyboard.press("Enter");
    await lopez.waitForSelector(".done");
    await lopez.waitForSelector(".sheet");
  };
  await file(1, 1, "10845327");
  check((await lopez.locator("#s1").textContent()).includes("filed: NAKAGAWA"), "the first sheet is in its chart");
  check((await lopez.locator("#s2").textContent()).includes("waits"), "the others wait");

  // Cut before the third, and joined again.
  await lopez.locator("#strip").focus();
  for (const key of ["Home", "ArrowRight", "ArrowRight", "c"]) await lopez.keyboard.press(key);
  await eventually("it is cut", async () => (await lopez.locator("#s3.begins").count()) === 1);
  await lopez.keyboard.press("j");
  await eventually("it is joined", async () => (await lopez.locator("#s3.begins").count()) === 0);

  await lopez.evaluate(() => document.querySelector(".done")?.remove());
  await file(2, 2, "10926584");
  check((await lopez.locator("#s2").textContent()).includes("filed: PETROV"), "the second sheet is in its chart");
  await lopez.keyboard.press("Escape");
  await lopez.locator("#strip").focus();
  await lopez.keyboard.press("u");
  await eventually("a slip on the strip is undone", async () => (await lopez.locator("#s2").textContent()).includes("waits"));
  await picture(lopez, "cut");
});
