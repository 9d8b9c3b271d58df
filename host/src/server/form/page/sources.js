// Where the picture comes from: a sample, one of the reader's own, or a name. Draws the choice and the
// source itself; a change is put into the state and told to `changed`.

/** Shown as it was chosen, so that the rendition can be compared with it. */
async function showSource() {
  const { file, upload } = state.source;
  if (upload) return drawSource(upload);
  if (!file || !table.development) return drawSource(null);
  const answer = await ask(`${base}/form/source?file=${encodeURIComponent(file)}`);
  if (file !== state.source.file) return undefined;
  if (!answer.ok) return drawSource(null);
  const bytes = await answer.blob();
  // The server does not say what it is; the browser looks for itself.
  return drawSource(bytes.slice(0, bytes.size, `image/${file.split(".").pop().toLowerCase().replace("jpg", "jpeg")}`));
}

async function drawSource(bytes) {
  source.bytes = bytes?.size ?? 0;
  $("before-facts").textContent = "";
  $("before-empty").textContent = hasSource() ? "The source stays where it is" : "No picture chosen yet";
  const shown = await drawPicture($("before-picture"), bytes);
  $("before-empty").hidden = Boolean(shown);
  if (bytes && !shown) $("before-empty").textContent = "Your browser cannot show this kind of picture";
  if (bytes) $("before-facts").textContent = [shown, humanBytes(bytes.size)].filter(Boolean).join(" · ");
  drawSaving();
}

/** What is known of the source, for the comparison. */
const source = { bytes: 0 };

async function drawSamples(changed) {
  if (!table.development) return;
  const answer = await ask(`${base}/form/samples`);
  if (!answer.ok) return;
  const { names, more } = await answer.json();
  if (names.length === 0) return;
  const small = names.map((name) => `${base}/crop?width=120&height=120&quality=70&type=webp&file=${encodeURIComponent(escapedOnceMore(name))}`);
  const previews = await signAll(small);
  $("sample-list").replaceChildren(...names.map((name, index) => {
    const radio = make("input", { type: "radio", name: "sample", value: name });
    radio.addEventListener("change", () => choose({ file: name }, changed));
    const preview = make("img", { src: previews[index] ?? "", alt: name, loading: "lazy", title: name });
    return make("label", {}, radio, preview);
  }));
  $("samples-note").textContent = more ? `and ${more} more: name them below` : "";
  $("samples-note").hidden = !more;
  $("samples").hidden = false;
  if (!hasSource()) state.source = { file: names[0] };
  markSample();
}

function markSample() {
  for (const radio of document.querySelectorAll("[name=sample]")) radio.checked = radio.value === state.source.file;
  const { file, url, upload } = state.source;
  if (!upload) $("picture").value = "";
  if (document.activeElement !== $("named-value")) $("named-value").value = url ?? file ?? "";
}

function choose(chosen, changed) {
  state.source = chosen;
  markSample();
  showSource();
  changed();
}

/** Files by the button, by dropping anywhere on the page, and from the clipboard. */
function takeUploads(changed) {
  const take = (files) => {
    const upload = [...files].find((file) => file.type.startsWith("image/")) ?? files[0];
    if (upload) choose({ upload }, changed);
  };
  $("picture").addEventListener("change", (event) => take(event.target.files));
  addEventListener("paste", (event) => { if (event.clipboardData.files.length) take(event.clipboardData.files); });
  addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    take(event.dataTransfer.files);
  });
}

/** A text for what the server can fetch by name: a file of its mount, or a URL. */
function takeNames(changed) {
  const { file, url } = table.sources;
  if (!file && !url) return;
  $("named").hidden = false;
  $("named-label").textContent = { 11: "Or name a file of the mount, or a URL", 10: "Or name a file of the mount", "01": "Or name a URL" }[`${+file}${+url}`];
  $("named-value").addEventListener("change", ({ target: { value } }) => {
    const name = value.trim();
    if (name) choose(url && (!file || /^https?:/i.test(name)) ? { url: name } : { file: name }, changed);
  });
}
