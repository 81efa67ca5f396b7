// Environment and flags → the settings' values. The only room that reads the environment.
import { readFileSync } from "node:fs";
import { SETTINGS, type Setting } from "./settings.ts";

export type SettingName = keyof typeof SETTINGS;

type ValueOf<S extends Setting> = S["kind"] extends "integer"
	? number
	: S["kind"] extends "boolean"
		? boolean
		: S["default"] extends string
			? string
			: string | null;

export type Config = { readonly [N in SettingName]: ValueOf<(typeof SETTINGS)[N]> };

/** A setting that cannot be used; the message is one sentence for the operator and repeats no secret. */
export class BadSetting extends Error {
	override readonly name = "BadSetting";
}

/** `databaseUrl` → `LATCHKEY_DATABASE_URL`. */
export function environmentName(name: string): string {
	return `LATCHKEY_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `databaseUrl` → `database-url`. */
export function flagName(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Flags win over the environment, the environment over the defaults. `NAME_FILE` in the environment reads the
 * value from a file. Throws `BadSetting` for the first value that cannot be used, and for a `LATCHKEY_…` name
 * that is no setting, because a misspelt one would be silently without effect.
 */
export function readConfig(
	environment: Readonly<Record<string, string | undefined>>,
	flags: Readonly<Partial<Record<SettingName, string>>> = {},
): Config {
	const names = Object.keys(SETTINGS) as SettingName[];
	const known = new Set(names.flatMap((name) => [environmentName(name), `${environmentName(name)}_FILE`]));
	for (const name of Object.keys(environment)) {
		if (name.startsWith("LATCHKEY_") && !known.has(name)) {
			throw new BadSetting(`${name} is not a setting; "latchkey config" lists them.`);
		}
	}
	const entries = names.map((name) => {
		const text = flags[name] ?? readEnvironment(environment, environmentName(name)) ?? SETTINGS[name].default;
		return [name, text === null ? null : parseValue(environmentName(name), SETTINGS[name], text)];
	});
	return Object.fromEntries(entries) as Config;
}

function readEnvironment(
	environment: Readonly<Record<string, string | undefined>>,
	name: string,
): string | undefined {
	const file = environment[`${name}_FILE`];
	if (file === undefined) return environment[name];
	if (environment[name] !== undefined) throw new BadSetting(`Give either ${name} or ${name}_FILE, not both.`);
	let text: string;
	try {
		text = readFileSync(file, "utf8").trim();
	} catch {
		throw new BadSetting(`${name}_FILE names a file that cannot be read.`);
	}
	// The environment cannot hold one, and not every database can keep one.
	if (text.includes("\0")) throw new BadSetting(`${name}_FILE names a file that is no text.`);
	return text;
}

/** A value for the setting, which `label` calls by the name that the operator wrote. Throws `BadSetting`. */
export function parseSetting(label: string, name: SettingName, text: string): string | number | boolean {
	return parseValue(label, SETTINGS[name], text);
}

function parseValue(
	name: string,
	{ kind, choices, min, max }: Setting,
	text: string,
): string | number | boolean {
	if (kind === "boolean") {
		if (text !== "true" && text !== "false") throw new BadSetting(`${name} is either true or false.`);
		return text === "true";
	}
	if (kind === "integer") {
		const value = Number(text);
		if (!/^\d+$/.test(text) || value < (min ?? 0) || value > (max ?? Number.MAX_SAFE_INTEGER)) {
			throw new BadSetting(`${name} is a whole number from ${min} to ${max}.`);
		}
		return value;
	}
	if (choices && !choices.includes(text)) throw new BadSetting(`${name} is one of ${choices.join(", ")}.`);
	if (text === "") throw new BadSetting(`${name} is empty; leave it out instead.`);
	if (kind === "url" && !/^https?:$/.test(URL.parse(text)?.protocol ?? "")) {
		throw new BadSetting(`${name} is a URL that begins with https:// or http://.`);
	}
	return text;
}
