// Every page of the storefront renders, signed out and signed in. The table names each route of the starter, and a
// step fails when the starter has one that the table lacks.
import assert from "node:assert/strict";
import { open, see, seePath } from "./browsing.ts";
import { register } from "./sign-in.ts";
import type { Story, Visit } from "./visit.ts";

/** What a visitor meets at an address. */
interface Sight {
	/** In the page's main part. */
	readonly shows: string;
	/** The path that it leads to, where it does not stay. */
	readonly leadsTo?: string;
	/** The status of the answer, where it is not 200. */
	readonly status?: number;
	/** What the storefront writes to its log, where it writes anything. */
	readonly log?: RegExp;
}

/** There is no catalogue behind us, and the storefront has its own page to say that a thing is not there. */
const NOT_THERE: Sight = { shows: "404", status: 404 };

/** A link that makes a cart and leads on to it. Carts are not served here, and the storefront tells its log so. */
const NO_CART = /cartCreate is not served here/;

const TO_SIGN_IN: Sight = { shows: "Sign in.", leadsTo: "/account/login" };
const TO_ORDERS: Sight = { shows: "Orders (0)", leadsTo: "/account/orders" };

const ORDER = btoa("gid://shopify/Order/1?key=abc");

/** The route's file, an address of it, what a visitor meets who is signed out, and one who is signed in. */
type Place = readonly [route: string, path: string, signedOut: Sight, signedIn?: Sight];

const PLACES: readonly Place[] = [
	["_index", "/", { shows: "Recommended Products" }],
	["$", "/no/such/page", NOT_THERE],
	["blogs._index", "/blogs", { shows: "Blogs" }],
	["blogs.$blogHandle._index", "/blogs/news", NOT_THERE],
	["blogs.$blogHandle.$articleHandle", "/blogs/news/first", NOT_THERE],
	["cart", "/cart", { shows: "Looks like you haven’t added anything yet" }],
	["cart.$lines", "/cart/1:1", { shows: "500", status: 500, log: NO_CART }],
	["collections._index", "/collections", { shows: "Collections" }],
	["collections.$handle", "/collections/hats", NOT_THERE],
	["pages.$handle", "/pages/about", NOT_THERE],
	["policies._index", "/policies", { shows: "Policies" }],
	["policies.$handle", "/policies/privacy-policy", NOT_THERE],
	["products.$handle", "/products/hat", NOT_THERE],
	["search", "/search", { shows: "No results, try a different search." }],
	["search", "/search?q=hat", { shows: "No results, try a different search." }],
	["account_.login", "/account/login", { shows: "Sign in." }, TO_ORDERS],
	["account_.register", "/account/register", { shows: "Register." }, TO_ORDERS],
	["account_.recover", "/account/recover", { shows: "Forgot Password." }, TO_ORDERS],
	["account_.reset.$id.$resetToken", "/account/reset/1/abc", { shows: "Reset Password." }],
	[
		"account_.activate.$id.$activationToken",
		"/account/activate/1/abc",
		{ shows: "Activate Account." },
		TO_ORDERS,
	],
	["account_.logout", "/account/logout", TO_SIGN_IN, TO_ORDERS],
	["account", "/account", TO_SIGN_IN, TO_ORDERS],
	["account.$", "/account/nothing", TO_SIGN_IN, TO_ORDERS],
	["account.orders._index", "/account/orders", TO_SIGN_IN, { shows: "Orders (0)" }],
	["account.orders.$id", `/account/orders/${ORDER}`, TO_SIGN_IN, NOT_THERE],
	["account.profile", "/account/profile", TO_SIGN_IN, { shows: "My profile" }],
	["account.addresses", "/account/addresses", TO_SIGN_IN, { shows: "You have no addresses saved." }],
];

/** Routes that answer with something else than a page: what the answer holds, its status, the storefront's log. */
const TEXTS: readonly (readonly [
	route: string,
	path: string,
	holds: RegExp,
	status: number,
	log?: RegExp,
])[] = [
	["[robots.txt]", "/robots.txt", /^Disallow: \/\d+\/checkouts$/m, 200],
	["[sitemap.xml]", "/sitemap.xml", /<urlset/, 200],
	["discount.$code", "/discount/SUMMER", /^Unexpected Server Error/, 500, NO_CART],
];

/** Asked by the search form while one types. */
const SEARCH = "api.predictive-search";

export function everyPageSignedOut(routes: readonly string[]): Story {
	return async (visit) => {
		const { page, step } = visit;
		for (const [, path, sight] of PLACES) await look(visit, "signed out", path, sight);
		for (const [, path, holds, status, log] of TEXTS) {
			const act = async () => {
				const response = await page.goto(path);
				assert.equal(response?.status(), status);
				assert.match(String(await response?.text()), holds);
			};
			await step(`answers ${path}`, act, { statuses: errorIn(status), ...(log && { log }) });
		}
		await step("searches while typing", async () => {
			await open(page, "/#search-aside");
			const field = page.locator("#search-aside input[name=q]");
			// The storefront asks once when the field is entered; typing sooner would cut that question off.
			for (const act of [() => field.click(), () => field.fill("hat")]) {
				const answered = page.waitForResponse((response) =>
					response.url().includes("/api/predictive-search"),
				);
				await act();
				assert.equal((await answered).status(), 200);
			}
			await page.locator("#search-aside").getByText("No results found for").waitFor();
		});
		await step("has looked at every route that there is", async () => {
			const known = new Set([...PLACES, ...TEXTS].map(([route]) => route)).add(SEARCH);
			assert.deepEqual([...known].toSorted(), routes.toSorted());
		});
	};
}

export const everyPageSignedIn: Story = async (visit) => {
	const shopper = { email: "grace@example.com", password: "correct horse" };
	await visit.step("registers to see the pages signed in", () => register(visit, shopper));
	for (const [, path, signedOut, signedIn] of PLACES)
		await look(visit, "signed in", path, signedIn ?? signedOut);
};

/** How a step is named, by the status of the answer. */
const FINDS: Readonly<Record<number, string>> = {
	200: "renders",
	404: "is told that nothing is at",
	500: "is told of an error by",
};

async function look(
	{ page, step }: Visit,
	who: "signed in" | "signed out",
	path: string,
	{ shows, leadsTo, status = 200, log }: Sight,
): Promise<void> {
	const act = async () => {
		assert.equal(await open(page, path), status);
		await see(page, shows);
		await seePath(page, leadsTo ?? String(path.split("?")[0]));
		const body = page.locator("body");
		assert.equal(await body.locator(".route-error").count(), status === 200 ? 0 : 1);
		await page.locator("body > header").getByText("Corner Shop").waitFor();
		await page
			.locator("body > header")
			.getByText(who === "signed in" ? "Account" : "Sign in")
			.waitFor();
		// Empty, because there is no menu behind us.
		await page.locator("body > footer").waitFor({ state: "attached" });
		for (const broken of ["An error occurred", "Loading", "undefined"]) {
			assert.equal(await body.getByText(broken).count(), 0, `the page says "${broken}"`);
		}
	};
	await step(`${FINDS[status]} ${path}, ${who}`, act, { statuses: errorIn(status), ...(log && { log }) });
}

function errorIn(status: number): readonly number[] {
	return status < 400 ? [] : [status];
}
