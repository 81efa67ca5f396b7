// Random commands: one act, a few acts at once, a step of the clock, a restart.
import fc from "fast-check";
import type { Act, Answer, Kind } from "./acts.ts";
import { type Drawn, drawn, newest, RIVAL_WEIGHTS, toAct, WEIGHTS } from "./choices.ts";
import type { Client } from "./client.ts";
import { explain } from "./explain.ts";
import { expect } from "./model.ts";
import { LIFE, type World } from "./world.ts";

/** The worlds that explain what has been answered so far: one, but for acts at once that left it open. */
export interface Possible {
	worlds: readonly World[];
}

type Command = fc.AsyncCommand<Possible, Client>;

class Step implements Command {
	readonly #choices: readonly Drawn[];
	constructor(choices: readonly Drawn[]) {
		this.#choices = choices;
	}

	check(): boolean {
		return true;
	}

	async run(possible: Possible, client: Client): Promise<void> {
		const alone = this.#choices.length === 1;
		const acts = this.#choices.map((choice) => {
			const act = toAct(client, possible.worlds[0] as World, choice, alone);
			// There the questions of one answer have no moment in common, and another act may come between.
			const isParted = client.engine === "postgres" && !alone;
			return act.kind === "read" ? { ...act, briefly: isParted } : act;
		});
		await perform(possible, client, acts);
	}

	toString(): string {
		return this.#choices.map(({ kind }) => kind).join(" & ");
	}
}

/** Does them at once; throws when no order of them explains what was answered. */
export async function perform(possible: Possible, client: Client, acts: readonly Act[]): Promise<void> {
	const from = client.now;
	const answers = await client.perform(acts);
	const span = [from, client.now] as const;
	client.story.push(() => tell(client, acts, answers, span));
	const worlds = explain(possible.worlds, acts, answers, span);
	if (worlds.length === 0) throw new Error(complain(client, possible.worlds, acts, answers, span[1]));
	possible.worlds = worlds;
}

type Deadline = "token" | "link" | "pass";

/** To a moment at which something ends, or the second before, or just further. */
class Advance implements Command {
	readonly #what: Deadline | number;
	readonly #place: number;
	readonly #before: number;
	constructor(what: Deadline | number, place: number, before: number) {
		this.#what = what;
		this.#place = place;
		this.#before = before;
	}

	check(): boolean {
		return true;
	}

	async run({ worlds }: Possible, client: Client): Promise<void> {
		const now = client.now;
		const { customers } = worlds[0] as World;
		const ends =
			this.#what === "token"
				? customers.flatMap(({ tokens }) => Object.values(tokens))
				: this.#what === "link"
					? customers.flatMap(({ links }) => Object.values(links).map(({ end }) => end))
					: client.seen.passes.map(({ createdAt }) => createdAt + LIFE.pass);
		const ahead = ends.filter((end) => end - this.#before >= now);
		const seconds =
			typeof this.#what === "number"
				? this.#what
				: ahead.length > 0
					? newest(ahead, this.#place) - this.#before - now
					: 0;
		await client.advance(seconds);
		client.story.push(() => `${seconds} seconds go by`);
	}

	toString(): string {
		return `advance(${this.#what})`;
	}
}

class Restart implements Command {
	check(): boolean {
		return true;
	}

	async run(possible: Possible, client: Client): Promise<void> {
		if (client.engine === "sqlite::memory:") return;
		// The mailbox is in memory, and a mail that was sent and never read could not be told from one that was lost.
		await perform(possible, client, [{ kind: "readMail" }]);
		await client.restart();
		client.story.push(() => "the server is started again");
	}

	toString(): string {
		return "restart";
	}
}

const ALL = Object.keys(WEIGHTS) as Kind[];
const AT_ONCE = ALL.filter((kind) => kind !== "readMail");

const single = drawn(ALL, WEIGHTS).map((choice): Command => new Step([choice]));
const group = fc
	.array(drawn(AT_ONCE, RIVAL_WEIGHTS), { minLength: 2, maxLength: 4, size: "max" })
	.map((choices): Command => new Step(choices));
const advance = fc
	.tuple(fc.constantFrom<Deadline | number>("token", "link", "pass", 1, 600, 3600), fc.nat(3), fc.nat(1))
	.map(([what, place, before]): Command => new Advance(what, place, before));
const restart = fc.constant<Command>(new Restart());

export const commandArbitrary: fc.Arbitrary<Command> = fc.oneof(
	{ weight: 80, arbitrary: single },
	{ weight: 12, arbitrary: group },
	{ weight: 7, arbitrary: advance },
	{ weight: 1, arbitrary: restart },
);

/** Secrets and ids by their place among what was seen. */
function plain(client: Client, text: string): string {
	const { tokens, links, passes, customers, addresses } = client.seen;
	const names: readonly (readonly [word: string, secrets: readonly string[]])[] = [
		["pass", passes.map(({ token }) => token)],
		["token", tokens],
		["link", links.map(({ token }) => token)],
		["customer", customers],
		["address", addresses],
	];
	let told = text;
	for (const [word, secrets] of names) {
		// The first ones, which nobody was given, are short.
		for (const [index, secret] of [...secrets.entries()].toReversed()) {
			told = told.replaceAll(secret, `${word} ${index}`);
		}
	}
	return told;
}

function tell(
	client: Client,
	acts: readonly Act[],
	answers: readonly Answer[],
	[from, to]: readonly [number, number],
): string {
	const lines = acts.map(({ kind, ...act }, index) =>
		plain(client, `${kind} ${JSON.stringify(act)} → ${JSON.stringify(answers[index])}`),
	);
	const when = `at ${new Date(from * 1000).toISOString()}${to > from ? ` and ${to - from} s` : ""}`;
	return acts.length === 1 ? `${lines[0]}  ${when}` : `at once, ${when}:\n\t\t${lines.join("\n\t\t")}`;
}

function complain(
	client: Client,
	worlds: readonly World[],
	acts: readonly Act[],
	answers: readonly Answer[],
	now: number,
): string {
	const [act, answer] = [acts[0] as Act, answers[0] as Answer];
	const expected = worlds.map((world) =>
		plain(client, JSON.stringify(expect(structuredClone(world), act, answer, now))),
	);
	const why =
		acts.length > 1
			? "No order of the last acts explains their answers."
			: `Expected ${expected.join(" or ")}`;
	return [`${why} The whole story, on ${client.engine}:`, ...client.story.map((line) => `\t${line()}`)].join(
		"\n",
	);
}
