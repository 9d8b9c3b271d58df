import { createHmac } from "node:crypto";

function sign(key, target) {
  const url = new URL(target, "http://localhost");
  const escape = (text) => encodeURIComponent(text).replaceAll("%20", "+")
    .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  const pairs = [...url.searchParams].filter(([name]) => name !== "sign").sort(([a], [b]) => (a < b ? -1 : +(a > b)));
  const query = pairs.map(([name, value]) => `${escape(name)}=${escape(value)}`).join("&");
  const signature = createHmac("sha256", key).update(decodeURIComponent(url.pathname) + query).digest("base64url");
  return `${url.pathname}?${query}&sign=${signature}`;
}

console.log(sign(process.argv[2], process.argv[3]));
