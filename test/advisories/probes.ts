// For each setting that changes what a server does: two values, and what can be seen of each from outside, whatever the
// other settings are.
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import type { SettingName } from "../../src/config.ts";
import { COMMON_PASSWORDS } from "../../src/secrets/common-passwords.ts";
import { statement } from "../../src/store/engine.ts";
import { ENGINES, RECOVER, SIGN_IN, SIGN_UP, UPDATE } from "../house.ts";
import { addressAt, comingFrom, outcomeOf, visitor } from "../limits/visitors.ts";
import { countTaken, type Probe, type World } from "./settings-world.ts";
import { SHOP_PROBES } from "./shop-probes.ts";

const LIMIT = "2/600";
const TRIES = 4;
/** More hashes than any number of cores begins at once, and fewer than may wait. */
const AT_ONCE = Math.min(150, Math.max(40, 8 * availableParallelism()));
const KEPT = statement("SELECT password_hash FROM customers WHERE email = ?");
const FILE = statement("PRAGMA database_list");
/** Where the row keeps everything. */
const DATABASES = [ENGINES[0], "sqlite:file"] as const;
const COUNT_ACTS = statement("SELECT count(*) AS n FROM audit WHERE actor <> 'operator'");
const LONG_COMMON = [...COMMON_PASSWORDS].find((password) => password.length >= 15);

/** How many of four tries are let through. */
async function countAllowed(attempt: (index: number) => Promise<string>): Promise<number> {
	let allowed = 0;
	for (let index = 0; index < TRIES; index++) {
		if ((await attempt(index)) !== "THROTTLED") allowed++;
	}
	return allowed;
}

/** As many as the limit says, or all. */
const LIMITED = { values: [LIMIT, "off"], seen: [2, TRIES] } as const;

async function hashOf(world: World): Promise<string> {
	const { email } = await world.newcomer();
	return String((await world.house.app.store.read(KEPT, [email]))[0]?.["password_hash"]);
}

/** The code that a new password is refused with, if it is for its own sake. */
async function refusalOfPassword({ house, fresh }: World, password: string): Promise<string> {
	const { data } = await house.ask(SIGN_UP, { input: { email: fresh(), password } });
	const [error] = data.customerCreate.customerUserErrors;
	return error?.field.at(-1) === "password" ? error.code : "none";
}

export const PROBES: Readonly<Partial<Record<SettingName, Probe>>> = {
	...SHOP_PROBES,
	databaseUrl: {
		values: DATABASES,
		see: async ({ house }) => {
			const [main] = await house.app.store.read(FILE, []).catch(() => [{ file: null }]);
			return main?.["file"] === null ? "postgres" : main?.["file"] === "" ? "sqlite::memory:" : "sqlite:file";
		},
		seen: DATABASES,
	},
	host: {
		values: ["127.0.0.1", "127.0.0.2"],
		see: async ({ house }) => new URL(house.app.url).hostname,
		seen: ["localhost", "127.0.0.2"],
	},
	port: {
		values: ["0", "a free one"],
		see: async ({ house, freePort }) => new URL(house.app.url).port === String(freePort),
		seen: [false, true],
	},
	keepAliveSeconds: {
		values: ["65", "7"],
		see: async ({ house }) => (await fetch(`${house.app.url}/healthz`)).headers.get("keep-alive"),
		seen: ["timeout=65, max=10000", "timeout=7, max=10000"],
	},
	metrics: {
		values: ["false", "true"],
		see: async ({ house }) => (await fetch(`${house.app.url}/metrics`)).status,
		seen: [404, 200],
	},
	limitSignIns: {
		...LIMITED,
		see: async ({ house, newcomer }) => {
			const { email } = await newcomer();
			return countAllowed((index) => visitor(house, addressAt(index)).signIn("guess", email));
		},
	},
	limitFailures: {
		...LIMITED,
		see: ({ house, fresh }) => countAllowed(() => visitor(house, "192.0.2.1").signIn("guess", fresh())),
	},
	limitSignUps: {
		...LIMITED,
		see: ({ house, fresh, password }) =>
			countAllowed(() => visitor(house, "192.0.2.2").signUp(fresh(), password)),
	},
	limitRecoveries: {
		...LIMITED,
		see: ({ house, fresh }) => countAllowed(() => visitor(house, "192.0.2.3").recover(fresh())),
	},
	limitLinks: {
		...LIMITED,
		see: async ({ house, newcomer }) => {
			const { email } = await newcomer();
			return countAllowed((index) => visitor(house, addressAt(index)).recover(email));
		},
	},
	limitEmailChanges: {
		...LIMITED,
		see: async ({ house, newcomer, phone }) => {
			const { token: t } = await newcomer();
			const { ask } = visitor(house, "192.0.2.4");
			return countAllowed(async () => outcomeOf(await ask(UPDATE, { t, customer: { phone: phone() } })));
		},
	},
	enumeration: {
		values: ["contract", "quiet"],
		see: async ({ house, fresh }) => outcomeOf(await house.ask(RECOVER, { email: fresh() })),
		seen: ["UNIDENTIFIED_CUSTOMER", "ok"],
	},
	trustedProxies: {
		values: [null, "127.0.0.0/8"],
		see: async ({ house, fresh }) => {
			const headers = { "X-Forwarded-For": "198.51.100.9" };
			return countAllowed(async () => {
				const input = { email: fresh(), password: "guess" };
				return outcomeOf(await house.ask(SIGN_IN, { input }, { headers }));
			});
		},
		seen: [TRIES, ({ limitFailures }) => (limitFailures === "off" ? TRIES : 2)],
	},
	auditDays: {
		values: ["90", "0"],
		see: async ({ house, newcomer }) => {
			await newcomer();
			return Number((await house.app.store.read(COUNT_ACTS, []))[0]?.["n"]) > 0;
		},
		seen: [true, false],
	},
	tokenlessAccess: {
		values: ["true", "false"],
		see: async ({ house }) => {
			const response = await fetch(`${house.app.url}/api/2026-04/graphql.json`, {
				method: "POST",
				headers: { "Content-Type": "application/json" },
				body: JSON.stringify({ query: "{ shop { name } }" }),
			});
			return response.status;
		},
		seen: [200, 400],
	},
	tokenLifetimeSeconds: {
		values: ["3628800", "7200"],
		see: async ({ house, newcomer }) => {
			const { expiresAt } = await newcomer();
			return Math.round((expiresAt - house.app.clock.now()) / 100) * 100;
		},
		seen: [3_628_800, 7200],
	},
	passwordMinLength: {
		values: ["5", "15"],
		see: (world) => refusalOfPassword(world, "Zq-tea-1!"),
		seen: ["none", "TOO_SHORT"],
	},
	passwordBlocklist: {
		values: ["off", "common"],
		see: (world) => refusalOfPassword(world, LONG_COMMON ?? assert.fail("no common password is so long")),
		seen: ["none", "INVALID"],
	},
	passwordMemoryKib: {
		values: ["8", "16"],
		see: async (world) => /\$m=(\d+),/.exec(await hashOf(world))?.[1],
		seen: ["8", "16"],
	},
	passwordPasses: {
		values: ["1", "2"],
		see: async (world) => /,t=(\d+),/.exec(await hashOf(world))?.[1],
		seen: ["1", "2"],
	},
	passwordQueue: {
		values: ["200", "0"],
		see: async ({ house, fresh }) => {
			const guesses = Array.from({ length: AT_ONCE }, () => {
				const input = { email: fresh(), password: "guess" };
				return house.ask(SIGN_IN, { input }, { headers: comingFrom(house, "127.0.0.1") });
			});
			return (await Promise.all(guesses)).some((answer) => outcomeOf(answer) === "THROTTLED");
		},
		seen: [false, true],
	},
	// Last, because room is scarce for a while afterwards.
	connections: {
		values: ["4000", "200"],
		see: async ({ house }) => (await countTaken(house, 260)) === 260,
		seen: [true, false],
	},
};
