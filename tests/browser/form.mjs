// The page at /form, as people use it: `node form.mjs DEVELOPMENT-URL SIGNED-URL KEY PICTURE`. The first
// server signs for its page, the second does not. Ends with 1 at the first thing that is not as it should be.

import { execFileSync } from "node:child_process";
import { check, open, run, same, withBrowser } from "./browser.mjs";

const [development, signed, key, picture] = process.argv.slice(2);
const signer = new URL("../../host/request/signing/sign.mjs", import.meta.url).pathname;

/** Wait for the answer to the last change, and for a picture of this size. */
const shows = (page, width, height) => page.waitForFunction(
  ([width, height]) => {
    const { naturalWidth, naturalHeight, hidden } = document.getElementById("after-picture");
    return document.body.dataset.state === "done" && !hidden && naturalWidth === width && (!height || naturalHeight === height);
  },
  [width, height],
);
const settled = (page) => page.waitForFunction(() => ["done", "failed"].includes(document.body.dataset.state));
const textOf = (page, id) => page.locator(`#${id}`).textContent();
const chooseSample = (page, name) => page.locator(`[name=sample][value="${name}"]`).check();

await withBrowser(async (context) => {
  const { page, complaints } = await open(context, `${development}/form`);
  const narrow = async (width) => {
    await page.setViewportSize({ width, height: 740 });
    for (const endpoint of ["resize", "pipeline", "info", "watermark", "extract"]) {
      await page.locator(`[name=endpoint][value=${endpoint}]`).check();
      await settled(page);
      await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(wide <= 0, `${endpoint} is ${wide} pixels too wide for ${width}`);
    }
  };

  await run({
    "a sample is shown beside its rendition at once": async () => {
      await shows(page, 400);
      await chooseSample(page, "coast.jpg");
      await shows(page, 400, 267);
      check((await textOf(page, "before-facts")).startsWith("2400 × 1600 · "), await textOf(page, "before-facts"));
      check(/^400 × 267 · JPEG · [\d.]+ kB$/.test(await textOf(page, "after-facts")), await textOf(page, "after-facts"));
      check(/^−9\d(\.\d)? %$/.test(await textOf(page, "saving")), await textOf(page, "saving"));
      check(/transform/.test(await textOf(page, "stages")), await textOf(page, "stages"));
    },
    "a changed parameter changes the picture and the URL": async () => {
      await page.getByLabel("width", { exact: false }).first().fill("220");
      await shows(page, 220, 147);
      const url = await page.locator("#url").inputValue();
      check(/\/resize\?width=220&file=coast\.jpg&sign=[\w-]{43}$/.test(url), url);
      const answer = await fetch(url);
      same([answer.status, answer.headers.get("content-type")], [200, "image/jpeg"], "the URL to copy");
    },
    "asked again it is a hit": async () => {
      await page.getByRole("button", { name: "Ask again" }).click();
      await page.waitForFunction(() => document.getElementById("cache").textContent === "hit");
    },
    "the format is chosen from a list": async () => {
      await page.getByLabel("type", { exact: true }).selectOption("webp");
      await page.waitForFunction(() => document.getElementById("after-facts").textContent.includes("WEBP"));
    },
    "a wrong parameter shows the server's own message": async () => {
      const width = page.locator("#p-width");
      await width.fill("wide");
      await page.locator("#trouble").waitFor();
      const said = await textOf(page, "trouble");
      check(said.startsWith("400: ") && said.includes('parameter "width" with value "wide"'), said);
      same(await width.getAttribute("aria-invalid"), "true", "the wrong control is marked");
      await width.fill("180");
      await shows(page, 180);
      same(await page.locator("#trouble").isVisible(), false, "the message is gone");
      same(await width.getAttribute("aria-invalid"), null, "the mark is gone");
    },
    "every endpoint can be chosen, and answers": async () => {
      const names = await page.locator("[name=endpoint]").evaluateAll((radios) => radios.map((radio) => radio.value));
      same(names.length, 18, "endpoints");
      for (const name of names) {
        await page.locator(`[name=endpoint][value=${name}]`).check();
        check((await page.locator("#endpoint-help").textContent()).length > 3, name);
        await page.waitForFunction((name) => document.getElementById("url").value.includes(`/${name}?`), name);
        await settled(page);
      }
      same(names.at(-1), "info", "the last one");
      check((await textOf(page, "after-text")).includes('"width": 2400'), await textOf(page, "after-text"));
    },
    "a reload comes back to the same": async () => {
      await page.locator("[name=endpoint][value=crop]").check();
      await page.locator("#p-width").fill("150");
      await page.locator("#p-height").fill("90");
      await shows(page, 150, 90);
      await page.reload();
      await shows(page, 150, 90);
      same(await page.locator("[name=sample]:checked").getAttribute("value"), "coast.jpg", "the sample");
    },
    "a picture of one's own is uploaded": async () => {
      await page.locator("#picture").setInputFiles(picture);
      await page.waitForFunction(() => document.getElementById("cache").textContent.includes("upload"));
      await shows(page, 150, 90);
      check((await page.locator("#url").inputValue()).startsWith("curl --data-binary"), "the command to copy");
    },
    "the keyboard is enough": async () => {
      await page.goto("about:blank");
      await page.goto(`${development}/form#resize?width=400&file=coast.jpg`);
      await shows(page, 400);
      const press = async (key, until) => {
        for (let times = 0; times < 60; times += 1) {
          await page.keyboard.press(key);
          if (await page.evaluate(until)) return;
        }
        throw new Error(`${key} never led to ${until}`);
      };
      await press("Tab", () => document.activeElement.name === "sample");
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction(() => !document.getElementById("url").value.includes("coast.jpg"));
      await press("Tab", () => document.activeElement.name === "endpoint");
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction(() => document.getElementById("url").value.includes("/fit?"));
      await press("Tab", () => document.activeElement.id === "copy");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.getElementById("copied").textContent === "Copied");
      await press("Tab", () => document.activeElement.id === "p-width");
      await page.keyboard.press("Shift+ArrowDown");
      await page.waitForFunction(() => document.getElementById("url").value.includes("width=390"));
      await settled(page);
      same(await page.locator("#trouble").isVisible(), false, "no trouble");
    },
    "every control has a name": async () => {
      const nameless = await page.locator("input, select, textarea, button, a").evaluateAll((controls) => controls
        .filter((control) => !control.ariaHidden && !control.labels?.length && !control.ariaLabel && !control.textContent.trim())
        .map((control) => control.outerHTML));
      same(nameless, [], "controls without a name");
    },
    "it reads well in light and in dark": async () => {
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const poor = await page.evaluate(poorContrasts);
        same(poor, [], `contrast below 4.5 in ${colorScheme}`);
      }
      await page.emulateMedia({ colorScheme: null });
    },
    "a phone does not scroll sideways": async () => {
      await narrow(390);
      await narrow(320);
    },
    "nothing complained": async () => same(complaints, [], "complaints"),
    "without development it shows how to sign": () => unsigned(context),
  });
});

/** Pairs of the page's colours that stand on one another, and do not stand out. */
function poorContrasts() {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = style.getPropertyValue(name).trim();
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const pairs = [
    ["--ink", "--paper"], ["--ink", "--card"], ["--quiet", "--paper"], ["--quiet", "--card"], ["--lamp", "--card"], ["--lamp-ink", "--lamp"],
    ["--bad", "--bad-paper"], ["--good", "--card"],
  ];
  return pairs.filter(([one, other]) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05) < 4.5;
  });
}

/** On a server that signs for nobody: the page tells what to sign, and takes what was signed elsewhere. */
async function unsigned(context) {
  const { page, complaints } = await open(context, `${signed}/form`);
  same(await page.locator("#samples").isVisible(), false, "the mount is not listed");
  await page.locator("#named-value").fill("coast.jpg");
  await page.locator("#named-value").blur();
  await page.locator("#trouble").waitFor();
  check((await textOf(page, "trouble")).includes("signed URLs only"), await textOf(page, "trouble"));
  await page.locator("#signing summary").click();
  const command = await textOf(page, "sign-command");
  same(command, "darkroom sign --key-file key '/resize?width=400&file=coast.jpg'", "the command");
  const language = page.getByLabel("In a program");
  for (const name of ["JavaScript", "Python", "Go", "PHP", "Ruby"]) {
    await language.selectOption(name);
    check((await textOf(page, "snippet")).includes("sign"), name);
  }
  const target = command.split("'")[1];
  await page.getByLabel("Paste the signed URL").fill(execFileSync("node", [signer, key, target], { encoding: "utf8" }).trim());
  await shows(page, 400, 267);
  same(complaints, [], "complaints");
}
