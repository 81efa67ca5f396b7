// A NUL in whatever is typed. Not every database can keep such a text, or be asked for one, so none ever is: it is
// refused as any other text that cannot be right, the same on each engine.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { readConfig } from "../../src/config.ts";
import * as addresses from "../addresses/acts.ts";
import { openLine } from "../command-line/line.ts";
import {
	type Body,
	DELETE,
	ENGINES,
	openHouse,
	READ,
	RECOVER,
	RENEW,
	SIGN_IN,
	SIGN_UP,
	UPDATE,
} from "../house.ts";
import { ENTER, passFor, SETTINGS } from "../multipass/passes.ts";
import { DOCUMENTS } from "../recovery/links.ts";

const TEXT = "ada\0lovelace";
const EMAIL = "ada\0@example.com";
const PASSWORD = "correct horse";
const PARTS = [
	"firstName",
	"lastName",
	"company",
	"address1",
	"address2",
	"city",
	"country",
	"province",
	"zip",
];
const METAFIELD = `query($t: String!, $k: String!) {
	customer(customerAccessToken: $t) { metafield(namespace: $k, key: $k) { id } }
}`;
const AFTER = `query($t: String!, $after: String) {
	customer(customerAccessToken: $t) { addresses(first: 1, after: $after) { nodes { id } } }
}`;

/** The code of what was refused, or null. */
function refusalOf({ data, errors }: Body): string | null {
	if (errors) return errors[0].extensions.code;
	const [payload] = Object.values(data) as { readonly customerUserErrors?: readonly { code: string }[] }[];
	return payload?.customerUserErrors?.[0]?.code ?? null;
}

for (const engine of ENGINES) {
	test(`a NUL is refused wherever it is typed (${engine})`, async () => {
		await using house = await openHouse(engine, SETTINGS);
		const t = await house.signedIn("ada@example.com", PASSWORD);
		const id = await addresses.create(house, t, { city: "Ottawa" });
		const refuses = async (code: string, query: string, variables: Record<string, unknown>) => {
			assert.equal(
				refusalOf(await house.ask(query, variables)),
				code,
				`${query} ${JSON.stringify(variables)}`,
			);
		};
		assert.deepEqual((await house.ask(READ, { t: TEXT })).data, { customer: null });
		await refuses("ACCESS_DENIED", RENEW, { t: TEXT });
		await refuses("ACCESS_DENIED", DELETE, { t: TEXT });
		await refuses("UNIDENTIFIED_CUSTOMER", SIGN_IN, { input: { email: EMAIL, password: PASSWORD } });
		await refuses("UNIDENTIFIED_CUSTOMER", SIGN_IN, { input: { email: "ada@example.com", password: TEXT } });
		await refuses("UNIDENTIFIED_CUSTOMER", RECOVER, { email: EMAIL });
		for (const [field, text] of Object.entries({
			email: EMAIL,
			firstName: TEXT,
			lastName: TEXT,
			phone: "+1613555\x000142",
		})) {
			const input = { email: "new@example.com", password: PASSWORD, [field]: text };
			await refuses("INVALID", SIGN_UP, { input });
			await refuses("INVALID", UPDATE, { t, customer: { [field]: text } });
		}
		for (const part of [...PARTS, "phone"]) {
			await refuses("INVALID", addresses.CREATE, { t, a: { [part]: TEXT } });
			await refuses("INVALID", addresses.UPDATE, { t, id, a: { [part]: TEXT } });
		}
		const odd = id.replace(/(\d)/, "\0$1");
		await refuses("RESOURCE_NOT_FOUND", addresses.UPDATE, { t, id: odd, a: { city: "Hull" } });
		for (const [purpose, documents] of Object.entries(DOCUMENTS)) {
			const link = { id: "gid://shopify/Customer/1", token: TEXT, password: PASSWORD };
			await refuses("TOKEN_INVALID", documents.id, link);
			await refuses("TOKEN_INVALID", documents.id, { ...link, id: `${link.id}\0` });
			const url = `https://shop.example/account/${purpose === "reset" ? purpose : "activate"}/1/a\0b-1`;
			await refuses("NOT_FOUND", documents.url, { url, password: PASSWORD });
		}
		const passes = [{ email: EMAIL }, { email: "new@example.com", identifier: TEXT }];
		for (const pass of [TEXT, ...passes.map((customer) => passFor(house, customer))]) {
			await refuses("INVALID_MULTIPASS_REQUEST", ENTER, { t: pass });
		}
		assert.equal((await house.ask(METAFIELD, { t, k: TEXT })).data.customer.metafield, null);
		await refuses("BAD_REQUEST", AFTER, { t, after: TEXT });
	});

	test(`whoever is told nothing is told the same of an address with a NUL (${engine})`, async () => {
		await using house = await openHouse(engine, { enumeration: "quiet" });
		const answers = [];
		for (const email of ["nobody@example.com", EMAIL]) answers.push(await house.ask(RECOVER, { email }));
		assert.deepEqual(answers[1], answers[0]);
		assert.deepEqual(await house.mails(), [], "both were carried out");
	});

	test(`a password may have one, and all of it counts (${engine})`, async () => {
		await using house = await openHouse(engine);
		await house.signedIn("ada@example.com", "correct\0horse");
		const input = { email: "ada@example.com", password: "correct\0battery" };
		assert.equal(refusalOf(await house.ask(SIGN_IN, { input })), "UNIDENTIFIED_CUSTOMER");
	});
}

test("a file with a NUL in it is no text, for a command and for a setting", async (t) => {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const file = join(folder, "template.html");
	writeFileSync(file, "<p>{{ url }}</p>\0");
	await using line = await openLine();
	const { code, notes } = await line.run(`mail template set reset --subject Reset --html-file ${file}`);
	assert.deepEqual([code, notes], [1, `${file} is no text: there is a NUL in it.`]);
	assert.throws(
		() => readConfig({ LATCHKEY_SHOP_NAME_FILE: file }),
		/LATCHKEY_SHOP_NAME_FILE names a file that is no text/,
	);
});
