import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { firstLoadLimit } from "./dev/firstLoad.ts";
import { mockServer } from "./dev/mock.ts";
import { precompress } from "./dev/precompress.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The theme must be known before the first paint, and our CSP refuses inline scripts: so a tiny classic script, hashed like every asset. */
function themeScript(): Plugin {
  let reference = "";
  let building = false;
  return {
    name: "northing-theme-script",
    configResolved: (config) => {
      building = config.command === "build";
    },
    buildStart() {
      if (!building) return;
      const source = readFileSync(path("./src/app/theme-first.js"), "utf8");
      reference = this.emitFile({ type: "asset", name: "theme-first.js", source });
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, context) {
        const file = context.bundle
          ? Object.values(context.bundle).find((output) => output.type === "asset" && output.names.includes("theme-first.js"))
          : undefined;
        const src = reference && file ? `/${file.fileName}` : "/src/app/theme-first.js";
        return [{ tag: "script", attrs: { src }, injectTo: "head-prepend" }];
      },
    },
  };
}

/** Style sheets arrive in any order, as chunks do; so each one states the order of the layers. */
const layerOrder = {
  postcssPlugin: "northing-layer-order",
  Once: (root: { prepend: (css: string) => void }) => root.prepend("@layer reset, tokens, base, design, app;"),
};

export default defineConfig(({ mode }) => ({
  plugins: [react(), themeScript(), firstLoadLimit("/analytics/home/index.tsx", 200), precompress(), ...(mode === "mock" ? [mockServer()] : [])],
  resolve: {
    alias: {
      "@": path("./src"),
      // Radix locks scrolling through this package, which writes <style> elements that `style-src 'self'` refuses.
      "react-style-singleton": path("./src/design/styleSingleton.ts"),
    },
  },
  css: { postcss: { plugins: [layerOrder] } },
  build: {
    outDir: "../src/northing/app/web",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    ...(mode === "mock" ? {} : { proxy: { "/api": process.env.NORTHING_DEV_API ?? "http://127.0.0.1:8001" } }),
  },
  test: {
    css: { modules: { classNameStrategy: "non-scoped" } },
    // A DOM costs two seconds per file; only what draws gets one.
    projects: [
      { extends: true, test: { name: "pure", environment: "node", include: ["src/**/*.test.ts"] } },
      { extends: true, test: { name: "drawn", environment: "jsdom", include: ["src/**/*.test.tsx"], setupFiles: ["./src/testing/setup.ts"] } },
    ],
  },
}));
