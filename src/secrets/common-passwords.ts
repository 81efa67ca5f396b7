// The passwords that are guessed first: an offline list, commonest first. Loaded only where a setting asks for it, since
// it takes some 20 MB of memory.
import { dictionary } from "@zxcvbn-ts/language-common";

/** In lower case. A look-up costs the same however many there are. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(dictionary["passwords-common"]);
