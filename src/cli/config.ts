// `latchkey config`: what was understood.
import { type Config, environmentName, type SettingName } from "../config.ts";
import { SETTINGS } from "../settings.ts";
import { withoutPassword } from "../store/store.ts";

export function printConfig(config: Config, json: boolean): void {
	const shown = Object.fromEntries(
		(Object.keys(SETTINGS) as SettingName[]).map((name) => {
			const secret = SETTINGS[name].kind === "secret" && config[name] !== null;
			const value = name === "databaseUrl" ? withoutPassword(config[name]) : config[name];
			return [environmentName(name), secret ? "(set)" : value];
		}),
	);
	const text = json
		? JSON.stringify(shown)
		: Object.entries(shown)
				.map(([name, value]) => `${name}=${value ?? ""}`)
				.join("\n");
	process.stdout.write(`${text}\n`);
}
