/** What a version of an insight changed, in words. */
import type { SavedVersion } from "@/api/saved";
import { stable } from "@/products/analytics/insight/kind";

/** Against the version before it; the first one has none. */
export function changesOf(version: SavedVersion, before: SavedVersion | undefined): string {
  if (!before) return "Made";
  const changed = [
    version.name !== before.name && "name",
    stable(version.query) !== stable(before.query) && fieldWords("question", version.query, before.query),
    stable(version.display) !== stable(before.display) && fieldWords("display", version.display, before.display),
    version.description !== before.description && "description",
    stable(version.tags) !== stable(before.tags) && "tags",
  ].filter((words): words is string => typeof words === "string");
  if (changed.length === 0) return "Nothing changed";
  const words = changed.join(", ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function fieldWords(of: string, now: SavedVersion["query"], before: SavedVersion["query"]): string {
  const fields = [...new Set([...Object.keys(now), ...Object.keys(before)])].filter((name) => stable(now[name]) !== stable(before[name]));
  return `${of} (${fields.map((name) => name.replaceAll("_", " ")).join(", ")})`;
}
