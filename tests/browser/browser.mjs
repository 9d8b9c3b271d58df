// A real browser with a profile of its own, and what every step needs: a page that must not complain,
// and a patient look at it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
/** Longer than anything takes on a busy machine; only a failing step waits for it. */
export const PATIENCE_MS = 60_000;

export async function withBrowser(work) {
  const profile = mkdtempSync(join(tmpdir(), "darkroom-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
    viewport: { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    await work(context);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** A page on `url` that fails the test for any error of a script, any violated policy and any foreign request. */
export async function open(context, url) {
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`script: ${error}`));
  page.on("console", (message) => {
    // A refused request is a line on the console too, and refusals are part of the test.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const address = new URL(request.url());
    if (["http:", "https:"].includes(address.protocol) && address.origin !== new URL(url).origin) complaints.push(`outside: ${address}`);
  });
  await page.goto(url);
  return { page, complaints };
}

export function check(holds, what) {
  if (!holds) throw new Error(what);
}

export function same(found, expected, what) {
  check(JSON.stringify(found) === JSON.stringify(expected), `${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}

/** Run `steps` by name; the first that fails ends the process. */
export async function run(steps) {
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step();
      console.log(`ok   ${name}`);
    } catch (error) {
      console.log(`FAIL ${name}\n     ${error.stack}`);
      process.exitCode = 1;
      return;
    }
  }
}
