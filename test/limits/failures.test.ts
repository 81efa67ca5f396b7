// Wrong passwords, links and Multipass tokens from one address are one budget of thirty in five minutes.
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import test from "node:test";
import { ENGINES, type House, openHouse } from "../house.ts";
import { ENTER, passFor, SETTINGS } from "../multipass/passes.ts";
import { DOCUMENTS, mailedLink, newcomerWithLink } from "../recovery/links.ts";
import {
	addressAt,
	assertFirst,
	CHECKED,
	comingFrom,
	EMAIL,
	outcomeOf,
	outcomes,
	outcomesAtOnce,
	PASSWORD,
	THROTTLED,
	visitor,
} from "./visitors.ts";

const NOBODY = "gid://shopify/Customer/1";
const TOKEN = "0".repeat(48);

/** Every way to guess, and what a wrong guess is answered. */
const WAYS: readonly (readonly [string, (house: House, address: string) => Promise<string>, string])[] = [
	["a password", (house, address) => visitor(house, address).signIn("guess"), CHECKED],
	["a reset token", (house, address) => redeem(house, address, "reset", "id"), "TOKEN_INVALID"],
	["a reset link", (house, address) => redeem(house, address, "reset", "url"), "NOT_FOUND"],
	["an activation token", (house, address) => redeem(house, address, "activation", "id"), "TOKEN_INVALID"],
	["an activation link", (house, address) => redeem(house, address, "activation", "url"), "NOT_FOUND"],
	[
		"a Multipass token",
		async (house, address) => outcomeOf(await visitor(house, address).ask(ENTER, { t: "guess" })),
		"INVALID_MULTIPASS_REQUEST",
	],
];

async function redeem(
	house: House,
	address: string,
	purpose: "reset" | "activation",
	form: "id" | "url",
): Promise<string> {
	const variables = { id: NOBODY, token: TOKEN, url: `https://shop.example/account/${purpose}/1/${TOKEN}` };
	const { ask } = visitor(house, address);
	const { url, ...parts } = variables;
	const sent = form === "id" ? parts : { url };
	return outcomeOf(await ask(DOCUMENTS[purpose][form], { ...sent, password: "new password" }));
}

for (const engine of ENGINES) {
	test(`every way to guess uses up what all of them share (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		for (const [index, [says, guess, wrong]] of WAYS.entries()) {
			const address = addressAt(1 + index);
			const most = says === "a password" ? 10 : 30;
			assertFirst(await outcomes(33, () => guess(house, address)), most, wrong);
			if (most < 30) continue;
			for (const [other, otherGuess] of WAYS)
				assert.equal(await otherGuess(house, address), THROTTLED, `${other} after ${says}`);
		}
		const [one, two] = ["192.0.2.1", "192.0.2.2"];
		const mixed = await outcomes(36, async (index) => {
			const [, guess, wrong] = WAYS[1 + (index % 5)] as (typeof WAYS)[number];
			return (await guess(house, one)) === wrong ? CHECKED : THROTTLED;
		});
		assertFirst(mixed, 30);
		const burst = await outcomesAtOnce(300, async (index) => {
			const [, guess, wrong] = WAYS[1 + (index % 5)] as (typeof WAYS)[number];
			return (await guess(house, two)) === wrong ? CHECKED : THROTTLED;
		});
		assert.equal(burst.filter((outcome) => outcome === CHECKED).length, 30);
	});

	test(`what is right is no failure: links, Multipass tokens, and links with a password that will not do (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const link = await newcomerWithLink(house, "reset", EMAIL);
		const visit = visitor(house, "192.0.2.1");
		const { id, token } = link;
		const short = () => visit.ask(DOCUMENTS.reset.id, { id, token, password: "four" });
		assert.deepEqual(
			new Set(await outcomes(40, async () => outcomeOf(await short()))),
			new Set(["TOO_SHORT"]),
		);
		assert.equal(outcomeOf(await visit.ask(DOCUMENTS.reset.id, { id, token, password: PASSWORD })), "ok");
		const enter = async (index: number) =>
			outcomeOf(await visit.ask(ENTER, { t: passFor(house, { email: `sso${index}@example.com` }) }));
		assert.deepEqual(new Set(await outcomes(40, enter)), new Set(["ok"]));
		// A link is as good as lost to whoever may not try any more, and waits for them.
		const later = await mailedLink(house, "reset", EMAIL, { headers: comingFrom(house, "192.0.2.1") });
		await outcomes(30, (index) => visit.signIn("guess", `nobody${index}@example.com`));
		const sent = { id: later.id, token: later.token, password: PASSWORD };
		assert.equal(outcomeOf(await visit.ask(DOCUMENTS.reset.id, sent)), THROTTLED);
		await house.advance(301);
		assert.equal(outcomeOf(await visit.ask(DOCUMENTS.reset.id, sent)), "ok");
	});

	test(`a sign-in that finds no place in the queue of hashes is not counted (${engine})`, async () => {
		const busy = { passwordQueue: "0", passwordMemoryKib: "65536", passwordPasses: "3" };
		await using house = await openHouse(engine, busy);
		await house.signedIn(EMAIL, PASSWORD);
		let checked = 0;
		let turned = 0;
		// More at once than can be hashed: some are turned away, and may come again.
		for (let round = 0; checked < 10; round++) {
			assert.ok(round < 40, `${checked} were looked at`);
			const seen = await outcomesAtOnce(availableParallelism() + 3, (index) =>
				visitor(house, addressAt(1000 * round + index)).signIn("guess"),
			);
			checked += seen.filter((outcome) => outcome === CHECKED).length;
			turned += seen.filter((outcome) => outcome === THROTTLED).length;
		}
		assert.equal(checked, 10, "ten, and no more");
		assert.ok(turned > 0, "every hash found a place");
	});
}
