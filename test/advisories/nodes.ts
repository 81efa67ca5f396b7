// Two servers on the same data: one after the other, as after a restart. What is in memory has but one.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SettingName } from "../../src/config.ts";
import { type EngineName, type House, openHouse } from "../house.ts";

type Settings = Partial<Record<SettingName, string>>;

/** Does something on one server, and checks what became of it there, and on the next server where there is one. */
export async function onEveryNode<T>(
	engine: EngineName,
	settings: Settings,
	act: (house: House) => Promise<T>,
	check: (house: House, done: T) => Promise<void>,
): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-nodes-"));
	const databaseUrl = engine === "sqlite:file" ? `sqlite:${join(folder, "house.db")}` : engine;
	const open = () => openHouse("sqlite::memory:", { ...settings, databaseUrl });
	try {
		let done: T;
		{
			await using first = await open();
			done = await act(first);
			await check(first, done);
		}
		if (engine === "sqlite::memory:") return;
		await using second = await open();
		await check(second, done);
	} finally {
		rmSync(folder, { recursive: true });
	}
}
