/** Joins class names, leaving out what is not wanted: `classes(styles.row, active && styles.active)`. */
export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
