// From a target to a URL that the server lets in: signed by the server itself where it was started for
// development, pasted by the reader where it was not, as it is where nothing is signed.

/** Signed targets, or `null` where the server did not sign. */
async function signAll(targets) {
  if (table.signing === "none") return targets;
  if (!table.development) return targets.map(() => null);
  const answer = await ask(`${base}/form/sign`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(targets),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said.signed;
}

/** A signature that was pasted, for the one target that it belongs to. */
const pasted = { target: "", url: "" };

async function urlOf(unsigned) {
  if (pasted.target === unsigned) return pasted.url;
  return (await signAll([unsigned]))[0];
}

function takeSignatures(changed) {
  $("signing").hidden = table.signing === "none";
  $("signature-field").hidden = table.development;
  $("signature").addEventListener("input", ({ target: { value } }) => {
    const found = value.match(/(?:sign=)?([\w-]{43})(?:&|$)/)?.[1];
    if (!found) return;
    const unsigned = target();
    pasted.target = unsigned;
    pasted.url = `${unsigned}${unsigned.includes("?") ? "&" : "?"}sign=${found}`;
    changed();
  });
  $("language").replaceChildren(...table.snippets.map(({ language }) => make("option", { textContent: language })));
  const draw = () => { $("snippet").textContent = table.snippets[$("language").selectedIndex].code; };
  $("language").addEventListener("change", draw);
  draw();
}

function drawHowToSign(unsigned) {
  $("sign-command").textContent = `darkroom sign --key-file key '${unsigned.replaceAll("'", "'\\''")}'`;
}
