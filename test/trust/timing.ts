// G6, G7 and T3: whether the time of an answer tells who has an account, or how much of a token was right. A server in a
// process of its own, one connection, and the kinds of requests in turn, in an order drawn anew each time.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PasswordCost } from "../../src/secrets/password.ts";
import { type Process, READ, RECOVER, SIGN_IN, SIGN_UP, startProcess } from "../house.ts";
import { addressAt, comingFrom } from "../limits/visitors.ts";
import type { Figure, Options } from "./figure.ts";
import { emailOf, insertCustomers, PASSWORD, type State, WRONG } from "./timing/customers.ts";
import { aucOf, type Kind, medianOf, timeRounds, WARM_UP } from "./timing/rounds.ts";
import { openStopwatch, type Question } from "./timing/stopwatch.ts";

const OFFICIAL_PAIRS = 5_000;
const OFFICIAL_COST: PasswordCost = { memoryKib: 19_456, passes: 2 };
const MOST_FROM_HALF = 0.03;
const MOST_MS = 1;

/** Kinds that must not be told apart from the first of them. */
interface Comparison {
	readonly promise: string;
	readonly what: string;
	readonly settings: Readonly<Record<string, string>>;
	/** Of a hash; the official one where nothing is said. */
	readonly cost?: PasswordCost;
	/** What has to be done before. */
	readonly prepare?: (server: Process) => Promise<void>;
	readonly kinds: (server: Process) => Promise<readonly Kind[]>;
}

const UNIDENTIFIED = /"UNIDENTIFIED_CUSTOMER"/;
const signIn = (email: string, password: string) => ({
	query: SIGN_IN,
	variables: { input: { email, password } },
});
const signUp = (email: string) => ({
	query: SIGN_UP,
	variables: { input: { email, password: PASSWORD, firstName: "Ada" } },
});

/** Every attempt is counted as always, but never too many. */
const ROOM = {
	LATCHKEY_LIMIT_FAILURES: "999/1",
	LATCHKEY_LIMIT_SIGN_UPS: "999/1",
	LATCHKEY_LIMIT_RECOVERIES: "999/1",
};
const QUIET = { ...ROOM, LATCHKEY_ENUMERATION: "quiet" };
const THROTTLED_STATES: readonly State[] = ["enabled", "nobody"];

const COMPARISONS: readonly Comparison[] = [
	{
		promise: "T3",
		what: "a token that shares no character with a real one",
		settings: {},
		kinds: async (server) => {
			const token = await takeToken(server);
			return [0, 8, 16, 31].map((shared) => ({
				name: `one that shares ${shared}`,
				ask: () => ({ query: READ, variables: { t: resemble(token, shared) } }),
				says: /"customer":null/,
			}));
		},
	},
	{
		promise: "G6",
		what: "a wrong password while throttled",
		settings: { LATCHKEY_LIMIT_FAILURES: "off" },
		prepare: async (server) => {
			for (const state of THROTTLED_STATES) {
				for (let index = 0; index < 10; index++)
					await tryFrom(server, index, signIn(emailOf(state, 0), WRONG));
			}
		},
		kinds: async () => [
			{ name: "a wrong one", ask: () => signIn(emailOf("enabled", 0), WRONG), says: /THROTTLED/ },
			{ name: "the right one", ask: () => signIn(emailOf("enabled", 0), PASSWORD), says: /THROTTLED/ },
			{
				name: "an address that nobody has",
				ask: () => signIn(emailOf("nobody", 0), WRONG),
				says: /THROTTLED/,
			},
		],
	},
	{
		promise: "G7",
		what: "a recovery of an enabled account, where nobody is told",
		settings: QUIET,
		kinds: async () =>
			kindsOf(
				(state, round) => ({ query: RECOVER, variables: { email: emailOf(state, round) } }),
				/"userErrors":\[\]/,
			),
	},
	{
		promise: "G7",
		what: "a sign-up with the address of an enabled account, where nobody is told",
		settings: QUIET,
		kinds: async () => kindsOf((state, round) => signUp(emailOf(state, round)), /CUSTOMER_DISABLED/),
	},
	{
		promise: "G6",
		what: "a wrong password of an enabled account",
		settings: ROOM,
		kinds: signInKinds,
	},
	{
		promise: "G6",
		what: "a wrong password of an enabled account, where a hash costs nothing that could hide the rest",
		settings: ROOM,
		cost: { memoryKib: 8, passes: 1 },
		kinds: signInKinds,
	},
];

const NAMES: Readonly<Record<State, string>> = {
	enabled: "an enabled account",
	disabled: "a disabled one",
	invited: "an invited one, without a password",
	multipassOnly: "one that only Multipass has let in",
	nobody: "an address that nobody has",
};

function kindsOf(ask: (state: State, round: number) => Question, says: RegExp): readonly Kind[] {
	const states = Object.keys(NAMES) as State[];
	return states.map((state) => ({ name: NAMES[state], ask: (round) => ask(state, round), says }));
}

async function signInKinds(): Promise<readonly Kind[]> {
	return kindsOf((state, round) => signIn(emailOf(state, round), WRONG), UNIDENTIFIED);
}

export async function run({ count, seed }: Options): Promise<readonly Figure[]> {
	const pairs = count ?? OFFICIAL_PAIRS;
	// What chance alone does: two standard deviations of a measurement of two kinds that are the same.
	const noise = 2 * Math.sqrt((2 * pairs + 1) / (12 * pairs * pairs));
	process.stderr.write(`${pairs} pairs: an AUC is within ${noise.toFixed(3)} of a half by chance\n`);
	const figures: Figure[] = [];
	for (const comparison of COMPARISONS) {
		process.stderr.write(`${comparison.what} …\n`);
		figures.push(...(await compare(comparison, pairs, seed)));
	}
	return figures;
}

async function compare(
	{ promise, what, settings, cost = OFFICIAL_COST, prepare, kinds }: Comparison,
	pairs: number,
	seed: number,
): Promise<readonly Figure[]> {
	await using cleanup = new AsyncDisposableStack();
	const folder = mkdtempSync(join(tmpdir(), "latchkey-timing-"));
	cleanup.defer(() => rmSync(folder, { recursive: true }));
	const path = join(folder, "timing.db");
	const server = cleanup.use(
		await startProcess(["--database", `sqlite:${path}`], { ...settings, ...settingsOf(cost) }, folder),
	);
	await insertCustomers(path, WARM_UP + pairs, cost);
	await prepare?.(server);
	// The attacker's own address: nobody has ever signed in from it.
	using stopwatch = await openStopwatch(server.url, comingFrom({ keys: server }, "198.51.100.7"));
	const asked = await kinds(server);
	const times = await timeRounds(stopwatch, asked, pairs, seed);
	const [reference = new Float64Array()] = times.values();
	return asked.slice(1).map(({ name }) => {
		const own = times.get(name) as Float64Array;
		const auc = aucOf(own, reference);
		const apart = medianOf(own) - medianOf(reference);
		const figure = `${pairs} pairs, ${what} against ${name}: AUC ${auc.toFixed(3)}, medians ${apart.toFixed(3)} ms apart of ${medianOf(reference).toFixed(2)}`;
		process.stderr.write(`  ${figure}\n`);
		return {
			promise,
			figure,
			isMet: Math.abs(auc - 0.5) <= MOST_FROM_HALF && Math.abs(apart) <= MOST_MS,
		};
	});
}

function settingsOf({ memoryKib, passes }: PasswordCost): Record<string, string> {
	return { LATCHKEY_PASSWORD_MEMORY_KIB: String(memoryKib), LATCHKEY_PASSWORD_PASSES: String(passes) };
}

/** As a shopper at an address of its own. */
async function tryFrom(
	server: Process,
	index: number,
	question: Question,
): Promise<{
	readonly data: { customerAccessTokenCreate: { customerAccessToken: { accessToken: string } | null } };
}> {
	const response = await fetch(`${server.url}/api/2026-04/graphql.json`, {
		method: "POST",
		headers: { "Content-Type": "application/json", ...comingFrom({ keys: server }, addressAt(index)) },
		body: JSON.stringify(question),
	});
	return (await response.json()) as Awaited<ReturnType<typeof tryFrom>>;
}

async function takeToken(server: Process): Promise<string> {
	const { data } = await tryFrom(server, 0, signIn(emailOf("enabled", 0), PASSWORD));
	const token = data.customerAccessTokenCreate.customerAccessToken?.accessToken;
	if (!token) throw new Error(JSON.stringify(data));
	return token;
}

/** Another token that begins as this one does, for so many characters and no longer. */
function resemble(token: string, shared: number): string {
	const own = randomBytes(token.length / 2).toString("hex");
	const next = token[shared] === "0" ? "1" : "0";
	return token.slice(0, shared) + next + own.slice(shared + 1);
}
