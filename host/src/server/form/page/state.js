// What the page knows: the server's table, what was chosen, and the URL that follows from it.
// Nothing is drawn here.

const table = JSON.parse(document.getElementById("table").textContent);
/** The path before `/form`: the server's path prefix. */
const base = location.pathname.replace(/\/form\/?$/, "");

/** The API key of the page's own address, for a server that wants one of everybody. */
const apiKey = new URLSearchParams(location.search).get("key");
const ask = (path, { headers = {}, ...options } = {}) => fetch(path, { ...options, headers: apiKey ? { ...headers, "API-Key": apiKey } : headers });

const state = {
  endpoint: table.endpoints[0].name,
  /** What the reader has set, by parameter; an empty text means "leave it out". */
  values: new Map(),
  /** `{ file }`, `{ url }` or `{ upload: File }`. */
  source: {},
};

const endpointNamed = (name) => table.endpoints.find((endpoint) => endpoint.name === name);
const parametersOf = (name) => table.parameters.filter((parameter) => parameter.endpoints.includes(name));

/** What holds for a parameter now: the reader's word, or what the endpoint begins with. */
const valueOf = (name) => state.values.get(name) ?? endpointNamed(state.endpoint).start[name] ?? "";

/** The server unescapes the name of a file once more than a query. */
const escapedOnceMore = (name) => name.replace(/[%+]/g, encodeURIComponent);

/** The pairs that the URL carries, in the order of the table. */
function pairs() {
  const set = parametersOf(state.endpoint)
    .map(({ name }) => [name, valueOf(name)])
    .filter(([, value]) => value !== "");
  if (state.source.file) set.push(["file", escapedOnceMore(state.source.file)]);
  if (state.source.url) set.push(["url", state.source.url]);
  return set;
}

/** Path and query, not signed. What RFC 3986 lets stand in a query stays readable. */
function target() {
  const escape = (text) => encodeURIComponent(text).replace(/%(2C|3A|2F|40)/g, (code) => decodeURIComponent(code));
  const query = pairs().map(([name, value]) => `${escape(name)}=${escape(value)}`).join("&");
  return `${base}/${state.endpoint}${query ? `?${query}` : ""}`;
}

const hasSource = () => Boolean(state.source.file || state.source.url || state.source.upload);

/** The choice as a fragment, so that a reload or a bookmark comes back to it. */
function remember() {
  history.replaceState(null, "", `#${target().slice(base.length + 1)}`);
}

/** Take up what the fragment says, if it says something that this server has. */
function recall() {
  const [name, query = ""] = location.hash.slice(1).split("?");
  if (!endpointNamed(name)) return;
  state.endpoint = name;
  const known = new Set(table.parameters.map((parameter) => parameter.name));
  // A parameter that was taken out stays out.
  for (const given of Object.keys(endpointNamed(name).start)) state.values.set(given, "");
  for (const [key, value] of new URLSearchParams(query)) {
    if (key === "file") state.source = { file: value.replace(/%25|%2B/g, decodeURIComponent) };
    else if (key === "url") state.source = { url: value };
    else if (known.has(key)) state.values.set(key, value);
  }
}
