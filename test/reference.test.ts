// The reference: a page for everything of the customer part, complete, linked, safe to show, with examples that run.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { Kind, parse } from "graphql";
import { FOLDERS, type Member } from "../src/storefront/reference/page.ts";
import { referenceOf } from "../src/storefront/reference/reference.ts";
import { ENGINES, type House, openDatabase, openHouse, startProcess, VERSIONS } from "./house.ts";
import { MULTIPASS_SECRET, openExamples } from "./reference/examples.ts";
import { exchange } from "./wire/wire.ts";

const SDL = new URL("../src/storefront/schema/customer.graphql", import.meta.url);
const NEWEST = "2026-04";

interface Got {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
}

async function get(house: House, path: string, init: RequestInit = {}): Promise<Got> {
	const response = await fetch(`${house.app.url}${path}`, { redirect: "manual", ...init });
	return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The paths of all pages in Markdown, as `/llms.txt` lists them. */
async function listPages(house: House): Promise<readonly string[]> {
	const { text } = await get(house, "/llms.txt");
	return [...text.matchAll(/\]\((\S+)\.md\)/g)].map(([, path]) => String(path));
}

for (const version of VERSIONS) {
	test(`has a page for every name that the customer part defines, ${version}`, async () => {
		await using house = await openHouse();
		const defined = parse(readFileSync(SDL, "utf8")).definitions.flatMap((definition) => {
			if (definition.kind === Kind.OBJECT_TYPE_EXTENSION) {
				return (definition.fields ?? []).map(({ name }) => name.value);
			}
			return "name" in definition && definition.name ? [definition.name.value] : [];
		});
		const pages = (await listPages(house)).filter((path) => path.includes(`/${version}/`));
		assert.deepEqual(pages.map((path) => path.slice(path.lastIndexOf("/") + 1)).sort(), defined.sort());
	});

	test(`leaves nothing without a description, ${version}`, () => {
		const bare: string[] = [];
		let members = 0;
		const look = (inside: string, list: readonly Member[]) => {
			for (const { name, description, members: inner } of list) {
				members++;
				if (description === "") bare.push(`${inside}.${name}`);
				look(`${inside}.${name}`, inner);
			}
		};
		for (const { name, description, sections, failures } of referenceOf(version).pages) {
			if (description === "") bare.push(name);
			for (const section of sections) look(name, section.members);
			for (const { code, when } of failures ?? []) if (when === "") bare.push(`${name} ${code}`);
		}
		assert.deepEqual(bare, []);
		assert.ok(members > 1000, `${members} members`);
	});
}

for (const engine of ENGINES) {
	for (const version of VERSIONS) {
		test(`every example runs as its page shows it, ${version}, ${engine}`, async (t) => {
			const settings = {
				encryptionKey: "0123456789abcdef0123456789abcdef",
				multipassSecret: MULTIPASS_SECRET,
			};
			await using house = await openHouse(engine, settings);
			const examples = openExamples(house, version);
			const operations = (await listPages(house)).flatMap((path) => {
				return new RegExp(`/${version}/(?:mutations|queries)/(\\w+)$`).exec(path)?.slice(1) ?? [];
			});
			assert.equal(operations.length, 22);
			for (const operation of operations) {
				await t.test(operation, async () => {
					const { data, errors } = await examples.send(operation, await examples.prepare(operation));
					assert.equal(errors, undefined, JSON.stringify(errors));
					const answer = data[operation];
					assert.ok(answer !== null && answer !== undefined, "null");
					for (const list of ["customerUserErrors", "userErrors"]) {
						if (list in answer) assert.deepEqual(answer[list], []);
					}
					if (Array.isArray(answer)) assert.ok(!answer.includes(null), JSON.stringify(answer));
					const [first] = Object.values(answer);
					assert.ok(first !== null && first !== undefined, JSON.stringify(answer));
				});
			}
		});
	}
}

test("every link leads to a page, and every fragment to a place on it", async () => {
	await using house = await openHouse();
	const texts = new Map<string, string>();
	const waiting = ["/docs", "/llms.txt"];
	const fragments = new Set<string>();
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		const [path = "", fragment] = next.split("#");
		if (fragment) fragments.add(next);
		if (texts.has(path)) continue;
		const { status, headers, text } = await get(house, path, { headers: { Accept: "text/html" } });
		assert.equal(status, 200, path);
		texts.set(path, text);
		if (!path.startsWith("/docs") && path !== "/llms.txt") continue;
		const isMarkdown = !headers.get("content-type")?.startsWith("text/html");
		const links = isMarkdown ? text.matchAll(/\]\((\S+)\)/g) : text.matchAll(/ href="([^"]*)"/g);
		for (const [, link = ""] of links) {
			if (link.startsWith("#")) fragments.add(`${path}${link}`);
			else if (!link.startsWith("data:image/svg+xml,")) waiting.push(String(link.split("?", 1)[0]));
		}
	}
	const pages = [...texts.keys()].filter((path) => path.includes("/docs/api/"));
	// HTML and Markdown of every page, and the two indexes.
	assert.equal(pages.length, 2 * (await listPages(house)).length + 2 * VERSIONS.length);
	const lost = [...fragments].filter((link) => {
		const [path = "", fragment] = link.split("#");
		return !texts.get(path.replace(/\.md$/, ""))?.includes(` id="${fragment}"`);
	});
	assert.deepEqual(lost, []);
	assert.ok(fragments.size > 100);
});

test("a page says the same in HTML and in Markdown, and its front matter says what it is", async () => {
	await using house = await openHouse();
	for (const path of await listPages(house)) {
		const { text: page } = await get(house, path);
		const { headers, text: markdown } = await get(house, `${path}.md`);
		assert.equal(headers.get("content-type"), "text/markdown; charset=utf-8");
		const inHtml = [
			...page.matchAll(/<dt(?: id="[^"]*")?>(?:<span class="name">)?(?:<a [^>]*>)?<code[^>]*>(\w+)<\/code>/g),
		];
		const [members = ""] = markdown.split(/^## (?:Implements|Implemented by|Is one of|Used by|Stands at)$/m);
		const inMarkdown = [...members.matchAll(/^\s*- \[?`(\w+)`/gm)];
		assert.deepEqual(
			inMarkdown.map(([, name]) => name),
			inHtml.map(([, name]) => name),
			path,
		);

		const [, version, folder, name] = /storefront\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
		const kind = Object.entries(FOLDERS).find(([, other]) => other === folder)?.[0];
		const [, front = ""] = /^---\n([\s\S]*?)\n---\n/.exec(markdown) ?? [];
		const description = /^description: (".*")$/m.exec(front)?.[1];
		assert.ok(String(JSON.parse(description ?? '""')).length > 5, front);
		assert.deepEqual(
			front.split("\n").filter((line) => !line.startsWith("description: ")),
			[
				`title: "${name} - Storefront API"`,
				`api_version: ${version}`,
				"api_name: storefront",
				"api_type: graphql",
				`type: ${kind}`,
				"source_url:",
				`  html: ${path}`,
				`  md: ${path}.md`,
			],
		);
	}
});

test("a page runs no script, loads nothing, and its policy names the one stylesheet that it has", async () => {
	await using house = await openHouse();
	const paths = ["/docs", `/docs/api/storefront/${NEWEST}`, ...(await listPages(house)), "/docs/nothing"];
	for (const path of paths) {
		const { headers, text } = await get(house, path);
		const [style = "", ...others] = [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css]) => css);
		assert.deepEqual(others, []);
		const hash = createHash("sha256").update(style).digest("base64");
		assert.equal(
			headers.get("content-security-policy"),
			`default-src 'none'; style-src 'sha256-${hash}'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
		);
		assert.doesNotMatch(style, /url\(|@import/);
		assert.doesNotMatch(text, /<script|<iframe|<img|\ssrc=|\sstyle=|\son\w+=/, path);
		const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
		assert.equal(new Set(ids).size, ids.length, `${path} has an id twice`);
		for (const [, link = ""] of text.matchAll(/\s(?:href|action)="([^"]*)"/g)) {
			assert.match(link, /^(?:\/(?!\/)|#|data:image\/svg\+xml,)/, path);
		}
	}
});

test("says that there is no such page, in the same look", async () => {
	await using house = await openHouse();
	const api = `/docs/api/storefront/${NEWEST}`;
	for (const path of [
		"/docs/nothing",
		`${api}/mutations/customerDestroy`,
		`${api}/mutations/customerDestroy.md`,
		`${api}/mutations`,
		`${api}/mutations/customerCreate/more`,
		`${api}/mutations/customerCreate.txt`,
		`${api}/objects/Product`,
		`${api}/queries/products`,
		"/docs/api/storefront/yesterday/mutations/customerCreate",
		"/docs/api/storefront/2026-04%0d%0aSet-Cookie:a/mutations/customerCreate",
		"/docs/api/admin/2026-04/mutations/customerCreate",
	]) {
		const { status, headers, text } = await get(house, path);
		assert.equal(status, 404, path);
		assert.match(text, /<h1>There is no such page<\/h1>/);
		assert.ok(headers.get("content-security-policy")?.startsWith("default-src 'none'; style-src 'sha256-"));
	}
	const posted = await get(house, api, { method: "POST", body: "x" });
	assert.equal(posted.status, 405);
	assert.equal(posted.headers.get("allow"), "GET, HEAD");
	const head = await get(house, api, { method: "HEAD" });
	assert.deepEqual([head.status, head.text], [200, ""]);
});

test("leads other versions, older spellings and other folders to the page", async () => {
	await using house = await openHouse();
	const base = "/docs/api/storefront";
	for (const [asked, answered] of [
		[`${base}/latest`, `${base}/2026-04`],
		[`${base}/latest.md`, `${base}/2026-04.md`],
		[`${base}/latest/mutations/customerCreate`, `${base}/2026-04/mutations/customerCreate`],
		[`${base}/latest/mutations/customerCreate.md`, `${base}/2026-04/mutations/customerCreate.md`],
		[`${base}/unstable/queries/customer`, `${base}/2026-04/queries/customer`],
		[`${base}/2025-01/objects/Customer`, `${base}/2026-01/objects/Customer`],
		[`${base}/2026-04/mutations/customercreate`, `${base}/2026-04/mutations/customerCreate`],
		[`${base}/2026-04/objects/CustomerCreatePayload`, `${base}/2026-04/payloads/CustomerCreatePayload`],
		[`${base}/2026-01/objects/OrderConnection.md`, `${base}/2026-01/connections/OrderConnection.md`],
	] as const) {
		const { status, headers } = await get(house, asked);
		assert.deepEqual([status, headers.get("location")], [302, answered], asked);
	}
});

test("the pages of a version have what the version has", async () => {
	await using house = await openHouse();
	const shopOf = async (version: string) =>
		(await get(house, `/docs/api/storefront/${version}/objects/Shop.md`)).text;
	assert.match(await shopOf("2026-04"), /^- `termsOfSale`/m);
	assert.doesNotMatch(await shopOf("2026-01"), /termsOfSale/);
});

test("an operation's page names its scope, its codes, and GraphiQL with the example in it", async () => {
	await using house = await openHouse();
	const { text } = await get(house, `/docs/api/storefront/${NEWEST}/mutations/customerCreate`);
	assert.match(text, /Requires the access scope <code>unauthenticated_write_customers<\/code>/);
	assert.match(text, /<a href="[^"]*\/enums\/CustomerErrorCode#value-TAKEN"><code>TAKEN<\/code><\/a>/);
	const [, link = ""] = /<a href="(\/api\/2026-04\/graphql\.json\?query=[^"]*)">/.exec(text) ?? [];
	const query = new URL(link, house.app.url).searchParams.get("query") ?? "";
	assert.match(query, /^# Variables/);
	assert.equal(parse(query).definitions.length, 1);
});

test("shows the address that the reader came by, and never one that a shell would take for more", async () => {
	await using house = await openHouse();
	const path = `/docs/api/storefront/${NEWEST}/queries/shop`;
	const commandAt = async (host: string) => {
		const { text } = await exchange(house.app.url, { method: "GET", path, headers: { Host: host } });
		return /curl &quot;(.*?)\/api\//.exec(text)?.[1];
	};
	assert.equal(await commandAt("api.shop.example:4000"), "http://api.shop.example:4000");
	for (const host of ['"$(id)"', "a`id`", "a$IFS", "<b>"]) {
		assert.equal(await commandAt(host), `http://localhost:${new URL(house.app.url).port}`);
	}
});

test("in production the pages carry no token, name no address and open no GraphiQL", async (t) => {
	await using database = await openDatabase();
	const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
	t.after(() => rmSync(folder, { recursive: true }));
	const token = "00000000000000000000000000000000";
	const env = { LATCHKEY_SHOP_URL: "https://shop.example", LATCHKEY_STOREFRONT_ACCESS_TOKEN: token };
	await using server = await startProcess(["--database", database.url], env, folder, "start");
	for (const suffix of ["", ".md"]) {
		const path = `/docs/api/storefront/${NEWEST}/mutations/customerCreate${suffix}`;
		const text = await (await fetch(`${server.url}${path}`)).text();
		assert.match(text, /"?\$STORE\/api\/2026-04\/graphql\.json/);
		assert.match(text, /X-Shopify-Storefront-Access-Token: \$TOKEN/);
		assert.match(text, /STORE\W.* stands for the address of this server/);
		assert.ok(!text.includes(token) && !/GraphiQL/.test(text) && !text.includes(new URL(server.url).host));
	}
});
