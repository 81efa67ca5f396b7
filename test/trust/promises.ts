// What Latchkey promises about security and reliability, and where each promise is shown. docs/trust.md is printed from
// this and from measured.json; promises.test.ts sees to it that every test, row and run that is named here is there.
import { CLUSTER } from "./promises/cluster.ts";
import { FAULTS } from "./promises/faults.ts";
import { GUESSING } from "./promises/guessing.ts";
import { PASSWORDS } from "./promises/passwords.ts";
import { RECOVERY } from "./promises/recovery.ts";
import { REQUESTS } from "./promises/requests.ts";
import { SYSTEMS } from "./promises/systems.ts";
import { TOKENS } from "./promises/tokens.ts";
import type { RunName } from "./runs.ts";

export interface Promised {
	readonly id: string;
	/** In a sentence. */
	readonly says: string;
	/** By what it is judged. */
	readonly goal: string;
	/**
	 * File under test/ → names of its tests. An ellipsis stands for what a name has from a loop; an engine, a version or
	 * the like at the end of a name is left out.
	 */
	readonly tests?: Readonly<Record<string, readonly string[]>>;
	/** Rows of the contract, each a test of its own. */
	readonly rows?: readonly string[];
	/** Runs of `npm run trust` that measure it. */
	readonly runs?: readonly RunName[];
	/** What does not apply, is not there yet, or is otherwise than the goal, and why. */
	readonly but?: string;
}

export interface Section {
	readonly title: string;
	readonly promises: readonly Promised[];
}

export const SECTIONS: readonly Section[] = [
	{ title: "Tokens and secrets", promises: TOKENS },
	{ title: "Passwords", promises: PASSWORDS },
	{ title: "Guessing, asking who is there, flooding", promises: GUESSING },
	{ title: "Recovery, activation, the end of tokens", promises: RECOVERY },
	{ title: "Requests", promises: REQUESTS },
	{ title: "What reaches other systems", promises: SYSTEMS },
	{ title: "Faults", promises: FAULTS },
	{ title: "Many processes, one truth", promises: CLUSTER },
];
