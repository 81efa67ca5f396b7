// The addresses page: creating, changing, the default, deleting, and what an impossible country gets.
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { MAIN, open, see, sendForm } from "./browsing.ts";
import { register } from "./sign-in.ts";
import type { Story } from "./visit.ts";

const PAGE = "/account/addresses";

const HOME = {
	firstName: "Katherine",
	lastName: "Johnson",
	company: "",
	address1: "150 Elgin Street",
	address2: "8th Floor",
	city: "Ottawa",
	province: "Ontario",
	zip: "K2P 1L4",
	country: "Canada",
	phone: "+16135550199",
};
const WORK = {
	...HOME,
	company: "Langley",
	address1: "1 NASA Drive",
	address2: "",
	city: "Hampton",
	province: "Virginia",
	zip: "23666",
	country: "United States",
	phone: "",
};

export const keepingAddresses: Story = async (visit) => {
	const { page, step } = visit;
	await step("registers to have addresses", () =>
		register(visit, { email: "katherine@example.com", password: "correct horse" }),
	);
	await step("sees that there are no addresses", async () => {
		await open(page, PAGE);
		await see(page, "You have no addresses saved.");
	});
	await step("creates the first address, which becomes the default", async () => {
		await sendFirstAddress(page, HOME);
		await see(page, "Existing addresses");
		await open(page, PAGE);
		assert.deepEqual(await readAddresses(page), [{ ...HOME, isDefault: true }]);
	});
	await step("creates a second address as the default", async () => {
		const form = page.locator(`${MAIN} form[id="new"]`);
		await fillAddress(form, WORK);
		await form.locator("[name=defaultAddress]").check();
		await sendForm(page, "Create", form);
		await open(page, PAGE);
		const both = [
			{ ...HOME, isDefault: false },
			{ ...WORK, isDefault: true },
		];
		assert.deepEqual(await readAddresses(page), both);
	});
	await step("changes the second address", async () => {
		const form = addressForms(page).nth(1);
		await form.locator("[name=address1]").fill("2 NASA Drive");
		await sendForm(page, "Save", form);
		await open(page, PAGE);
		const [, changed] = await readAddresses(page);
		assert.deepEqual(changed, { ...WORK, address1: "2 NASA Drive", isDefault: true });
	});
	await step("makes the first address the default again", async () => {
		const form = addressForms(page).nth(0);
		await form.locator("[name=defaultAddress]").check();
		await sendForm(page, "Save", form);
		await open(page, PAGE);
		const addresses = await readAddresses(page);
		assert.deepEqual(
			addresses.map(({ isDefault }) => isDefault),
			[true, false],
		);
	});
	await step(
		"is told that a country does not exist",
		async () => {
			const form = page.locator(`${MAIN} form[id="new"]`);
			await fillAddress(form, { ...HOME, country: "Atlantis" });
			await sendForm(page, "Create", form);
			await form.getByText("Country is invalid").waitFor();
		},
		{ statuses: [400] },
	);
	await step("deletes the default address, and the other takes its place", async () => {
		const form = addressForms(page).nth(0);
		await form.getByRole("button", { name: "Delete" }).click();
		await addressForms(page).nth(1).waitFor({ state: "detached" });
		await open(page, PAGE);
		assert.deepEqual(await readAddresses(page), [{ ...WORK, address1: "2 NASA Drive", isDefault: true }]);
	});
};

type Typed = Readonly<Record<keyof typeof HOME, string>>;
type Shown = Typed & { readonly isDefault: boolean };

/**
 * The starter shows its form for a new address only beside existing ones, so that nobody could make a first one with
 * it. This sends what that form sends, out of the same page.
 */
async function sendFirstAddress(page: Page, address: Typed): Promise<void> {
	const fields = JSON.stringify({ addressId: "new", ...address });
	const sent = page.waitForResponse((response) => response.request().method() === "POST");
	await page.evaluate(`{
		const form = Object.assign(document.createElement("form"), { method: "post", action: "${PAGE}" });
		for (const [name, value] of Object.entries(${fields})) {
			form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
		}
		document.body.append(form);
		form.submit();
	}`);
	await sent;
}

/** The forms of existing addresses, oldest first. */
function addressForms(page: Page): Locator {
	return page.locator(`${MAIN} form[id^="gid://shopify/MailingAddress/"]`);
}

async function fillAddress(form: Locator, address: Typed): Promise<void> {
	for (const [name, value] of Object.entries(address)) await form.locator(`[name="${name}"]`).fill(value);
}

async function readAddresses(page: Page): Promise<readonly Shown[]> {
	const addresses: Shown[] = [];
	for (const form of await addressForms(page).all()) {
		const typed: Record<string, string> = {};
		for (const name of Object.keys(HOME)) typed[name] = await form.locator(`[name="${name}"]`).inputValue();
		const isDefault = await form.locator("[name=defaultAddress]").isChecked();
		addresses.push({ ...(typed as Typed), isDefault });
	}
	return addresses;
}
