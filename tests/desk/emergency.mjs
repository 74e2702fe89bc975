// Breaking the glass: who may not see a restricted document sees it for a while, with a banner, and the privacy officer
// is told and reads it in the audit.
import { accessible, check, desk, eventually, picture, scenario, signedIn } from "./harness.mjs";

await scenario(async () => {
  const lopez = await signedIn("lopez");
  const kim = await signedIn("kim");
  const page = `/page/${desk.told.document}/1`;
  await lopez.goto(desk.url + page);
  const chart = await lopez.locator("a[href^='/chart/']").first().getAttribute("href");
  await lopez.goto(desk.url + chart);
  check((await lopez.content()).includes(page), "who may see the label sees the document");
  await kim.goto(desk.url + chart);
  check(!(await kim.content()).includes(page), "who may not does not");
  check((await kim.goto(desk.url + page)).status() === 404, "nor its page");
  await kim.goto(desk.url + chart);
  await kim.click("text=Emergency access");
  await accessible(kim);
  await picture(kim, "asks-why");
  await kim.check("[value=treatment]");
  await kim.fill("[name=reason]", "unconscious in the emergency room");
  await kim.click("text=Open for one hour");
  await kim.waitForURL(`**${chart}`);
  check((await kim.textContent(".emergency")).includes("Emergency access"), "a banner says so on every screen");
  check((await kim.content()).includes(page), "now the document is there");
  check((await kim.goto(desk.url + page)).status() === 200, "and its page");
  await accessible(kim);
  await picture(kim, "banner");

  const ward = await signedIn("ward");
  await ward.goto(`${desk.url}/emergencies`);
  check((await ward.content()).includes("unconscious in the emergency room"), "the privacy officer reads why");
  await accessible(ward);
  await picture(ward, "queue");
  await ward.goto(`${desk.url}/audit`);
  await ward.fill("[name=by]", "kim");
  await ward.click("text=Show");
  const told = await ward.textContent("tbody");
  check(told.includes("break-glass: unconscious") && told.includes("refused"), "the audit shows the refusal, and the glass broken");
  await accessible(ward);
  await picture(ward, "audit");
  await ward.goto(`${desk.url}/emergencies`);
  await ward.fill("[name=judgement]", "justified");
  await ward.click("text=Judged");
  await eventually("the queue is empty", async () => (await ward.content()).includes("Nothing waits"));

  await kim.goto(`${desk.url}${chart}/emergency`);
  await kim.click("text=End it now");
  await kim.waitForURL(`**${chart}`);
  check(!(await kim.content()).includes(page), "after its end the document is not there");
  check((await kim.goto(desk.url + page)).status() === 404, "nor its page");
});
