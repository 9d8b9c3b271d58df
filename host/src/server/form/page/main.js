// Puts the page together.

const standing = {
  none: "URLs are not signed on this server",
  signed: table.development ? "Development: this page signs for whoever opens it" : "URLs are signed on this server",
};
$("standing").textContent = `${standing[table.signing]} · ${table.version}`;

async function copy() {
  try {
    await navigator.clipboard.writeText($("url").value);
  } catch {
    // Without TLS there is no clipboard but the one of a selection.
    $("url").select();
    document.execCommand("copy");
  }
  $("copied").textContent = "Copied";
}

function startOver() {
  state.values.clear();
  drawParameters(askSoon);
  askNow();
}

recall();
drawEndpoints(askSoon);
drawParameters(askSoon);
takeUploads(askSoon);
takeNames(askSoon);
takeSignatures(askNow);
$("copy").addEventListener("click", copy);
$("again").addEventListener("click", askNow);
$("reset").addEventListener("click", startOver);
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => { event.preventDefault(); askNow(); });
}
try {
  await drawSamples(askSoon);
} catch (error) {
  drawTrouble(error.message);
}
showSource();
markSample();
if (hasSource() || table.signing === "none") askNow();
else { drawAddress(target(), false); drawHowToSign(target()); }
