// From the commit that decides a mail to the reply of a mail server that takes it: late if need be, and never lost.
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import test from "node:test";
import { disableCustomer } from "../../src/store/customer-states.ts";
import { statement } from "../../src/store/engine.ts";
import { listWaitingMails, retryMails } from "../../src/store/outbox.ts";
import { ENGINES, type EngineName, type House, openDatabase, openHouse, READ, UPDATE } from "../house.ts";
import {
	askForLink,
	canSignIn,
	EMAIL,
	FORMS,
	PASSWORD,
	redeem,
	refusalOf,
	tokenOf,
} from "../recovery/links.ts";
import { PostOffice } from "./post-office.ts";

const SHOP = "https://shop.example";
const NEW = "new battery staple";
const MINUTE = 60;

/** A house whose mails go to the office, and a customer whose welcome has arrived there. */
async function settle(engine: EngineName, office: PostOffice): Promise<{ house: House; token: string }> {
	const house = await openHouse(engine, {
		smtpUrl: office.url,
		shopUrl: SHOP,
		mailFrom: "Ada's <hello@shop.example>",
	});
	const token = await house.signedIn(EMAIL, PASSWORD);
	await deliver(house);
	assert.equal(office.letters.length, 1);
	return { house, token };
}

/** Sends what is due. */
async function deliver(house: House): Promise<void> {
	await house.mails();
}

interface Waiting {
	readonly attempts: number;
	/** Seconds to the next attempt; null for one that was given up. */
	readonly left: number | null;
}

async function waiting({ app }: House): Promise<readonly Waiting[]> {
	const now = app.clock.now();
	return (await listWaitingMails(app.store, app.shop.id)).map(({ attempts, nextAttemptAt }) => ({
		attempts,
		left: nextAttemptAt === null ? null : nextAttemptAt - now,
	}));
}

function asLink(url: string | null | undefined) {
	return { purpose: "reset", id: "", token: "", url: url ?? "" } as const;
}

for (const engine of ENGINES) {
	test(`${engine}: a mail goes out whole, to one recipient, and its link works`, async () => {
		await using office = await PostOffice.open();
		const { house } = await settle(engine, office);
		await using _ = house;
		await askForLink(house, "reset", "ADA@example.com");
		await deliver(house);
		const [, letter, ...more] = office.letters;
		assert.deepEqual(more, []);
		assert.deepEqual(letter?.recipients, [EMAIL]);
		assert.equal(letter?.subject, "Reset your password at Latchkey");
		assert.match(letter?.link ?? "", /^https:\/\/shop\.example\/account\/reset\/\d+\/[0-9a-f]{48}-\d+$/);
		assert.deepEqual(await waiting(house), []);
		tokenOf(await redeem(house, asLink(letter?.link), NEW, "url"));
		await deliver(house);
		assert.deepEqual(office.letters.at(-1)?.subject, "Your password at Latchkey was changed");
	});

	for (const [says, away] of [
		["is not there", async (office: PostOffice) => office.leave()],
		["refuses for now", async (office: PostOffice) => office.behave(451)],
	] as const) {
		test(`${engine}: a mail server that ${says} delays a mail by growing pauses, and loses none`, async () => {
			await using office = await PostOffice.open();
			const { house } = await settle(engine, office);
			await using _ = house;
			await away(office);
			await askForLink(house, "reset");
			for (let attempt = 1; attempt <= 6; attempt++) {
				await deliver(house);
				const pause = MINUTE * 2 ** (attempt - 1);
				const [mail] = await waiting(house);
				assert.equal(mail?.attempts, attempt);
				assert.ok(Number(mail.left) <= pause && Number(mail.left) > pause - 30, `${mail.left} of ${pause}`);
				// Just before, nothing is tried.
				await house.advance(Number(mail.left) - 5);
				await deliver(house);
				assert.equal((await waiting(house))[0]?.attempts, attempt);
				await house.advance(5);
			}
			office.behave("take");
			if (says === "is not there") await office.arrive();
			await deliver(house);
			assert.equal(office.letters.length, 2);
			assert.deepEqual(await waiting(house), []);
			// Mailed more than half an hour late, the link has its whole hour before it.
			await house.advance(59 * MINUTE);
			tokenOf(await redeem(house, asLink(office.letters[1]?.link), NEW, "url"));
		});
	}

	test(`${engine}: after 11 attempts a mail is left to the operator, who can have it sent`, async () => {
		await using office = await PostOffice.open();
		const { house } = await settle(engine, office);
		await using _ = house;
		office.behave(451);
		await askForLink(house, "reset");
		for (let attempt = 1; attempt <= 11; attempt++) {
			await deliver(house);
			await house.advance((await waiting(house))[0]?.left ?? 0);
		}
		await house.advance(365 * 86_400);
		await deliver(house);
		assert.deepEqual(await waiting(house), [{ attempts: 11, left: null }]);
		assert.equal(office.asked, 1 + 11);
		office.behave("take");
		const { store, shop, clock } = house.app;
		assert.equal(await retryMails(store, shop.id, null, clock.now()), 1);
		await deliver(house);
		assert.equal(office.letters.length, 2);
		tokenOf(await redeem(house, asLink(office.letters[1]?.link), NEW, "url"));
	});

	test(`${engine}: a mail that is refused for good is tried once, and left to the operator`, async () => {
		await using office = await PostOffice.open();
		const { house } = await settle(engine, office);
		await using _ = house;
		office.behave(550);
		await askForLink(house, "reset");
		await deliver(house);
		assert.deepEqual(await waiting(house), [{ attempts: 1, left: null }]);
		await house.advance(30 * 86_400);
		await deliver(house);
		assert.equal(office.asked, 2);
		// Asked for anew, it is tried anew, and the one given up is gone.
		office.behave("take");
		await askForLink(house, "reset");
		await deliver(house);
		assert.equal(office.letters.length, 2);
		assert.deepEqual(await waiting(house), []);
	});

	test(`${engine}: a mail server that hangs holds up no request, and what it was given is sent again`, async () => {
		await using office = await PostOffice.open();
		const { house, token } = await settle(engine, office);
		await using _ = house;
		await office.leave();
		const port = Number(new URL(office.url).port);
		const sockets: Socket[] = [];
		let connected: () => void = () => {};
		const met = new Promise<void>((resolve) => {
			connected = resolve;
		});
		// Takes connections, and never says a word.
		const silent = createServer((socket) => {
			socket.on("error", () => undefined);
			sockets.push(socket);
			connected();
		});
		await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
		await askForLink(house, "reset");
		const delivered = deliver(house);
		await met;
		assert.equal((await house.ask(READ, { t: token })).data.customer.email, EMAIL);
		assert.ok(await canSignIn(house, PASSWORD));
		await askForLink(house, "reset");
		// Whoever runs it ends it: what waits in it is refused from then on.
		const closed = new Promise((resolve) => silent.close(resolve));
		for (const socket of sockets) socket.destroy();
		await Promise.all([delivered, closed]);
		await office.arrive();
		await house.advance(2 * MINUTE);
		await deliver(house);
		// Of the two that were asked for, the newer one.
		assert.equal(office.letters.length, 2);
		tokenOf(await redeem(house, asLink(office.letters[1]?.link), NEW, "url"));
	});

	test(`${engine}: a link that was withdrawn while its mail waited is never mailed`, async () => {
		await using office = await PostOffice.open();
		for (const withdraw of [
			async (house: House, t: string) => house.ask(UPDATE, { t, customer: { email: "new@example.com" } }),
			async (house: House, t: string) => house.ask(UPDATE, { t, customer: { password: NEW } }),
			async ({ app }: House) => {
				const rows = await app.store.read(statement("SELECT id FROM customers"), []);
				const customerId = Number(rows[0]?.["id"]);
				await disableCustomer(app.store, { shopId: app.shop.id, customerId, now: app.clock.now() });
			},
		]) {
			office.letters.length = 0;
			office.behave("take");
			const { house, token } = await settle(engine, office);
			await using _ = house;
			office.behave(451);
			await askForLink(house, "reset");
			await deliver(house);
			const [mail] = await waiting(house);
			assert.equal(mail?.attempts, 1);
			await withdraw(house, token);
			office.behave("take");
			await house.advance(86_400);
			await deliver(house);
			assert.deepEqual(await waiting(house), []);
			assert.deepEqual(
				office.letters.filter(({ link }) => link !== null),
				[],
			);
		}
	});

	test(`${engine}: of links asked for while the mail server was away, the newest is mailed, alone`, async () => {
		await using office = await PostOffice.open();
		const { house } = await settle(engine, office);
		await using _ = house;
		await office.leave();
		for (let i = 0; i < 5; i++) {
			await askForLink(house, "reset");
			await deliver(house);
		}
		await office.arrive();
		await house.advance(2 * MINUTE);
		await deliver(house);
		assert.equal(office.letters.length, 2);
		const link = asLink(office.letters[1]?.link);
		tokenOf(await redeem(house, link, NEW, "url"));
		for (const form of FORMS) assert.notEqual(refusalOf(await redeem(house, link, NEW, form)).length, 0);
	});
}

test("a stop lets the mails under way finish and begins no others, and the next start sends the rest", async () => {
	await using database = await openDatabase();
	await using office = await PostOffice.open();
	const settings = { databaseUrl: database.url, smtpUrl: office.url, shopUrl: SHOP };
	const emails = Array.from({ length: 20 }, (_, i) => `customer${i}@example.com`);
	{
		const house = await openHouse(ENGINES[0], settings);
		office.behave("holdRecipient");
		for (const email of emails) await house.signedIn(email, PASSWORD);
		const { delivery } = house.app;
		const flushed = delivery?.flush();
		await office.whenHeld(1);
		const closed = delivery?.close();
		await office.leave();
		await Promise.all([flushed, closed]);
		const untried = (await waiting(house)).filter(({ attempts }) => attempts === 0);
		assert.ok(untried.length >= emails.length - 8, `${untried.length} were not tried`);
		await house[Symbol.asyncDispose]();
	}
	assert.deepEqual(office.letters, []);
	await office.arrive();
	office.behave("take");
	await using house = await openHouse(ENGINES[0], settings);
	const untried = (await waiting(house)).filter(({ attempts }) => attempts === 0);
	assert.ok(
		untried.length >= emails.length - 8 || office.letters.length > 0,
		`${untried.length} were not tried`,
	);
	await house.advance(2 * MINUTE);
	await deliver(house);
	assert.deepEqual(office.letters.flatMap(({ recipients }) => recipients).sort(), emails.sort());
});
