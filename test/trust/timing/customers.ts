// Customers by the thousand, straight into the tables of a server that runs: each is asked for once, so that what earlier
// attempts have left in the database is the same for all.
import { DatabaseSync } from "node:sqlite";
import { createPasswords, type PasswordCost } from "../../../src/secrets/password.ts";

export const PASSWORD = "the right password";
export const WRONG = "no such password!!";

/** What an account is like; `nobody` is none. */
const STATES = {
	enabled: { state: "enabled", hasPassword: true, multipassOnly: false },
	disabled: { state: "disabled", hasPassword: true, multipassOnly: false },
	invited: { state: "invited", hasPassword: false, multipassOnly: false },
	multipassOnly: { state: "enabled", hasPassword: false, multipassOnly: true },
	nobody: null,
} as const;
export type State = keyof typeof STATES;

/** All of one length. */
export function emailOf(state: State, index: number): string {
	const place = Object.keys(STATES).indexOf(state);
	return `person-${place}-${String(index).padStart(6, "0")}@example.com`;
}

/** So many of each state. The passwords are hashed as the server hashes them, at its `cost`. */
export async function insertCustomers(path: string, each: number, cost: PasswordCost): Promise<void> {
	const passwords = createPasswords(cost, 0);
	const passwordHash = await passwords.hash(PASSWORD);
	await passwords.close();
	using database = new DatabaseSync(path);
	database.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
	const shopId = Number(database.prepare("SELECT id FROM shops").get()?.["id"]);
	const insert = database.prepare(
		`INSERT INTO customers (id, shop_id, email, email_key, accepts_marketing, state, password_hash, multipass_only,
			created_at, updated_at)
		VALUES (?, ?, ?, ?, 0, ?, ?, ?, 0, 0)`,
	);
	// The states' customers lie among each other, and so do their addresses' keys.
	const states = (Object.keys(STATES) as State[]).flatMap((name) => {
		const account = STATES[name];
		return account ? [{ name, ...account }] : [];
	});
	for (let index = 0; index < each; index++) {
		for (const [place, { name, state, hasPassword, multipassOnly }] of states.entries()) {
			const id = 2_000_000_000_000 + index * states.length + place;
			const email = emailOf(name, index);
			insert.run(id, shopId, email, email, state, hasPassword ? passwordHash : null, multipassOnly ? 1 : 0);
		}
	}
	database.exec("COMMIT");
}
