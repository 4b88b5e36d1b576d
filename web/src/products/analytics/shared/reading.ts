/**
 * Reads a page's state out of its address. An address is typed, shortened and shared by people, so what cannot
 * be read becomes undefined, and the page falls back to its default instead of failing.
 */

export type Read<T> = (value: unknown) => T | undefined;

export function oneOf<const T>(choices: readonly T[]): Read<T> {
  return (value) => choices.find((choice) => choice === value);
}

/** Text that matches the pattern; any text but the empty one without it. */
export function text(pattern = /[^]/): Read<string> {
  return (value) => (typeof value === "string" && pattern.test(value) ? value : undefined);
}

export const flag: Read<boolean> = (value) => (typeof value === "boolean" ? value : undefined);

export function wholeNumber(least: number, most: number): Read<number> {
  return (value) => (Number.isInteger(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined);
}

/** A list of what can be read; the rest is dropped. Undefined where nothing is left. */
export function listOf<T>(read: Read<T>, most = 100): Read<T[]> {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const items = value.slice(0, most).flatMap((item) => read(item) ?? []);
    return items.length > 0 ? items : undefined;
  };
}

type Fields = Readonly<Record<string, Read<unknown>>>;

export type Shape<F extends Fields> = { [K in keyof F]?: F[K] extends Read<infer T> ? T | undefined : never };

/** An object with those fields that could be read. */
export function fieldsOf<F extends Fields>(fields: F): (value: Record<string, unknown>) => Shape<F> {
  return (value) => {
    const found = Object.entries(fields).map(([name, read]) => [name, read(value[name])] as const);
    return Object.fromEntries(found.filter(([, one]) => one !== undefined)) as Shape<F>;
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
