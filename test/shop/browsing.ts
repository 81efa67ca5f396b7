// What a visitor's hand and eye do, in the storefront's own terms: open, fill, press, see.
import { setTimeout as pause } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";

const ALIVE_WITHIN_MS = 15_000;
const ASK_AGAIN_MS = 20;

/** The page's own part. The storefront's asides have a `main` each, too. */
export const MAIN = "body > main";

/** True once React has taken the page over: only then do its forms send what they say that they send. */
const IS_ALIVE = `Object.keys(document.querySelector("${MAIN}") ?? {}).some((key) => key.startsWith("__react"))`;

/** Opens a page of the storefront as a link from elsewhere would, and gives the status of its answer. */
export async function open(page: Page, address: string): Promise<number> {
	const response = await page.goto(address);
	const until = Date.now() + ALIVE_WITHIN_MS;
	// Asked again and again from here, because the storefront's security policy forbids a page to evaluate texts.
	while (!(await page.evaluate(IS_ALIVE))) {
		if (Date.now() > until) throw new Error("The page's scripts did not take it over.");
		await pause(ASK_AGAIN_MS);
	}
	return response?.status() ?? 0;
}

/** Fills the fields of the page's form, by their names. */
export async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
	for (const [name, value] of Object.entries(fields)) {
		await page.locator(`${MAIN} [name="${name}"]`).fill(value);
	}
}

export async function press(page: Page, button: string): Promise<void> {
	await page.locator(MAIN).getByRole("button", { name: button, exact: true }).click();
}

/**
 * Presses a button of a form that stays on its page, and waits until the storefront has answered and the page has
 * taken the answer in: only then the button has its own name again.
 */
export async function sendForm(
	page: Page,
	button: string,
	form: Locator = page.locator(MAIN),
): Promise<void> {
	const answered = page.waitForResponse((response) => response.request().method() !== "GET");
	await form.getByRole("button", { name: button, exact: true }).click();
	await answered;
	await form.getByRole("button", { name: button, exact: true }).waitFor();
}

/** Follows a link of the page by its text, without loading the page anew. */
export async function follow(page: Page, link: string): Promise<void> {
	await page.locator(MAIN).getByRole("link", { name: link }).click();
}

/** Waits until the page's main part shows a text. */
export async function see(page: Page, text: string | RegExp): Promise<void> {
	await page.locator(MAIN).getByText(text).first().waitFor();
}

export async function seePath(page: Page, path: string): Promise<void> {
	await page.waitForURL((url) => url.pathname === path);
}
