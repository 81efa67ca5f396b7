// The runs of `npm run trust` by name. Each is loaded only when it is asked for.
import type { Figure, Options } from "./figure.ts";

interface Run {
	readonly says: string;
	load(): Promise<{ run(options: Options): Promise<readonly Figure[]> }>;
}

export const RUNS = {
	tokens: {
		says: "a million tokens of each kind: repeated, predictable or alike? (--count: of each kind)",
		load: () => import("./tokens.ts"),
	},
	guessing: {
		says: "passwords guessed from many addresses at once; people asked for; mails provoked (--count: at once)",
		load: () => import("./guessing.ts"),
	},
	timing: {
		says: "does the time of an answer tell who has an account, or how much of a token is right? (--count: pairs)",
		load: () => import("./timing.ts"),
	},
	crash: {
		says: "killed under load, amid changes of passwords, and on a mail's way (--count: kills)",
		load: () => import("./crash.ts"),
	},
	disk: {
		says: "power cuts, full disks, writes and syncs that fail, on both engines (--count: power cuts)",
		load: () => import("./disk.ts"),
	},
	races: {
		says: "links, Multipass tokens and deletions, 200 at once (--count: rounds)",
		load: () => import("./races.ts"),
	},
	model: {
		says: "random sequences of commands against a model (--count: sequences)",
		load: () => import("./model.ts"),
	},
	fuzz: {
		says: "documents made from the schema, and broken (--count: documents)",
		load: () => import("./fuzz.ts"),
	},
	"longest-block": {
		says: "the worst requests of 64 KiB, and how long they keep others waiting",
		load: () => import("./longest-block.ts"),
	},
	patterns: {
		says: "every regular expression of the source against texts of 64 KiB made to have it backtrack",
		load: () => import("./patterns.ts"),
	},
	hashing: {
		says: "five hundred sign-ins at once, and passwords without end, beside readers (--count: sign-ins)",
		load: () => import("./hashing.ts"),
	},
	"slow-clients": {
		says: "two thousand half-open and dripping connections, and good clients beside them (--count: connections)",
		load: () => import("./slow-clients.ts"),
	},
	rolling: {
		says: "servers on one PostgreSQL restarted one after the other, under load (--count: restarts)",
		load: () => import("./rolling.ts"),
	},
	history: {
		says: "what the clients of four processes on one PostgreSQL were answered, held against itself (--count: acts)",
		load: () => import("./history.ts"),
	},
	failover: {
		says: "the primary killed under load, and its standby in its place (--count: failovers)",
		load: () => import("./failover.ts"),
	},
	copy: {
		says: "customers moved to PostgreSQL and back, and restored from a backup (--count: customers)",
		load: () => import("./copy.ts"),
	},
	"mixed-load": {
		says: "an hour of good clients beside every attack (--minutes; --count: customers)",
		load: () => import("./mixed-load.ts"),
	},
} as const satisfies Readonly<Record<string, Run>>;

export type RunName = keyof typeof RUNS;
export const RUN_NAMES = Object.keys(RUNS) as readonly RunName[];
