// The endpoints and their parameters as controls, made from the table. A change is put into the state
// and told to `changed`; what it leads to is not decided here.

const $ = (id) => document.getElementById(id);

/** An element with properties, attributes and children. */
function make(name, { dataset, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  Object.assign(element.dataset, dataset);
  element.append(...children);
  return element;
}

/** A line of help: what stands between backticks is code. */
function help(text, id) {
  const parts = text.split("`").map((part, index) => (index % 2 ? make("code", { textContent: part }) : part));
  return make("p", { className: "hint", id }, ...parts);
}

function drawEndpoints(changed) {
  $("endpoints").replaceChildren(...table.endpoints.map(({ name }) => {
    const radio = make("input", { type: "radio", name: "endpoint", value: name, checked: name === state.endpoint });
    radio.addEventListener("change", () => {
      state.endpoint = name;
      drawParameters(changed);
      changed();
    });
    return make("label", {}, radio, name);
  }));
}

/** Those that the endpoint needs or has to itself stand in front, with the few that everybody turns. */
function drawParameters(changed) {
  const endpoint = endpointNamed(state.endpoint);
  // What stands behind the first clause is needed in some cases only.
  const [clause] = endpoint.needs.split(/[;(]/);
  const needed = new Set([...clause.matchAll(/`(\w+)`/g)].map((match) => match[1]));
  const note = clause.includes(" or ") ? "one of these" : "needed";
  const inFront = ({ name, endpoints, usual }) => needed.has(name) || usual || endpoints.length < table.endpoints.length / 2;
  const all = parametersOf(endpoint.name);
  const fields = (some) => some.map((parameter) => field(parameter, needed.has(parameter.name) ? note : "", changed));
  const front = all.filter(inFront).sort((one, other) => needed.has(other.name) - needed.has(one.name));
  $("parameters").replaceChildren(...fields(front));
  const rest = all.filter((parameter) => !inFront(parameter));
  $("more-parameters").replaceChildren(...fields(rest));
  $("more").hidden = rest.length === 0;
  const needs = endpoint.needs === "–" ? "" : ` Needs ${endpoint.needs}.`;
  $("endpoint-help").replaceChildren(...help(`${endpoint.help}.${needs}`).childNodes);
  countMore();
}

function countMore() {
  const set = [...$("more-parameters").querySelectorAll(".field")].filter((field) => valueOf(field.dataset.name) !== "");
  $("more-count").textContent = set.length;
  $("more-count").hidden = set.length === 0;
}

function field(parameter, note, changed) {
  const { name, kind } = parameter;
  const set = (value) => {
    state.values.set(name, value);
    countMore();
    changed();
  };
  const id = `p-${name}`;
  const box = make("div", { className: "field", dataset: { name } });
  const label = make("label", { htmlFor: id, textContent: name });
  if (note) label.append(make("span", { className: "note", textContent: note }));
  const draw = { bool: flag, int: number, float: number, colour, word: choice, JSON: longText }[kind] ?? text;
  const [control, ...beside] = draw(parameter, set);
  control.id = id;
  control.setAttribute("aria-describedby", `${id}-help`);
  if (control.type === "checkbox") box.classList.add("switch");
  const shown = beside.length ? make("div", { className: "pair" }, control, ...beside) : control;
  box.append(...(control.type === "checkbox" ? [shown, label] : [label, shown]), help(parameter.help, `${id}-help`));
  return box;
}

function text({ name, placeholder }, set) {
  const input = make("input", { type: "text", value: valueOf(name), placeholder, spellcheck: false });
  input.addEventListener("input", () => set(input.value));
  return [input];
}

function longText({ name }, set) {
  const area = make("textarea", { value: valueOf(name), rows: 6, spellcheck: false });
  area.addEventListener("input", () => set(area.value.trim()));
  return [area];
}

/** A text, since the server is to judge what is no number; arrows count, and a slider is beside it. */
function number({ name, kind, least, most, placeholder }, set) {
  const input = make("input", { type: "text", inputMode: "decimal", value: valueOf(name), placeholder });
  const end = Math.min(most ?? 100, 2000);
  const slider = make("input", { type: "range", min: least ?? 0, max: end, step: kind === "int" ? 1 : end > 10 ? 0.5 : 0.05 });
  // The text says all that the slider does, so a keyboard and a screen reader meet only the one.
  slider.tabIndex = -1;
  slider.ariaHidden = "true";
  const follow = () => { slider.value = Number(input.value) || (least ?? 0); };
  follow();
  input.addEventListener("input", () => { follow(); set(input.value.trim()); });
  input.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!way) return;
    event.preventDefault();
    const next = Number(input.value || 0) + way * (event.shiftKey ? 10 : 1) * (kind === "int" || end > 10 ? 1 : 0.1);
    input.value = Math.max(least ?? 0, Math.min(Math.round(next * 100) / 100, most ?? Infinity));
    input.dispatchEvent(new Event("input"));
  });
  slider.addEventListener("input", () => { input.value = slider.value; set(slider.value); });
  return [input, slider];
}

/** Two states where nothing means false, three where nothing is a third thing. */
function flag(parameter, set) {
  if (parameter.default !== "false") return choice({ ...parameter, choices: ["true", "false"] }, set);
  const box = make("input", { type: "checkbox", checked: valueOf(parameter.name) === "true" });
  box.addEventListener("change", () => set(box.checked ? "true" : ""));
  return [box];
}

function choice({ name, choices, default: usual }, set) {
  const options = [make("option", { value: "", textContent: `default: ${usual}` })];
  options.push(...choices.map((word) => make("option", { value: word, textContent: word })));
  const select = make("select", {}, ...options);
  select.value = valueOf(name);
  select.addEventListener("change", () => set(select.value));
  return [select];
}

function colour({ name }, set) {
  const [input] = text({ name, placeholder: "R,G,B" }, set);
  const picker = make("input", { type: "color", value: "#ffffff", ariaLabel: `${name}: choose a colour` });
  picker.addEventListener("input", () => {
    input.value = picker.value.match(/\w\w/g).map((pair) => parseInt(pair, 16)).join(",");
    set(input.value);
  });
  return [input, picker];
}

/** Mark the control of the parameter that the server's message names, if it names one. */
function blame(message) {
  const named = message.match(/parameter "(\w+)"/)?.[1];
  for (const field of document.querySelectorAll(".turn .field")) {
    const bad = field.dataset.name === named;
    field.classList.toggle("bad", bad);
    const control = field.querySelector("input, select, textarea");
    if (bad) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}
