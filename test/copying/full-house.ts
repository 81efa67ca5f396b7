// A database with something in every table, written by a server and, where no request writes it, by hand; and all that
// a database holds, read without what copying itself is made of.

import { listTables } from "../../src/store/copying/tables.ts";
import type { Row, Value } from "../../src/store/engine.ts";
import { openEngine } from "../../src/store/store.ts";
import { type Outcome, runAlone } from "../command-line/line.ts";
import { openHouse, READ, SIGN_IN } from "../house.ts";
import { EMAIL, type MailedLink, mailedLink, PASSWORD } from "../recovery/links.ts";

/** Texts and numbers that one engine could keep otherwise than another. */
const ODD_TEXT = "İß ﬁ e\u0301 \u{1F600} \"'\\ \r\n\t\u0001\u007f\u200b\uffff ?1 $1 NULL";

export interface Furnished {
	/** Of a customer who has signed in. */
	readonly token: string;
	readonly link: MailedLink;
	/** The public key of a program, which was made beside the settings. */
	readonly key: { readonly id: string; readonly token: string };
}

/** Runs one command on the database that the URL names. */
export function run(databaseUrl: string, command: string): Promise<Outcome> {
	return runAlone(command, { databaseUrl });
}

/** What it prints under --json; throws where it is refused. */
// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its command.
export async function runJson(databaseUrl: string, command: string): Promise<any> {
	const { code, out, notes } = await run(databaseUrl, `${command} --json`);
	if (code !== 0) throw new Error(`latchkey ${command}: ${notes}`);
	return JSON.parse(out);
}

/** An empty database that then has a row, at least, in each of its tables. */
export async function furnish(databaseUrl: string): Promise<Furnished> {
	await using house = await openHouse(undefined, { databaseUrl });
	const token = await house.signedIn(EMAIL, PASSWORD);
	await house.ask(SIGN_IN, { input: { email: EMAIL, password: "a wrong one" } });
	const link = await mailedLink(house, "reset");
	const key = await runJson(databaseUrl, 'key create --kind public --title "web shop"');
	const customer = Number(/\d+$/.exec((await house.ask(READ, { t: token })).data.customer.id)?.[0]);
	const { shop, store } = house.app;
	const put = (table: string, ...values: readonly Value[]) =>
		store.change({ sql: `INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})` }, values);
	await put("tags", customer, "vip", "VIP");
	await put("metafields", customer, "odd", "text", Number.MAX_SAFE_INTEGER, "t", ODD_TEXT, "", 0, -1);
	await put("addresses", customer, 1, ODD_TEXT, "", null, null, null, null, null, null, null, null);
	await put("spent_multipasses", shop.id, "a digest", 9_999_999_999);
	await put("known_addresses", customer, "a digest", 1);
	// Given up, so that no server sends them.
	for (const [number, kind] of ["reset", "welcome"].entries()) {
		await put("outbox", number, shop.id, customer, kind, EMAIL, "EN", 11, null, 0, number);
	}
	await put("shop_choices", shop.id, "accentColor", "#123456");
	await put("mail_templates", shop.id, "reset", "DE", "subject", ODD_TEXT, null);
	await put("leases", "a piece of work", "a process", 0, "");
	// The last, so that the next server finds it.
	await put("quiet_requests", 7, shop.id, "nobody@example.com", "EN", 0, null, null, null, null, null, 0);
	return { token, link, key };
}

/** Table → its rows in the order of their keys. */
export async function readAll(databaseUrl: string): Promise<Readonly<Record<string, readonly Row[]>>> {
	const engine = await openEngine(databaseUrl, { beside: true });
	try {
		const all: Record<string, readonly Row[]> = {};
		for (const { name, key } of await listTables()) {
			const sql = `SELECT * FROM ${name} ORDER BY ${key.join(", ")}`;
			all[name] = (await engine.read({ sql }, [])).map((row) => ({ ...row }));
		}
		return all;
	} finally {
		await engine.close();
	}
}
