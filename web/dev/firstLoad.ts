import { gzipSync } from "node:zlib";

import type { Plugin, Rolldown } from "vite";

/** Fails the build when the shell with one page, without charts, weighs more than the design allows. */
export function firstLoadLimit(page: string, kilobytes: number): Plugin {
  return {
    name: "northing-first-load",
    apply: "build",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output): output is Rolldown.OutputChunk => output.type === "chunk");
      const roots = chunks.filter((chunk) => chunk.isEntry || chunk.facadeModuleId?.endsWith(page));
      if (roots.length < 2) this.error(`The first load cannot be measured: no chunk for ${page}.`);
      const files = new Set<string>();
      roots.forEach((root) => collect(root.fileName, chunks, files));
      const weight = [...files].reduce((sum, file) => sum + weigh(bundle[file]), 0) / 1000;
      if (weight > kilobytes) this.error(`The first load weighs ${weight.toFixed(1)} kB gzip; the limit is ${kilobytes} kB.`);
      this.info(`first load ${weight.toFixed(1)} kB gzip of ${kilobytes} kB`);
    },
  };
}

function collect(file: string, chunks: readonly Rolldown.OutputChunk[], files: Set<string>) {
  if (files.has(file)) return;
  files.add(file);
  const chunk = chunks.find((one) => one.fileName === file);
  chunk?.imports.forEach((next) => collect(next, chunks, files));
  for (const style of cssOf(chunk)) files.add(style);
}

/** Vite notes on each chunk which style sheets it brings. */
function cssOf(chunk: Rolldown.OutputChunk | undefined): Iterable<string> {
  return (chunk as { viteMetadata?: { importedCss: Set<string> } } | undefined)?.viteMetadata?.importedCss ?? [];
}

function weigh(output: Rolldown.OutputBundle[string] | undefined): number {
  if (!output) return 0;
  return gzipSync(output.type === "chunk" ? output.code : output.source).length;
}
