import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

const TEXTS = /\.(js|css|html|svg|json|txt|webmanifest)$/;
/** Under this, headers outweigh what compression saves. */
const SMALLEST = 512;

/** Writes `.br` and `.gz` beside each text file of the build, so that the server compresses nothing at run time. */
export function precompress(): Plugin {
  return {
    name: "northing-precompress",
    apply: "build",
    writeBundle(options, bundle) {
      for (const [name, output] of Object.entries(bundle)) {
        if (!TEXTS.test(name)) continue;
        writeBeside(join(options.dir ?? "", name), Buffer.from(output.type === "chunk" ? output.code : output.source));
      }
    },
  };
}

function writeBeside(path: string, content: Buffer) {
  if (content.length < SMALLEST) return;
  const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
  const gzip = gzipSync(content, { level: 9 });
  if (brotli.length < content.length) writeFileSync(`${path}.br`, brotli);
  if (gzip.length < content.length) writeFileSync(`${path}.gz`, gzip);
}
