/** What the live page keeps in its URL. */
import { fieldsOf, text } from "../shared/reading";

export const validateLiveSearch = fieldsOf({ event: text() });
