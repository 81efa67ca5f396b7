// Two servers on the same data: one after the other, as after a restart. What is in memory has but one.
import type { SettingName } from "../../src/config.ts";
import { type EngineName, type House, openDatabase, openHouse } from "../house.ts";

type Settings = Partial<Record<SettingName, string>>;

/** Does something on one server, and checks what became of it there, and on the next server where there is one. */
export async function onEveryNode<T>(
	engine: EngineName,
	settings: Settings,
	act: (house: House) => Promise<T>,
	check: (house: House, done: T) => Promise<void>,
): Promise<void> {
	await using database = await openDatabase(engine);
	const open = () => openHouse(engine, { ...settings, databaseUrl: database.url });
	let done: T;
	{
		await using first = await open();
		done = await act(first);
		await check(first, done);
	}
	if (engine === "sqlite::memory:") return;
	await using second = await open();
	await check(second, done);
}
