// Signing in, being locked out, and being signed off by the clock; what roles may see.
import { accessible, check, desk, eventually, fresh, picture, scenario, signIn, signedIn } from "./harness.mjs";

await scenario(async () => {
  const nobody = await fresh();
  await nobody.goto(`${desk.url}/accounts`);
  check(nobody.url().includes("/sign-in?back=%2Faccounts"), "who is not signed in is asked to, and comes back");
  await accessible(nobody);
  await picture(nobody, "sign-in");

  const admin = await signedIn("admin");
  await admin.waitForURL("**/accounts");
  await accessible(admin);
  await picture(admin, "accounts");
  check((await admin.locator("nav a").allTextContents()).join() === "Accounts", "the administrator sees accounts and no patient");
  for (const path of ["/worklist", "/search/0123456789abcdef", "/picture/1/b0/1/view"]) {
    const answer = await admin.goto(desk.url + path);
    check(answer.status() === 404, `${path} is not there for the administrator`);
  }

  await nobody.goto(`${desk.url}/sign-in?back=%2Fme`);
  for (let failure = 0; failure < 5; failure++) {
    await signIn(nobody, "kim", "a wrong password");
    await nobody.waitForSelector("[role=alert]");
  }
  await signIn(nobody, "kim", "a wrong password");
  check((await nobody.textContent("[role=alert]")).includes("Too many attempts"), "five failures lock the account for a while");

  const dark = await signedIn("lopez", { dark: true });
  await dark.goto(`${desk.url}/me`);
  await accessible(dark);
  await picture(dark, "me-dark");
  const cookies = await dark.context().cookies();
  check(cookies.every((cookie) => cookie.httpOnly && cookie.sameSite === "Strict"), "no script reads the session, no other site uses it");

  await dark.goto(`${desk.url}/me`);
  await dark.evaluate(() => desk.post("/sign-off", { idle: "true", back: "/me" }));
  await dark.goto(`${desk.url}/me`);
  check(dark.url().includes("back=%2Fme"), "who was signed off is asked to sign in again");
  await signIn(dark, "lopez");
  await eventually("the same place comes back", () => dark.url().endsWith("/me"));

  const token = await dark.evaluate(() => document.body.dataset.csrf);
  const forged = await dark.request.post(`${desk.url}/me/totp`, { form: { csrf: token.replace(/./g, "0"), code: "1" } });
  check(forged.status() === 422, "a form without this session's token does nothing");
});
