// The answer: asked for, drawn beside the source, and weighed. Only the newest question counts.

const humanBytes = (bytes) => (bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`);
/** What browsers send for a picture; the pages that show the URL will send it too. */
const ACCEPT = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5";
/** Time for the reader to go on typing. */
const PAUSE_MS = 130;

/** Draw `bytes`, or nothing. Gives the size in pixels, or nothing where the browser cannot. */
async function drawPicture(picture, bytes) {
  const before = picture.src;
  if (!bytes) picture.hidden = true;
  else {
    const address = URL.createObjectURL(bytes);
    picture.src = address;
    try {
      await picture.decode();
      picture.hidden = false;
    } catch {
      // A newer picture may have taken the place of this one meanwhile; that one decides.
      if (picture.src === address) picture.hidden = true;
    }
  }
  if (before.startsWith("blob:")) URL.revokeObjectURL(before);
  return picture.hidden ? "" : `${picture.naturalWidth} × ${picture.naturalHeight}`;
}

const question = { number: 0, timer: 0, abort: new AbortController() };

/** Ask soon, unless something else changes first. */
function askSoon() {
  clearTimeout(question.timer);
  question.timer = setTimeout(askNow, PAUSE_MS);
}

async function askNow() {
  clearTimeout(question.timer);
  const number = ++question.number;
  const isNewest = () => number === question.number;
  question.abort.abort();
  question.abort = new AbortController();
  remember();
  const unsigned = target();
  drawHowToSign(unsigned);
  document.body.classList.add("busy");
  document.body.dataset.state = "busy";
  try {
    const url = await urlOf(unsigned);
    if (!isNewest()) return;
    drawAddress(url ?? unsigned, url);
    if (!hasSource()) throw new Error("Choose a picture first.");
    if (!url) throw new Error("This server answers signed URLs only. Sign this one as shown below, and paste it there.");
    const begun = performance.now();
    const { upload } = state.source;
    const options = { cache: "no-store", signal: question.abort.signal, headers: { Accept: ACCEPT } };
    const answer = await ask(url, upload ? { ...options, method: "POST", body: upload } : options);
    const body = await answer.blob();
    if (isNewest()) await drawAnswer(answer, body, performance.now() - begun);
  } catch (error) {
    if (error.name !== "AbortError" && isNewest()) drawTrouble(error instanceof TypeError ? "The server does not answer." : error.message);
  } finally {
    if (isNewest()) {
      document.body.classList.remove("busy");
      document.body.dataset.state = document.body.classList.contains("failed") ? "failed" : "done";
    }
  }
}

async function drawAnswer(answer, body, tookMs) {
  drawFacts(answer.headers, tookMs);
  if (!answer.ok) {
    const said = await body.text();
    let message = said;
    try { message = JSON.parse(said).message; } catch { /* not every answer is ours */ }
    return drawTrouble(message || answer.statusText, answer.status);
  }
  drawTrouble("");
  const type = answer.headers.get("content-type") ?? "";
  const isText = type.includes("json");
  $("after-text").hidden = !isText;
  if (isText) $("after-text").textContent = JSON.stringify(JSON.parse(await body.text()), null, 2);
  const shown = await drawPicture($("after-picture"), isText ? null : body);
  $("after-empty").hidden = isText || Boolean(shown);
  $("after-empty").textContent = "Your browser cannot show this kind of picture";
  $("after-facts").textContent = [shown, type.replace(/^image\//, "").toUpperCase(), humanBytes(body.size)].filter(Boolean).join(" · ");
  rendition.bytes = isText ? 0 : body.size;
  return drawSaving();
}

/** What is known of the rendition, for the comparison. */
const rendition = { bytes: 0 };

function drawSaving() {
  const share = source.bytes && rendition.bytes ? rendition.bytes / source.bytes : 1;
  const percent = Math.round((1 - share) * 1000) / 10;
  $("saving").textContent = percent >= 0.1 ? `−${percent} %` : "";
}

function drawTrouble(message, status) {
  document.body.classList.toggle("failed", message !== "");
  $("trouble").hidden = message === "";
  $("trouble").textContent = status ? `${status}: ${message}` : message;
  blame(message);
}

/** RFC 9211 in plain words. */
function cacheOutcome(header) {
  if (!header) return "–";
  if (/\bhit\b/.test(header)) return "hit";
  if (/collapsed/.test(header)) return "made for another, shared";
  if (/bypass/.test(header)) return "made, not kept (upload)";
  return /stored/.test(header) ? "made and kept" : "made";
}

function drawFacts(headers, tookMs) {
  const stages = [...(headers.get("server-timing") ?? "").matchAll(/([\w-]+);dur=([\d.]+)/g)].map(([, name, time]) => [name, Number(time)]);
  const total = stages.reduce((sum, [, time]) => sum + time, 0);
  const inMs = (time) => `${time < 10 ? time.toFixed(2) : time.toFixed(0)} ms`;
  $("facts").hidden = false;
  $("cache").textContent = cacheOutcome(headers.get("cache-status"));
  $("cache").title = headers.get("cache-status") ?? "";
  $("server-time").textContent = stages.length ? inMs(total) : "–";
  $("round-trip").textContent = inMs(tookMs);
  $("stages").replaceChildren(...stages.filter(([, time]) => time >= 0.01).map(([name, time]) => {
    const stage = make("span", { textContent: `${name} ${inMs(time)}` });
    stage.style.setProperty("--share", `${Math.round((time / total) * 90)}px`);
    return stage;
  }));
}

function drawAddress(path, isUsable) {
  const url = new URL(path, location.origin).href;
  const { upload } = state.source;
  $("url-label").textContent = upload ? "Command" : isUsable ? "URL" : "URL, not signed yet";
  $("url").value = upload ? `curl --data-binary '@${upload.name}' --output rendition '${url}'` : url;
  $("open").href = url;
  $("open").hidden = Boolean(upload) || !isUsable;
  $("copied").textContent = "";
}
