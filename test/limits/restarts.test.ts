// What was counted is in the database: a restart forgets nothing of it, however the process ended.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { makeToken } from "../../src/secrets/token.ts";
import { askAt, type Body, openDatabase, type Process, RECOVER, startProcess } from "../house.ts";
import {
	addressAt,
	assertFirst,
	CHECKED,
	EMAIL,
	outcomeOf,
	outcomes,
	PASSWORD,
	THROTTLED,
	visitor,
} from "./visitors.ts";

const CHEAP = { LATCHKEY_PASSWORD_MEMORY_KIB: "8", LATCHKEY_PASSWORD_PASSES: "1" };

/** A visitor of a server in a process of its own. */
function visiting(
	url: string,
	keys: { storefrontAccessToken: string; privateAccessToken: string },
	address?: string,
) {
	return visitor(
		{
			keys,
			ask: (query, variables = {}, options = {}) => askAt({ url, ...keys }, query, variables, options),
		},
		address,
	);
}

/** Keys are kept in the folder. */
interface Place {
	readonly folder: string;
	readonly database: string;
}

async function inPlace(story: (place: Place) => Promise<void>): Promise<void> {
	await using database = await openDatabase();
	const folder = mkdtempSync(join(tmpdir(), "latchkey-limits-"));
	try {
		await story({ folder, database: database.url });
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const open = ({ folder, database }: Place): Promise<Process> =>
	startProcess(["--database", database], CHEAP, folder);

test("what one process has counted holds in the next, for accounts, names and addresses", () =>
	inPlace(async (place) => {
		await using first = await open(place);
		assert.equal(await visiting(first.url, first).signUp(EMAIL), "ok");
		const guess = (server: Process, address: string, email = EMAIL) =>
			visiting(server.url, server, address).signIn("guess", email);
		assertFirst(await outcomes(6, (index) => guess(first, addressAt(index))), 6);
		assertFirst(await outcomes(6, (index) => guess(first, addressAt(index), "nobody@example.com")), 6);
		assertFirst(await outcomes(25, (index) => guess(first, "192.0.2.1", `nobody${index}@example.com`)), 25);
		assert.equal(await first.end("SIGTERM"), 0);

		await using second = await open(place);
		assertFirst(await outcomes(10, (index) => guess(second, addressAt(20 + index))), 4);
		assertFirst(await outcomes(10, (index) => guess(second, addressAt(40 + index), "nobody@example.com")), 4);
		assertFirst(await outcomes(10, (index) => guess(second, "192.0.2.1", `someone${index}@example.com`)), 5);
		assert.equal(await visiting(second.url, second, addressAt(99)).signIn(PASSWORD), THROTTLED);
	}));

test("a process that is killed in the middle of a burst gives nobody a guess for nothing", () =>
	inPlace(async (place) => {
		const seen: string[] = [];
		// Life after life: each is killed at the first answer of its burst, until all is used up.
		for (let life = 0; life < 4; life++) {
			await using server = await open(place);
			if (life === 0) assert.equal(await visiting(server.url, server).signUp(EMAIL), "ok");
			const burst = Array.from({ length: 40 }, async (_, index) => {
				const outcome = await visiting(server.url, server, addressAt(life * 100 + index)).signIn("guess");
				seen.push(outcome);
			});
			await Promise.race(burst);
			await server.end("SIGKILL");
			await Promise.allSettled(burst);
		}
		const checked = seen.filter((outcome) => outcome === CHECKED).length;
		assert.ok(checked >= 1 && checked <= 10, `${checked} were looked at`);
		await using last = await open(place);
		const after = await outcomes(12, (index) =>
			visiting(last.url, last, addressAt(900 + index)).signIn("guess"),
		);
		const more = after.filter((outcome) => outcome === CHECKED).length;
		assertFirst(after, more);
		assert.ok(checked + more <= 10, `${checked + more} were looked at`);
		assert.equal(await visiting(last.url, last, addressAt(999)).signIn(PASSWORD), THROTTLED);
	}));

test("in production the machine itself is counted like everyone, whatever it says of itself", () =>
	inPlace(async ({ folder, database }) => {
		const keys = { storefrontAccessToken: makeToken(), privateAccessToken: makeToken() };
		const env = {
			LATCHKEY_SHOP_URL: "https://shop.example",
			LATCHKEY_STOREFRONT_ACCESS_TOKEN: keys.storefrontAccessToken,
			LATCHKEY_PRIVATE_ACCESS_TOKEN: keys.privateAccessToken,
		};
		await using server = await startProcess(["--database", database], env, folder, "start");
		const recover = async (index: number) => {
			const address = addressAt(index);
			const response = await fetch(`${server.url}/api/2026-04/graphql.json`, {
				method: "POST",
				headers: {
					"Content-Type": "application/json",
					"X-Shopify-Storefront-Access-Token": keys.storefrontAccessToken,
					"X-Forwarded-For": address,
					Forwarded: `for=${address}`,
					"Shopify-Storefront-Buyer-IP": address,
				},
				body: JSON.stringify({ query: RECOVER, variables: { email: `nobody${index}@example.com` } }),
			});
			return outcomeOf((await response.json()) as Body);
		};
		const seen = await outcomes(42, recover);
		assertFirst(seen, 40);
		assert.equal(await visiting(server.url, keys, addressAt(1)).recover("nobody@example.com"), CHECKED);
	}));
