// The clock jumps: what was ended stays ended, what was counted stays counted, and no year is too late.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import {
	askAt,
	DELETE,
	ENGINES,
	type House,
	openDatabase,
	openHouse,
	type Process,
	RENEW,
	SIGN_IN,
	SIGN_UP,
	startProcess,
} from "./house.ts";
import { addressAt, assertFirst, EMAIL, outcomes, PASSWORD, THROTTLED, visitor } from "./limits/visitors.ts";
import { mailedLink, readerOf, redeem, refusalOf, tokenOf } from "./recovery/links.ts";

const HOUR = 3600;
const LIFETIME = 42 * 24 * HOUR;
/** Beyond 2038, where seconds no longer fit 32 bits, and beyond 2106, where they do not fit without a sign either. */
const YEARS = [2039, 2107, 8000] as const;

for (const engine of ENGINES) {
	test(`customers live as ever in ${YEARS.join(", ")} (${engine})`, async () => {
		await using house = await openHouse(engine);
		const first = await house.signedIn(EMAIL, PASSWORD);
		for (const year of YEARS) {
			await house.advance(Date.UTC(year, 1, 28, 23, 59, 59) / 1000 - house.app.clock.now());
			assert.equal(await readerOf(house, first), null);
			const { data } = await house.ask(SIGN_IN, { input: { email: EMAIL, password: PASSWORD } });
			const { accessToken: t, expiresAt } = data.customerAccessTokenCreate.customerAccessToken;
			const now = house.app.clock.now();
			assert.ok(Math.abs(Date.parse(expiresAt) / 1000 - LIFETIME - now) <= 2, expiresAt);
			const renewed = (await house.ask(RENEW, { t })).data.customerAccessTokenRenew.customerAccessToken;
			assert.ok(Date.parse(renewed.expiresAt) >= Date.parse(expiresAt));
			const link = await mailedLink(house, "reset");
			await house.advance(HOUR - 60);
			tokenOf(await redeem(house, link, PASSWORD));
			assert.equal(await readerOf(house, t), null);
			const late = await mailedLink(house, "reset");
			await house.advance(HOUR);
			assert.deepEqual(refusalOf(await redeem(house, late, PASSWORD)), ["TOKEN_INVALID"]);
			const guess = () => visitor(house, addressAt(year)).signIn("guess");
			assertFirst(await outcomes(11, guess), 10);
			await house.advance(HOUR);
		}
	});
}

/** A server of its own process on the folder's database, as one that can be asked. */
function serving(server: Process): Pick<House, "ask" | "advance" | "keys"> {
	return {
		keys: server,
		ask: (query, variables = {}, options = {}) => askAt(server, query, variables, options),
		advance: async (seconds) => {
			const body = JSON.stringify({ advanceSeconds: seconds });
			await fetch(`${server.url}/_dev/clock`, { method: "POST", body });
		},
	};
}

test("a clock that is set back by hours brings back no token that was deleted, and no guess", async () => {
	await using database = await openDatabase();
	const folder = mkdtempSync(join(tmpdir(), "latchkey-clock-"));
	const cheap = { LATCHKEY_PASSWORD_MEMORY_KIB: "8", LATCHKEY_PASSWORD_PASSES: "1" };
	const start = () => startProcess(["--database", database.url], cheap, folder);
	const signIn = async (house: Pick<House, "ask">): Promise<string> => {
		const { data } = await house.ask(SIGN_IN, { input: { email: EMAIL, password: PASSWORD } });
		return data.customerAccessTokenCreate.customerAccessToken.accessToken;
	};
	try {
		let [kept, deleted] = ["", ""];
		{
			await using server = await start();
			const house = serving(server);
			await house.advance(3 * HOUR);
			await house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } });
			[kept, deleted] = [await signIn(house), await signIn(house)];
			await house.ask(DELETE, { t: deleted });
			const guess = () => visitor(house, addressAt(1)).signIn("guess");
			assertFirst(await outcomes(11, guess), 10);
		}
		// A new process begins at the world's own time: three hours earlier than the last one's.
		await using server = await start();
		const house = serving(server);
		assert.equal(await readerOf(house, kept), EMAIL);
		assert.equal(await readerOf(house, deleted), null);
		assert.equal((await house.ask(RENEW, { t: deleted })).data.customerAccessTokenRenew, null);
		assert.equal(
			await visitor(house, addressAt(2)).signIn(PASSWORD),
			THROTTLED,
			"the guesses are not forgotten",
		);
		// And the token ends where it would have, by the clock that is in force now.
		await house.advance(LIFETIME + 3 * HOUR + 60);
		assert.equal(await readerOf(house, kept), null);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
