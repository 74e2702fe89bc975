// Three kinds of exception are cleared by keyboard, a wrong patient is refused, a slip is undone.
import { accessible, check, desk, eventually, picture, scenario, signedIn } from "./harness.mjs";

const key = (page, ...keys) => keys.reduce((done, one) => done.then(() => page.keyboard.press(one)), Promise.resolve());
const type = (page, text) => page.keyboard.type(text);
const open = async (page, code) => {
  await page.goto(`${desk.url}/worklist?reason=${code}`);
  await key(page, "n");
  await page.waitForSelector("body[data-screen=item]");
};
const counted = async (page) => Number(await page.locator(".tabs [aria-current] .count").textContent());

await scenario(async () => {
  const lopez = await signedIn("lopez");
  await lopez.goto(`${desk.url}/worklist`);
  await accessible(lopez);
  await picture(lopez, "list");
  const before = await counted(lopez);
  check(before >= 4, `the samples leave at least four items, not ${before}`);
  check(!(await lopez.title()).includes("MARCHETTI"), "no title names a patient");

  // A label of one patient on the form of another: the number that is typed is contradicted, in words.
  await open(lopez, "MULTI_PATIENT");
  await accessible(lopez);
  await picture(lopez, "item");
  const wrong = new URL(lopez.url()).pathname;
  check(await lopez.locator("input[name=number]").evaluate((field) => field === document.activeElement), "the number is typed first");
  await type(lopez, "11813570");
  await key(lopez, "Enter");
  await lopez.waitForSelector("#match [role=alert]");
  const told = await lopez.locator("#match").textContent();
  check(told.includes("GARCIA, MARIA") && told.includes("1970-02-14"), "whom the number names is shown");
  check(told.includes("DIFFERS") && told.includes("names somebody else"), "what differs is said in words");
  await picture(lopez, "wrong-patient");
  await accessible(lopez);
  await lopez.evaluate(async (item) => {
    const form = new FormData(document.getElementById("assign"));
    form.delete("despite");
    window.refused = await desk.post(`${item}/file`, form).then(() => "", (error) => error.message);
  }, wrong);
  check((await lopez.evaluate(() => window.refused)).includes("names somebody else"), "a wrong patient is refused");
  await lopez.evaluate(() => document.querySelector("#match").replaceChildren());
  await lopez.fill("#assign input[name=number]", "99999999");
  await key(lopez, "Enter");
  await eventually("an unknown number is told", async () => (await lopez.locator("#match").textContent()).includes("not in the patient index"));

  // First kind: it waits for an answer, until a day.
  await key(lopez, "Escape", "w");
  await type(lopez, "which of the two?");
  await key(lopez, "Tab");
  await type(lopez, "29990101");
  await key(lopez, "Enter");
  await lopez.waitForURL((url) => !url.pathname.endsWith(wrong));
  check((await lopez.locator(".done").textContent()).includes("2999-01-01"), "it says until when");

  // Second kind: a number that is not in the index; what is on the page is typed, looked at and filed by Enter, Enter.
  await open(lopez, "ID_NOT_IN_MPI");
  const filed = new URL(lopez.url()).pathname;
  const began = Date.now();
  await type(lopez, "10617258");
  await key(lopez, "Enter");
  await lopez.waitForSelector("#match [data-shown]");
  await picture(lopez, "match");
  const despite = lopez.locator("[name=despite]");
  if (await despite.count()) await type(lopez, "the number was mistyped at registration");
  await key(lopez, "Enter");
  await lopez.waitForURL((url) => url.pathname !== filed);
  console.error(`filed by keyboard in ${Date.now() - began} ms`);
  check((await lopez.locator(".done").textContent()).includes("Filed in the chart of MARCHETTI, ROSA"), "what was filed is told above the next");
  await picture(lopez, "next");

  // By a slip: undo brings it back, and it is filed again.
  await key(lopez, "Escape", "u");
  await lopez.waitForURL((url) => url.pathname === filed);
  check(await lopez.locator("#assign").count() === 1, "what was filed by a slip waits again");

  // Third kind: a control sheet that no machine could read is mended once.
  await open(lopez, "SHEET_UNREADABLE");
  await key(lopez, "Escape", "m");
  await lopez.locator("#main").focus();
  await key(lopez, "m");
  check((await lopez.locator("#page-told").textContent()) === "The control sheet", "the torn sheet itself is shown");
  await picture(lopez, "mend");
  await lopez.check("#mend input[value=separator]");
  await lopez.locator("#mend button").press("Enter");
  await lopez.waitForURL((url) => url.searchParams.has("done"));
  await lopez.goto(`${desk.url}/worklist`);
  await eventually("what is behind the sheet is judged again", async () => {
    await lopez.reload();
    return !(await lopez.locator("#list").textContent()).includes("SHEET_UNREADABLE");
  });

  // And a file that cannot be opened is withdrawn.
  await open(lopez, "ENCRYPTED");
  await key(lopez, "v");
  await type(lopez, "the sender will send it again");
  await key(lopez, "Enter");
  await lopez.waitForURL((url) => url.searchParams.has("done"));
  await lopez.goto(`${desk.url}/worklist?waiting=true`);
  check((await lopez.locator("#list").textContent()).includes("until 2999-01-01"), "what waits for a day is told apart");

  const answer = await lopez.request.get(`${desk.url}/api/v1/worklist`);
  const listed = (await answer.json()).exceptions;
  check(listed.some((one) => one.disposition === "waiting"), "programs see the same list");

  const dark = await signedIn("kim", { dark: true });
  await dark.goto(`${desk.url}/worklist`);
  await accessible(dark);
  await picture(dark, "list-dark");
  await dark.goto(desk.url + filed);
  await accessible(dark);
  await picture(dark, "item-dark");
});
