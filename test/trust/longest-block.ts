// Q2: the longest time for which one request of up to 64 KiB keeps the server from everyone else, over the worst cases
// of bench/worst-cases.ts. What the idle server shows is the machine's own share of it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureLongestBlock } from "../../bench/longest-block.ts";
import { startProcess } from "../house.ts";
import type { Figure } from "./figure.ts";

const MAX_BLOCK_MS = 50;

export async function run(): Promise<readonly Figure[]> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-trust-"));
	try {
		await using server = await startProcess(["--database", "sqlite:shop.db"], {}, folder);
		const [idle, ...blocks] = await measureLongestBlock(server.url, server.storefrontAccessToken);
		const worst = blocks.toSorted((one, other) => other.blockMs - one.blockMs)[0];
		if (!idle || !worst) throw new Error("nothing was measured");
		return [
			{
				promise: "Q2",
				figure: `of ${blocks.length} kinds of worst request, up to 64 KiB each, the worst (${worst.name}, ${worst.bytes} bytes) blocked the event loop for ${worst.blockMs.toFixed(1)} ms, median of five (idle: ${idle.blockMs.toFixed(1)} ms)`,
				isMet: worst.blockMs <= MAX_BLOCK_MS,
			},
		];
	} finally {
		rmSync(folder, { recursive: true });
	}
}
