// A world in which each documented command can be tried as it stands: one of everything, and the files that are named.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { deleteAllCustomers } from "../../src/store/customers.ts";
import { type Line, openLine } from "./line.ts";

/** Examples name this id, whatever it is of. */
const ID = 12_345_678_901_234;

const FILES = {
	"password.txt": "correct horse battery\n",
	"token.txt": "0123456789abcdef0123456789abcdef\n",
	"multipass.txt": "fedcba9876543210fedcba9876543210\n",
	"reset.html": '<a href="{{ customer.reset_password_url }}">{{ shop.name }}</a>',
	"reset.txt": "{{ customer.reset_password_url }}",
};

/** Gives what tries one command line, without the `latchkey` before it, in a world made anew for it. */
export async function withExamples(
	work: (line: Line, attempt: (example: string) => Promise<void>) => Promise<void>,
) {
	await using line = await openLine({ shopUrl: "https://shop.example" });
	for (const [name, text] of Object.entries(FILES)) line.file(name, text);
	const folder = process.cwd();
	process.chdir(line.folder);
	try {
		await work(line, async (example) => {
			await prepare(line, example.startsWith("customer create"));
			const [command = "", file] = example.split(" < ");
			const typed = file === undefined ? {} : { input: readFileSync(file, "utf8") };
			const { code, notes } = await line.run(command, typed);
			assert.equal(code, 0, `latchkey ${example}: ${notes}`);
		});
	} finally {
		process.chdir(folder);
	}
}

async function prepare({ house }: Line, isWithoutCustomer: boolean): Promise<void> {
	const { store, shop } = house.app;
	const change = (sql: string, ...values: readonly (string | number)[]) => store.change({ sql }, values);
	await deleteAllCustomers(store);
	await change("DELETE FROM shops WHERE id <> ?", shop.id);
	await change("DELETE FROM api_keys WHERE title <> 'settings'");
	await change("DELETE FROM mail_templates");
	await change("INSERT INTO api_keys VALUES ('digest', ?, ?, 'public', '', '', 0)", ID, shop.id);
	for (const language of ["", "DE"]) {
		await change(
			"INSERT INTO mail_templates VALUES (?, 'reset', ?, 'subject', 'html', NULL)",
			shop.id,
			language,
		);
	}
	if (isWithoutCustomer) return;
	await change(
		`INSERT INTO customers (id, shop_id, email, email_key, accepts_marketing, state, password_hash, created_at, updated_at)
		VALUES (?, ?, 'ada@example.com', 'ada@example.com', 0, 'disabled', 'hash', 0, 0)`,
		ID,
		shop.id,
	);
	await change("INSERT INTO access_tokens VALUES ('digest', ?, ?, 0, 99999999999)", ID, ID);
	await change("INSERT INTO metafields VALUES (?, 'loyalty', 'tier', 1, 'url', 'gold', NULL, 0, 0)", ID);
	// Given up, so that no server sends it meanwhile.
	const mail = "INSERT INTO outbox VALUES (?, ?, ?, 'welcome', 'ada@example.com', 'EN', 11, NULL, 0, 1)";
	await change(mail, ID, shop.id, ID);
}
