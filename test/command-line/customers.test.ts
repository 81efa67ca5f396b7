// Looking customers up and making them, as text and as JSON, and every refusal on the way.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { Client } from "pg";
import { listCustomers } from "../../src/store/customer-pages.ts";
import type { Engine } from "../../src/store/engine.ts";
import { IS_POSTGRES, SIGN_UP } from "../house.ts";
import { EMAIL } from "../recovery/links.ts";
import { type Line, openLine } from "./line.ts";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

async function refusal(line: Line, command: string, typed = {}): Promise<string> {
	const { code, out, notes } = await line.run(command, typed);
	assert.deepEqual([code, out], [1, ""], command);
	return notes;
}

/** How the database would find the rows, were there many. */
async function explain(url: string, sql: string): Promise<string> {
	if (!IS_POSTGRES) {
		using database = new DatabaseSync(url.slice("sqlite:".length));
		const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
		return steps.map(({ detail }) => detail).join("\n");
	}
	const client = new Client({ connectionString: url });
	await client.connect();
	try {
		// It would read a small table whole, and put the rows in order.
		await client.query("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off");
		let number = 0;
		const numbered = sql.replace(/\?/g, () => `$${++number}`);
		await client.query(`SET plan_cache_mode = force_generic_plan; PREPARE page AS ${numbered}`);
		const nulls = Array.from({ length: number }, () => "NULL");
		const { rows } = await client.query(`EXPLAIN (COSTS OFF) EXECUTE page(${nulls})`);
		return rows.map((row) => row["QUERY PLAN"].replace(/\$\d/g, "?")).join("\n");
	} finally {
		await client.end();
	}
}

test("a customer is shown by id and by e-mail address however it is written, as text and as JSON", async () => {
	await using line = await openLine();
	const made = await line.json(
		`customer create --email Ada@Example.com --first-name Ada --phone "+1 613 450 5293" --marketing --tag b --tag a`,
	);
	const shown = await line.json("customer show ada@EXAMPLE.com");
	assert.deepEqual(shown, made);
	assert.deepEqual(await line.json(`customer show ${made.id}`), made);
	const { createdAt, updatedAt, ...rest } = shown;
	assert.match(createdAt, TIME);
	assert.equal(updatedAt, createdAt);
	assert.deepEqual(rest, {
		id: made.id,
		email: "Ada@Example.com",
		phone: "+16134505293",
		firstName: "Ada",
		lastName: null,
		acceptsMarketing: true,
		state: "disabled",
		hasPassword: false,
		multipassOnly: false,
		accessTokens: 0,
		tags: ["a", "b"],
		addresses: [],
		metafields: [],
	});
	const { out, notes } = await line.run(`customer show ${made.id}`);
	assert.equal(notes, "");
	assert.deepEqual(out.split("\n").slice(0, 6), [
		`id              ${made.id}`,
		"email           Ada@Example.com",
		"phone           +16134505293",
		"first name      Ada",
		"last name       -",
		"state           disabled",
	]);
});

test("a customer is made by the rules that shoppers are held to, and the refusal says all that is wrong", async () => {
	await using line = await openLine();
	await line.json(`customer create --email ${EMAIL} --phone +16134505293`);
	const cases = [
		[`--email ${EMAIL.toUpperCase()}`, "Email has already been taken."],
		["--email grace@example.com --phone +16134505293", "Phone has already been taken."],
		["--email grace --first-name <b>x", "First name cannot contain HTML tags. Email is invalid."],
		[
			`--email grace@example.com --tag a,b`,
			"A customer has at most 250 tags, of at most 255 characters each and without commas.",
		],
		[
			"--email grace@example.com --invite --password-stdin",
			"Give a password or --invite, not both: who is invited sets the password.",
		],
		[
			"--email grace@example.com --password-stdin --password-file x",
			"Give one of --password-stdin and --password-file.",
		],
		["--email grace@example.com --password-file nowhere", "nowhere cannot be read."],
	];
	for (const [options, says] of cases) {
		assert.equal(await refusal(line, `customer create ${options}`, { input: "long enough" }), says);
	}
	const short = await refusal(line, "customer create --email grace@example.com --password-stdin", {
		input: "abc\n",
	});
	assert.equal(short, "Password is too short (minimum is 5 characters).");
	assert.equal((await line.json("customer list")).length, 1, "a refusal makes nothing");
	assert.match(
		await refusal(line, "customer show nobody@example.com"),
		/^No customer of Latchkey has the id or/,
	);
});

test("pages go through all customers, newest first, each once", async () => {
	await using line = await openLine();
	const { store, shop } = line.house.app;
	const states = ["enabled", "disabled", "invited", "enabled", "declined"];
	const all = Array.from({ length: 40 }, (_, index) => {
		// Several of one second, and ids that say nothing of the order.
		return { id: ((index * 7919) % 1009) + 1, at: Math.floor(index / 3), state: String(states[index % 5]) };
	});
	const insert = `INSERT INTO customers (id, shop_id, accepts_marketing, state, created_at, updated_at) VALUES (?, ?, 0, ?, ?, ?)`;
	for (const { id, at, state } of all) await store.change({ sql: insert }, [id, shop.id, state, at, at]);
	const inOrder = all.toSorted((a, b) => b.at - a.at || b.id - a.id);
	const goThrough = async (options: string) => {
		const seen: string[] = [];
		for (let after = ""; ; after = ` --after ${seen.at(-1)}`) {
			const page = await line.json(`customer list --limit 7${options}${after}`);
			seen.push(...page.map(({ id }: { id: string }) => id));
			if (page.length < 7) return seen;
		}
	};
	assert.deepEqual(
		await goThrough(""),
		inOrder.map(({ id }) => String(id)),
	);
	assert.deepEqual(
		await goThrough(" --state enabled"),
		inOrder.filter(({ state }) => state === "enabled").map(({ id }) => String(id)),
	);
	const first = await line.run("customer list --limit 2");
	assert.equal(first.notes, `The next page, if there is one: --after ${inOrder[1]?.id}`);
	assert.deepEqual(first.out.split("\n")[0]?.split(/ +/), ["ID", "EMAIL", "NAME", "STATE", "CREATED"]);
	for (const limit of ["0", "251", "many"]) {
		assert.equal(await refusal(line, `customer list --limit ${limit}`), "--limit is a number from 1 to 250.");
	}
	assert.match(await refusal(line, "customer list --after 99"), /has the id 99 to go on after/);
});

test("a page is read from an index, without looking at the customers that are not in it", async () => {
	await using line = await openLine();
	const { store, shop } = line.house.app;
	const asked: string[] = [];
	const watched: Engine = {
		...store,
		read: (statement, values) => {
			asked.push(statement.sql);
			return store.read(statement, values);
		},
	};
	const page = { shopId: shop.id, states: ["enabled"], after: null, limit: 5 } as const;
	assert.deepEqual(await listCustomers(watched, page), []);
	const plans = await Promise.all(asked.map((sql) => explain(line.databaseUrl, sql)));
	const within = IS_POSTGRES ? "(shop_id = ?) AND (state = ?)" : "shop_id=? AND state=?";
	const bounds = IS_POSTGRES
		? ["(created_at = ?) AND (id < ?)", "(created_at < ?)"]
		: ["created_at=? AND id<?", "created_at<?"];
	assert.equal(plans.length, 2);
	for (const [index, plan] of plans.entries()) {
		assert.match(plan, /\bcustomers_by_creation\b/);
		assert.ok(plan.includes(`(${within} AND ${bounds[index]})`), plan);
		assert.doesNotMatch(plan, /SCAN c|Seq Scan|TEMP B-TREE|Sort|Filter/);
	}
});

test("what a shopper typed cannot write to the operator's screen", async () => {
	await using line = await openLine();
	const input = { email: EMAIL, password: "correct horse", firstName: "\u001b[2JAda\u202e\u009b" };
	await line.house.ask(SIGN_UP, { input });
	for (const command of ["customer list", `customer show ${EMAIL}`]) {
		const { out } = await line.run(command);
		assert.match(out, /\\u\{1b\}\[2JAda\\u\{202e\}\\u\{9b\}/);
		assert.doesNotMatch(out, /[^\n\P{C}]/u);
	}
});

test("columns stay aligned beside letters that are two columns wide", async () => {
	await using line = await openLine();
	await line.json("customer create --email ada@example.com --first-name 太郎");
	await line.json("customer create --email grace@example.com --first-name Grace");
	const { out } = await line.run("customer list");
	const [head = "", ...rows] = out.split("\n");
	const wide = rows.find((row) => row.includes("太郎")) ?? "";
	assert.equal(wide.indexOf("disabled") + "太郎".length, head.indexOf("STATE"));
});

test("deleting asks a person, and is refused where there is nobody to ask", async () => {
	await using line = await openLine();
	const { id } = await line.json(`customer create --email ${EMAIL}`);
	const alone = await refusal(line, `customer delete ${EMAIL}`);
	assert.equal(alone, "Deleting is for good: say --yes where nobody can be asked.");
	assert.equal(await refusal(line, `customer delete ${EMAIL}`, { answer: "no" }), "Nothing was deleted.");
	assert.equal((await line.json("customer list")).length, 1);
	const { code, out } = await line.run(`customer delete ${EMAIL}`, { answer: "yes" });
	assert.deepEqual([code, out], [0, `${EMAIL} (${id}) is deleted.`]);
	const { out: empty, notes } = await line.run("customer list");
	assert.deepEqual([empty, notes], ["", "No customers."]);
});

test("tokens are listed by ids and times, and signing out of one that is not there is refused", async () => {
	await using line = await openLine();
	const secret = await line.house.signedIn();
	const listed = await line.json(`customer tokens ${EMAIL}`);
	assert.deepEqual(Object.keys(listed[0]), ["id", "createdAt", "expiresAt"]);
	const life = (Date.parse(listed[0].expiresAt) - Date.parse(listed[0].createdAt)) / 1000;
	assert.equal(life, 42 * 86_400);
	const { out } = await line.run(`customer tokens ${EMAIL}`);
	assert.equal(out.includes(secret), false);
	assert.match(out, new RegExp(`^ID +CREATED +EXPIRES\n${listed[0].id} +\\S+Z +\\S+Z$`));
	assert.match(await refusal(line, `customer sign-out ${EMAIL} --token 7`), /no access token with the id 7/);
	assert.match(await refusal(line, `customer sign-out ${EMAIL} --token x`), /^"x" is not an id/);
});

test("tags and metafields are set, changed and removed, and storefronts read them", async () => {
	await using line = await openLine();
	const token = await line.house.signedIn();
	await line.json(`customer tag ${EMAIL} --add vip trial`);
	await line.json(`customer metafield set ${EMAIL} loyalty.tier gold`);
	const shown = await line.json(`customer tag ${EMAIL} --add Blue --remove TRIAL`);
	assert.deepEqual(shown.tags, ["Blue", "vip"]);
	const metafield = { namespace: "loyalty", key: "tier", type: "single_line_text_field", value: "gold" };
	assert.deepEqual(shown.metafields, [{ ...metafield, description: null }]);
	const document = `query($t: String!) {
		customer(customerAccessToken: $t) { tags metafield(namespace: "loyalty", key: "tier") { value } }
	}`;
	const { data } = await line.house.ask(document, { t: token });
	assert.deepEqual(data.customer, { tags: ["Blue", "vip"], metafield: { value: "gold" } });
	assert.match(
		await refusal(line, `customer metafield set ${EMAIL} loyalty.tier gold --type word`),
		/no such type/,
	);
	assert.match(await refusal(line, `customer metafield set ${EMAIL} tier gold`), /NAMESPACE\.KEY/);
	assert.deepEqual((await line.json(`customer metafield remove ${EMAIL} loyalty.tier`)).metafields, []);
	assert.match(
		await refusal(line, `customer metafield remove ${EMAIL} loyalty.tier`),
		/no metafield "loyalty.tier"/,
	);
	assert.match(await refusal(line, `customer tag ${EMAIL}`), /^Say which tags/);
});
