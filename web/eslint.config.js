import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules", "scripts", "src/api/schema.ts"] },
  ...tseslint.configs.recommended,
  jsxA11y.flatConfigs.recommended,
  reactHooks.configs.flat["recommended-latest"] ?? reactHooks.configs["recommended-latest"],
  {
    files: ["**/*.{ts,tsx}"],
    rules: {
      "max-lines": ["error", { max: 250, skipBlankLines: true }],
      "max-depth": ["error", 3],
      "@typescript-eslint/no-explicit-any": "error",
      "no-restricted-imports": ["error", { patterns: [{ group: ["echarts", "echarts/*"], message: "Charts are drawn in src/charts/ only." }] }],
      // Scroll regions must be reachable by keyboard, and an autofocused first field is what a dialog or sign-in page is for.
      "jsx-a11y/no-noninteractive-tabindex": "off",
      "jsx-a11y/no-autofocus": "off",
    },
  },
  // Data files of our own words and shapes may be long.
  { files: ["src/charts/**"], rules: { "no-restricted-imports": "off" } },
  { files: ["src/text.ts", "dev/**"], rules: { "max-lines": "off" } },
);
