// The README's picture of the page: `node screenshot.mjs DEVELOPMENT-URL FILE.jpg`. Taken by hand with
// `make screenshot`; no test compares it.

import { writeFileSync } from "node:fs";
import { open, withBrowser } from "./browser.mjs";

const [development, file] = process.argv.slice(2);

await withBrowser(async (context) => {
  const { page, complaints } = await open(context, `${development}/form#crop?width=640&height=480&gravity=south&type=webp&quality=70&file=coast.jpg`);
  await page.setViewportSize({ width: 1320, height: 860 });
  await page.emulateMedia({ colorScheme: process.env.SCHEME ?? "light" });
  await page.waitForFunction(() => document.body.dataset.state === "done");
  await page.waitForFunction(() => [...document.images].every((image) => image.hidden || image.complete));
  // A miss tells how busy this machine is; a hit tells the reader what most requests are.
  await page.getByRole("button", { name: "Ask again" }).click();
  await page.waitForFunction(() => document.getElementById("cache").textContent === "hit" && document.body.dataset.state === "done");
  if (process.env.NARROW) await page.setViewportSize({ width: 390, height: 844 });
  writeFileSync(file, await page.screenshot({ type: "jpeg", quality: 84, fullPage: Boolean(process.env.NARROW) }));
  if (complaints.length) throw new Error(complaints.join("\n"));
});
