// sharp's side of the comparison: one thread, file bytes in memory, like darkroom's side.
// In: one JSON object a line {source, width, format, quality, runs, output}. Out: {milliseconds, bytes}.
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

async function measure({ source, width, format, quality, effort, runs, output }) {
  const bytes = readFileSync(source);
  const times = [];
  let rendition;
  for (let run = 0; run < runs; run++) {
    const start = process.hrtime.bigint();
    rendition = await encoders[format](sharp(bytes).resize({ width }), quality, effort).toBuffer();
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  if (output) writeFileSync(output, rendition);
  return { milliseconds: times, bytes: rendition.length };
}

console.log(JSON.stringify({ sharp: sharp.versions.sharp ?? "", vips: sharp.versions.vips }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await measure(JSON.parse(line))));
}
