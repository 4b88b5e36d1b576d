import { Button, FormActions, Notice } from "@/design";
import { text } from "@/text";

interface SaveButtonProps {
  dirty: boolean;
  busy: boolean;
  failure: string | null;
}

export function SaveButton({ dirty, busy, failure }: SaveButtonProps) {
  return (
    <>
      {failure && <Notice tone="bad">{failure}</Notice>}
      <FormActions>
        <Button type="submit" variant="primary" disabled={!dirty} busy={busy}>
          {text.common.saveChanges}
        </Button>
      </FormActions>
    </>
  );
}
