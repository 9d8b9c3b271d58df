// sharp's side of the comparison: one thread, file bytes in memory, like darkroom's side.
// In: one JSON object a line {source, width, format, quality, effort, output}. Out: {milliseconds}.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import sharp from "sharp";

sharp.concurrency(1);
sharp.cache(false); // every run is a miss

const encoders = {
  jpeg: (image, quality) => image.jpeg({ quality }),
  webp: (image, quality) => image.webp({ quality }),
  avif: (image, quality, effort) => image.avif({ quality, effort }),
  png: (image) => image.png(),
};

async function measure({ source, width, format, quality, effort, output }) {
  const bytes = readFileSync(source);
  const start = process.hrtime.bigint();
  const image = width ? sharp(bytes).rotate().resize({ width }) : sharp(bytes);
  const rendition = await encoders[format](image, quality, effort).toBuffer();
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  writeFileSync(output, rendition);
  return { milliseconds };
}

console.log(JSON.stringify({ sharp: sharp.versions.sharp ?? "", vips: sharp.versions.vips }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await measure(JSON.parse(line))));
}
