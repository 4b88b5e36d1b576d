/** One figure beside others, above a chart. */
export function Fact({ name, value, hint }: { readonly name: string; readonly value: string; readonly hint?: string }) {
  return (
    <div title={hint}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
