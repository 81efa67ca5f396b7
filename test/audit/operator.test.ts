// The audit log of what the operator does, and `latchkey audit`, beside a running server.
import assert from "node:assert/strict";
import test from "node:test";
import { ACTS } from "../../src/model.ts";
import { type Line, openLine } from "../command-line/line.ts";
import { ENGINES, openHouse } from "../house.ts";
import { SETTINGS } from "../multipass/passes.ts";
import { EMAIL, PASSWORD, redeem } from "../recovery/links.ts";
import { customerIdBehind, readLog, shopperAt } from "./log.ts";

const HTML = '<a href="{{ customer.reset_password_url }}">{{ shop.name }}</a>';

/** Each command, and what it leaves in the log: `act detail`, with N for an id. */
const COMMANDS: readonly (readonly [command: string, entries: readonly string[]])[] = [
	[`customer create --email ${EMAIL} --tag vip --password-stdin`, ["account-created"]],
	["customer create --email ivy@example.com --invite", ["account-created", "invited"]],
	["customer invite ivy@example.com", ["invited"]],
	["customer invite ivy@example.com --link", ["invited", "link-handed-over"]],
	[`customer disable ${EMAIL}`, ["disabled"]],
	[`customer disable ${EMAIL}`, []],
	[`customer enable ${EMAIL}`, ["enabled"]],
	[`customer enable ${EMAIL}`, []],
	[`customer tag ${EMAIL} --add gold`, ["tags-changed"]],
	[`customer tag ${EMAIL} --add gold`, []],
	[`customer metafield set ${EMAIL} loyalty.tier gold`, ["metafield-set loyalty.tier"]],
	[`customer metafield remove ${EMAIL} loyalty.tier`, ["metafield-removed loyalty.tier"]],
	[`customer show ${EMAIL}`, []],
	["customer list", []],
	["customer delete ivy@example.com --yes", ["erased"]],
	["shop set --name Other --url https://other.example", ["shop-changed name url"]],
	["shop set --name Other", []],
	["shop set --email-change deny --accent-color #7a1f5c", ["shop-changed accentColor emailChange"]],
	["shop set --email-change deny", []],
	["shop set --unset email-change", ["shop-changed emailChange"]],
	["shop set --multipass", ["shop-changed multipassSecret"]],
	["shop set --no-multipass", ["shop-changed multipassSecret"]],
	["key create --kind private --title feed", ["key-created private key N"]],
	[
		"mail template set reset --language DE --subject Passwort --html-file reset.html",
		["template-set reset DE"],
	],
	["mail template remove reset --language DE", ["template-removed reset DE"]],
	["mail retry --all", []],
];

function say({ act, detail }: { readonly act: string; readonly detail: string | null }): string {
	return `${act} ${detail ?? ""}`.trimEnd().replace(/\d{3,}/, "N");
}

/** What the command adds to the log, oldest first; all of it is the operator's. */
async function recordedBy(line: Line, command: string, input = ""): Promise<readonly string[]> {
	const before = (await readLog(line.house)).length;
	const { code, notes } = await line.run(command.replace("reset.html", line.file("reset.html", HTML)), {
		input,
	});
	assert.equal(code, 0, `${command}: ${notes}`);
	const entries = (await readLog(line.house)).slice(before);
	for (const { actor, address } of entries) assert.deepEqual([actor, address], ["operator", null], command);
	return entries.map(say);
}

test("every act of the operator is recorded once, and what changes nothing is not", async () => {
	await using line = await openLine();
	const seen = new Set<string>();
	for (const [command, entries] of COMMANDS) {
		assert.deepEqual(await recordedBy(line, command, `${PASSWORD}\n`), entries, command);
		for (const entry of entries) seen.add(entry.split(" ")[0] ?? "");
	}
	const [key] = (await line.json("key list")).filter(({ title }: { title: string }) => title === "feed");
	assert.deepEqual(await recordedBy(line, `key revoke ${key.id}`), ["key-revoked private key N"]);
	for (let times = 0; times < 2; times++) await shopperAt(line.house, "192.0.2.1").signIn(EMAIL, PASSWORD);
	const [token] = await line.json(`customer tokens ${EMAIL}`);
	const signOut = `customer sign-out ${EMAIL}`;
	assert.deepEqual(await recordedBy(line, `${signOut} --token ${token.id}`), ["tokens-ended token N"]);
	assert.deepEqual(await recordedBy(line, signOut), ["tokens-ended all"]);
	assert.deepEqual(await recordedBy(line, signOut), []);

	const made = await line.json('shop create --name "Shop B" --url https://b.example');
	const own = await line.json(`audit --shop ${made.id}`);
	assert.deepEqual(own.map(say), ["shop-created"], "each shop's log is its own");
	for (const act of ["tokens-ended", "key-revoked", "shop-created"]) seen.add(act);
	const operators = ACTS.slice(ACTS.indexOf("account-created"));
	assert.deepEqual(
		operators.filter((act) => !seen.has(act)),
		[],
		"an act without a command",
	);
});

test("a command that is refused leaves nothing", async () => {
	await using line = await openLine();
	await line.json(`customer create --email ${EMAIL}`);
	const before = await readLog(line.house);
	const refused = [
		`customer create --email ${EMAIL}`,
		`customer enable ${EMAIL}`,
		`customer delete ${EMAIL}`,
		`customer metafield remove ${EMAIL} loyalty.tier`,
		`customer sign-out ${EMAIL} --token 12345`,
		"customer disable nobody@example.com",
		"key revoke 12345",
		`shop create --name B --url ${line.house.app.url}`,
		"mail template remove reset",
	];
	for (const command of refused) assert.equal((await line.run(command)).code, 1, command);
	assert.deepEqual(await readLog(line.house), before);
});

test("what the settings change at a start is the operator's, and a start that changes nothing leaves nothing", async () => {
	await using line = await openLine();
	const [first, ...others] = await readLog(line.house);
	assert.deepEqual(first && say(first), "shop-created");
	assert.deepEqual(others.map(say), [
		"key-created public key N",
		"key-created private key N",
		"key-created admin key N",
	]);
	await using house = await openHouse(ENGINES[0], SETTINGS);
	assert.equal(
		(await readLog(house)).map(say).at(-1),
		"shop-changed multipassSecret multipassSecretOfSettings",
	);
});

test("the log is shown newest first: of a customer, of an act, since a time, page by page", async () => {
	await using line = await openLine();
	const { house } = line;
	const shopper = shopperAt(house, "203.0.113.7");
	await shopper.signUp(EMAIL, PASSWORD);
	await shopper.signIn(EMAIL, "wrong");
	const id = String(await customerIdBehind(house, (await shopper.signIn(EMAIL, PASSWORD)) ?? ""));
	await shopper.signUp("grace@example.com", PASSWORD);

	const names = async (options: string): Promise<readonly string[]> =>
		(await line.json(`audit ${options}`)).map(({ act }: { readonly act: string }) => act);
	const ada = ["signed-in", "sign-in-refused", "signed-up"];
	assert.deepEqual(await names("--limit 4"), ["signed-up", ...ada]);
	assert.deepEqual(await names(`--customer ${EMAIL}`), ada);
	assert.deepEqual(await names(`--customer ${id}`), ada);
	assert.deepEqual(await names("--act signed-up"), ["signed-up", "signed-up"]);
	assert.deepEqual(await names(`--act signed-up --customer ${id}`), ["signed-up"]);
	assert.equal((await names("--since 1h")).length, 8);
	assert.deepEqual(await names("--since 2999-01-01"), []);
	assert.equal((await names("--since 2020-01-01T00:00:00+02:00")).length, 8);

	const pages: string[] = [];
	for (let after = ""; ; ) {
		const page = await line.json(`audit --limit 3${after}`);
		if (page.length === 0) break;
		pages.push(...page.map(({ act }: { readonly act: string }) => act));
		after = ` --after ${page.at(-1).id}`;
	}
	assert.deepEqual(pages, (await readLog(house)).map(({ act }) => act).toReversed());

	const { out, notes } = await line.run(`audit --customer ${EMAIL} --limit 2`);
	const [heading, newest, refused] = out.split("\n");
	assert.match(heading ?? "", /^TIME +ACT +CUSTOMER +BY +FROM +DETAIL$/);
	assert.match(newest ?? "", new RegExp(`^\\S+Z +signed-in +${id} +customer +203.0.113.7 +token \\d+$`));
	assert.match(refused ?? "", new RegExp(`^\\S+Z +sign-in-refused +${id} +visitor +203.0.113.7 +-$`));
	assert.match(notes, /--after \d+$/);

	for (const [options, sentence] of [
		["--since yesterday", /--since is a date/],
		["--since 2026-13-45", /--since is a date/],
		["--limit 0", /--limit is a number from 1 to 1000/],
		["--after 999999", /no entry 999999/],
		["--customer nobody@example.com", /No customer of/],
		["--act slept", /Allowed choices are/],
	] as const) {
		const { code, out, notes } = await line.run(`audit ${options}`);
		assert.deepEqual([code, out], [1, ""], options);
		assert.match(notes, sentence);
	}
});

test("the entries of a customer who was erased stay, with nothing personal but the id and the address", async () => {
	await using line = await openLine();
	const { house } = line;
	const shopper = shopperAt(house, "203.0.113.7");
	await shopper.signUp(EMAIL, PASSWORD);
	const id = await customerIdBehind(house, (await shopper.signIn(EMAIL, PASSWORD)) ?? "");
	assert.equal((await line.run(`customer delete ${EMAIL} --yes`)).code, 0);
	const gone = { purpose: "reset", url: "", id: `gid://shopify/Customer/${id}`, token: "none" } as const;
	await redeem(house, gone, PASSWORD);
	const log = await line.json(`audit --customer ${id}`);
	const seen = log.map((entry: Record<string, unknown>) => [entry["act"], entry["actor"], entry["address"]]);
	assert.deepEqual(seen, [
		["erased", "operator", null],
		["signed-in", "customer", "203.0.113.7"],
		["signed-up", "visitor", "203.0.113.7"],
	]);
	assert.ok(!JSON.stringify(log).includes("ada"));
	const members = ["id", "at", "act", "actor", "customerId", "address", "detail"];
	for (const entry of log) assert.deepEqual(Object.keys(entry), members);
});
