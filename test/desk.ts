// One customer, and the verbs' own view of a house: with a clock of the test's own, and hashes that the test may change.
import assert from "node:assert/strict";
import { createAttempts } from "../src/accounts/attempts.ts";
import type { Context } from "../src/accounts/context.ts";
import { signIn } from "../src/accounts/sign-in.ts";
import { limitsOf, policyOf } from "../src/app.ts";
import { readConfig, type SettingName } from "../src/config.ts";
import { createPasswords, type Passwords } from "../src/secrets/password.ts";
import { statement } from "../src/store/engine.ts";
import { type ENGINES, type House, openHouse, SIGN_UP } from "./house.ts";

export const EMAIL = "ada@example.com";
export const PASSWORD = "correct horse";
/** Of a customer access token. */
export const LIFE = 3600;
export const HOME = { address: "192.0.2.1", fullAddress: "192.0.2.1", language: "en" };

const FIND_HASH = statement("SELECT password_hash FROM customers WHERE id = ?");
const SET_HASH = statement("UPDATE customers SET password_hash = ? WHERE id = ? RETURNING id");

export interface Desk extends AsyncDisposable {
	readonly house: House;
	readonly context: Context;
	readonly passwords: Passwords;
	readonly time: { now: number };
	readonly ada: number;
	hash(): Promise<string>;
	setHash(hash: string): Promise<unknown>;
	signIn(password?: string, email?: string): ReturnType<typeof signIn>;
	/** Signs in, and gives the token. */
	token(): Promise<string>;
}

/** One customer, and the verbs' own view of the house. */
export async function openDesk(
	engine: (typeof ENGINES)[number],
	changes: Partial<Context> = {},
): Promise<Desk> {
	const house = await openHouse(engine);
	const { store, shop } = house.app;
	const settings: Partial<Record<SettingName, string>> = { tokenLifetimeSeconds: String(LIFE) };
	const config = readConfig({}, settings);
	const { data } = await house.ask(SIGN_UP, { input: { email: EMAIL, password: PASSWORD } });
	const ada = Number(data.customerCreate.customer.id.split("/").at(-1));
	const passwords = createPasswords({ memoryKib: 8, passes: 1 }, 10);
	const time = { now: house.app.clock.now() };
	const clock = { now: () => time.now };
	const attempts = createAttempts(store, clock, limitsOf(config), "a key", console);
	const context = {
		store,
		shop,
		passwords,
		clock,
		attempts,
		policy: policyOf(config, new Set()),
		...changes,
	};
	const desk: Desk = {
		house,
		context,
		passwords,
		time,
		ada,
		hash: async () => String((await store.read(FIND_HASH, [ada]))[0]?.["password_hash"]),
		setHash: (hash) => store.change(SET_HASH, [hash, ada]),
		signIn: (password = PASSWORD, email = EMAIL) => signIn(context, { email, password }, HOME),
		token: async () => {
			const result = await desk.signIn();
			assert.ok(result.ok);
			return result.value.secret;
		},
		[Symbol.asyncDispose]: async () => {
			await passwords.close();
			await house[Symbol.asyncDispose]();
		},
	};
	return desk;
}
