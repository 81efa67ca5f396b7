// `npm run shop`: the official Hydrogen storefront with password accounts, unmodified, in front of us, driven in a
// real browser. Prints a line and leaves a screenshot for each step; exit code 1 when a step failed.
import { relative } from "node:path";
import { activating } from "./activation.ts";
import { keepingAddresses } from "./addresses.ts";
import { openBrowser } from "./chromium.ts";
import { buildStorefront, SCREENSHOTS } from "./install.ts";
import { everyPageSignedIn, everyPageSignedOut } from "./pages.ts";
import { keepingProfile } from "./profile.ts";
import { recovering } from "./recovery.ts";
import { startServers } from "./servers.ts";
import { signingIn } from "./sign-in.ts";
import { actStory, clearScreenshots, type Report } from "./visit.ts";

const WHOLE_WITHIN_MS = 600_000;

const startedAt = Date.now();
const say = (line: string) => void process.stdout.write(`${line}\n`);
const report: Report = { taken: 0, failed: 0 };
const opened = new AsyncDisposableStack();

/** Whatever ends this command, what it started ends first. */
async function giveUp(why: string): Promise<never> {
	say(why);
	await opened.disposeAsync();
	process.exit(1);
}
process.once("SIGINT", () => void giveUp("Interrupted."));
process.once("SIGTERM", () => void giveUp("Interrupted."));
process.once("uncaughtException", (error) => void giveUp(String(error.stack)));
const limit = setTimeout(() => void giveUp("This takes too long: stopped."), WHOLE_WITHIN_MS);

try {
	clearScreenshots();
	const storefront = await buildStorefront(say);
	const browser = await openBrowser(say);
	opened.defer(() => browser.close());
	say("Starting Latchkey and the storefront");
	const servers = await startServers(opened, storefront);
	const stories = [
		signingIn,
		recovering,
		activating,
		keepingProfile,
		keepingAddresses,
		everyPageSignedOut(storefront.routes),
		everyPageSignedIn,
	];
	for (const story of stories) await actStory(browser, servers, story, report, say);
	say("");
	say(
		report.failed === 0
			? `All ${report.taken} steps went well.`
			: `${report.failed} of ${report.taken} steps failed.`,
	);
} catch (error) {
	report.failed += 1;
	say(error instanceof Error ? error.message : String(error));
} finally {
	clearTimeout(limit);
	await opened.disposeAsync();
}
say(`Screenshots: ${relative(process.cwd(), SCREENSHOTS)}`);
say(`It took ${Math.round((Date.now() - startedAt) / 1000)} s.`);
process.exitCode = report.failed === 0 ? 0 : 1;
