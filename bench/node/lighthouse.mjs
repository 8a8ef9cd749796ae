/**
 * Scores the page by Lighthouse: `node lighthouse.mjs '{"chromium", "address", "runs"}'` prints one line of JSON for each run.
 *
 * It signs up, asks one question and looks at the sign-in page as a stranger and at the conversation as the person, in the form factors desktop and mobile.
 */
import lighthouse from "lighthouse";
import desktop from "lighthouse/core/config/desktop-config.js";
import puppeteer from "puppeteer-core";

const { chromium, address, runs } = JSON.parse(process.argv[2]);
const FORMS = { desktop, mobile: undefined };
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--headless=shell", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  await scoreAll("sign in", `${address}/login`);
  await scoreAll("a conversation", await converse());
} finally {
  await browser.close();
}

async function scoreAll(what, url) {
  for (const form of Object.keys(FORMS)) {
    for (let run = 0; run < runs; run++) console.log(JSON.stringify({ page: what, form, ...(await score(url, form)) }));
  }
}

/** One run: each category's score in per cent, the times in milliseconds, and what was found wanting. */
async function score(url, form) {
  const page = await browser.newPage();
  const found = await lighthouse(url, { output: "json", logLevel: "error", onlyCategories: CATEGORIES }, FORMS[form], page);
  await page.close();
  const { categories, audits, runtimeError } = found.lhr;
  if (runtimeError) throw new Error(`${runtimeError.code}: ${runtimeError.message}`);
  const scores = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(categories[name].score * 100)]));
  const times = Object.fromEntries(
    ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"].map((name) => [name, Math.round(audits[name].numericValue)]),
  );
  const weighed = CATEGORIES.flatMap((name) => categories[name].auditRefs.filter(({ weight }) => weight > 0));
  const wanting = weighed.filter(({ id }) => audits[id].score !== null && audits[id].score < 0.9).map(({ id }) => `${id}: ${audits[id].title}`);
  return { scores, times, wanting: [...new Set(wanting)] };
}

/** Sign up, ask something, and return the conversation's address. */
async function converse() {
  const page = await browser.newPage();
  await page.goto(`${address}/signup`);
  await page.waitForSelector("input[type=password]");
  await page.evaluate(async () => {
    const body = JSON.stringify({ email: "ada@bench.example", password: "a long enough password", name: "Ada" });
    const answer = await fetch("/api/auth/signup", { method: "POST", body, headers: { "Content-Type": "application/json" } });
    if (!answer.ok) throw new Error(await answer.text());
  });
  await page.goto(address);
  await page.waitForSelector("textarea");
  await page.type("textarea", "Say something with code");
  await page.keyboard.press("Enter");
  await page.waitForSelector("article[data-status=done]", { timeout: 60_000 });
  const url = page.url();
  await page.close();
  return url;
}
