// Runs sequences of commands, one shop after the other, and shrinks the first that goes wrong.
import fc from "fast-check";
import type { EngineName } from "../house.ts";
import { Client } from "./client.ts";
import { commandArbitrary, type Possible, perform } from "./commands.ts";

const MAX_COMMANDS = 50;

export interface Runs {
	readonly engine: EngineName;
	readonly sequences: number;
	/** Of another run, to have it again. */
	readonly seed: number;
}

export interface Report {
	readonly steps: number;
	readonly requests: number;
}

/** Throws with the shrunk sequence and the seed when an answer is not one that the model explains. */
export async function runSequences({ engine, sequences, seed }: Runs): Promise<Report> {
	await using client = await Client.open(engine);
	let steps = 0;
	const life = fc.asyncProperty(
		fc.commands([commandArbitrary], { maxCommands: MAX_COMMANDS, size: "max" }),
		async (commands) => {
			await client.begin();
			const possible: Possible = { worlds: [{ customers: [], spentPasses: [], asked: [] }] };
			await fc.asyncModelRun(() => ({ model: possible, real: client }), commands);
			steps += client.story.length;
			await tryEverything(possible, client);
		},
	);
	await fc.assert(life, { numRuns: sequences, seed, includeErrorInReport: true });
	return { steps, requests: client.requests };
}

/** Whatever was seen is tried once more, so that nothing is alive that should be dead, or the other way round. */
async function tryEverything(possible: Possible, client: Client): Promise<void> {
	const { tokens, links, passes } = client.seen;
	await perform(possible, client, [{ kind: "readMail" }]);
	for (const { email, password } of possible.worlds[0]?.customers ?? []) {
		if (password !== null) await perform(possible, client, [{ kind: "signIn", email, password }]);
	}
	for (const token of tokens.slice()) await perform(possible, client, [{ kind: "read", token }]);
	for (const [index, link] of links.entries()) {
		const form = index % 2 === 0 ? "id" : "url";
		await perform(possible, client, [{ kind: "redeem", link, password: "another horse", form }]);
	}
	// What an account opened before it was disabled stays shut when it is enabled again.
	for (const { id } of possible.worlds[0]?.customers ?? []) {
		if (id !== null) await perform(possible, client, [{ kind: "enable", id }]);
	}
	for (const token of tokens.slice()) await perform(possible, client, [{ kind: "read", token }]);
	for (const pass of passes) await perform(possible, client, [{ kind: "enter", pass }]);
}
