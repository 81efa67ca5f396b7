// A visit: one visitor's browser window and the steps that are taken in it. Each step is a line of the report and a
// screenshot, and fails on what the visitor may not notice: an answer with an error status, an error in the
// browser's console, a fault in the storefront's log or in ours, unless the step says that it expects just that.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Browser, Page } from "playwright-core";
import { MAIN } from "./browsing.ts";
import { SCREENSHOTS } from "./install.ts";
import type { Servers } from "./servers.ts";

const ACT_WITHIN_MS = 15_000;

/** What a step may meet beside what it does. */
interface Expected {
	/** Error statuses that the storefront answers with in this step. */
	readonly statuses?: readonly number[];
	/** What the storefront writes to its log. */
	readonly log?: RegExp;
}

export interface Visit {
	readonly page: Page;
	readonly servers: Servers;
	step(name: string, act: () => Promise<void>, expected?: Expected): Promise<void>;
}

/** A story: the steps of one visitor. */
export type Story = (visit: Visit) => Promise<void>;

export interface Report {
	taken: number;
	failed: number;
}

export function clearScreenshots(): void {
	rmSync(SCREENSHOTS, { recursive: true, force: true });
	mkdirSync(SCREENSHOTS, { recursive: true });
}

/** Lets a visitor with a fresh browser act a story. After a failed step the rest of that story is left out. */
export async function actStory(
	browser: Browser,
	servers: Servers,
	story: Story,
	report: Report,
	say: (line: string) => void,
): Promise<void> {
	const context = await browser.newContext({
		baseURL: servers.shopUrl,
		viewport: { width: 1200, height: 900 },
		locale: "en-US",
	});
	context.setDefaultTimeout(ACT_WITHIN_MS);
	const page = await context.newPage();
	const met = watch(page, servers);
	const step = async (name: string, act: () => Promise<void>, expected: Expected = {}) => {
		report.taken += 1;
		const startedAt = performance.now();
		let fault: string | null = null;
		try {
			await act();
		} catch (error) {
			fault = error instanceof Error ? error.message : String(error);
		}
		const number = String(report.taken).padStart(3, "0");
		const file = `${number}-${name.replaceAll(/\W+/g, "-")}.png`;
		await page.evaluate("scrollTo(0, 0)");
		await page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true });
		const surprises = met(expected);
		const took = `${Math.round(performance.now() - startedAt)} ms`;
		if (fault === null && surprises.length === 0) return say(`ok    ${number} ${name} (${took})`);
		report.failed += 1;
		const shown = await page.locator(MAIN).allInnerTexts();
		const reasons = [...(fault === null ? [] : [stripVTControlCharacters(fault)]), ...surprises];
		reasons.push(`the page is ${page.url()} and shows: ${shown.join(" ").replaceAll(/\s+/g, " ")}`);
		say(`FAIL  ${number} ${name} (${took})`);
		for (const reason of reasons) say(`      ${reason.replaceAll("\n", "\n      ")}`);
		throw new StepFailed(name);
	};
	try {
		await story({ page, servers, step });
	} catch (error) {
		if (!(error instanceof StepFailed)) throw error;
	} finally {
		await context.close();
	}
}

class StepFailed extends Error {
	override readonly name = "StepFailed";
}

/** Listens to the page; the function that it gives tells what was met since its last call and not expected. */
function watch(page: Page, servers: Servers): (expected: Expected) => readonly string[] {
	const answers: { readonly status: number; readonly text: string }[] = [];
	const errors: string[] = [];
	page.on("response", (response) => {
		const status = response.status();
		if (status >= 400)
			answers.push({ status, text: `${status} for ${response.request().method()} ${response.url()}` });
	});
	page.on("console", (message) => {
		// The browser tells of error statuses once more here, and those are judged above.
		const isStatus = message
			.text()
			.startsWith("Failed to load resource: the server responded with a status of");
		if (message.type() === "error" && !isStatus) errors.push(`console: ${message.text()}`);
	});
	page.on("pageerror", (error) => errors.push(`page: ${error.message}`));
	page.on("requestfailed", (request) => {
		const why = request.failure()?.errorText ?? "";
		// A page that is left stops what it was still loading.
		if (why !== "net::ERR_ABORTED") errors.push(`request: ${why} for ${request.url()}`);
	});
	return ({ statuses = [], log }) => {
		const surprises = errors.splice(0);
		const met = answers.splice(0);
		surprises.push(...met.filter(({ status }) => !statuses.includes(status)).map(({ text }) => text));
		for (const status of statuses) {
			if (!met.some((answer) => answer.status === status))
				surprises.push(`no answer had the status ${status}`);
		}
		const written = servers.takeShopLog();
		if (log ? !log.test(written) : written !== "")
			surprises.push(`the storefront's log: ${written || "empty"}`);
		const faults = servers.takeErrors();
		if (faults !== "") surprises.push(`our own log: ${faults}`);
		return surprises;
	};
}
