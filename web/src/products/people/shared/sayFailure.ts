import { toast } from "@/design";

/** For what fails away from any form: says what the server said. */
export function sayFailure(error: unknown) {
  toast(error instanceof Error ? error.message : "It could not be done.", "bad");
}
