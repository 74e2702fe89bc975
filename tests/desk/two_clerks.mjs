// Two clerks never work on one item; what the first lets go the second may take.
import { accessible, check, desk, eventually, picture, scenario, signedIn } from "./harness.mjs";

await scenario(async () => {
  const [lopez, kim] = [await signedIn("lopez"), await signedIn("kim")];
  await lopez.goto(`${desk.url}/worklist`);
  await lopez.keyboard.press("n");
  await lopez.waitForSelector("body[data-screen=item]");
  const item = new URL(lopez.url()).pathname;

  await kim.goto(desk.url + item);
  check((await kim.locator(".side").textContent()).includes("lopez has this in hand"), "the second clerk sees who has it");
  check(await kim.locator("#assign").count() === 0, "and is offered no decision");
  await accessible(kim);
  await picture(kim, "held");
  const refused = await kim.evaluate((path) => desk.post(`${path}/void`, { reason: "x" }).then(() => "", (error) => error.message), item);
  check(refused.includes("has this in hand"), `whoever decides all the same is refused: ${refused}`);

  await kim.goto(`${desk.url}/worklist`);
  check((await kim.locator("tr.held").textContent()).includes("lopez has this in hand"), "the list says who has what");
  await kim.keyboard.press("n");
  await kim.waitForSelector("body[data-screen=item]");
  check(new URL(kim.url()).pathname !== item, "the next item is one that is free");

  await lopez.goto(`${desk.url}/worklist`);
  await eventually("what was left is free", async () => {
    await kim.goto(desk.url + item);
    return (await kim.locator("[data-mine]").count()) === 1;
  });
});
