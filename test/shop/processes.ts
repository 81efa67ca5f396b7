// Processes that this command starts: each has a hard time limit, says now and then that it is alive, and is ended
// with everything that it started.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

interface RunOptions {
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	readonly withinMs: number;
	readonly say: (line: string) => void;
}

const SAY_EVERY_SECONDS = 10;

/** Runs a program to its end. Throws what it printed when it fails or takes too long. */
export async function runToEnd(
	title: string,
	program: string,
	args: readonly string[],
	{ cwd, env, withinMs, say }: RunOptions,
): Promise<void> {
	await using child = startProgram(program, args, cwd, env);
	let seconds = 0;
	const beat = setInterval(() => {
		seconds += SAY_EVERY_SECONDS;
		say(`  ${title} is at work, ${seconds} s`);
	}, SAY_EVERY_SECONDS * 1000);
	const limit = setTimeout(() => child.kill(), withinMs);
	try {
		const code = await child.ended;
		if (code === 0) return;
		const why = code === null ? `did not end within ${withinMs / 1000} s` : `ended with code ${code}`;
		throw new Error(`${title} ${why}:\n${child.log()}`);
	} finally {
		clearInterval(beat);
		clearTimeout(limit);
	}
}

/** What ends each program that still runs. A process of ours that exits, for whatever reason, leaves none behind. */
const running = new Set<() => void>();
process.once("exit", () => {
	for (const kill of running) kill();
});

export interface Program extends AsyncDisposable {
	/** What it has written so far, to both streams. */
	readonly log: () => string;
	/** The exit code; null when it was killed. */
	readonly ended: Promise<number | null>;
	readonly kill: () => void;
}

/** Starts a program as the head of its own group of processes, so that the whole group can be ended. */
export function startProgram(
	program: string,
	args: readonly string[],
	cwd: string,
	env: NodeJS.ProcessEnv,
): Program {
	const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
	let log = "";
	child.stdout.on("data", (chunk) => {
		log += chunk;
	});
	child.stderr.on("data", (chunk) => {
		log += chunk;
	});
	const ended = new Promise<number | null>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", resolve);
	});
	// Who waits for it hears of the fault; without this line, one that nobody waits for would end the process.
	ended.catch(() => {});
	const kill = () => {
		if (!running.delete(kill) || child.pid === undefined) return;
		try {
			process.kill(-child.pid, "SIGKILL");
		} catch {
			// It has ended between the question and the signal.
		}
	};
	running.add(kill);
	child.once("close", () => running.delete(kill));
	return {
		log: () => log,
		ended,
		kill,
		[Symbol.asyncDispose]: async () => {
			kill();
			await ended.catch(() => {});
		},
	};
}

/** The environment of the storefront's own tool: nothing of ours, no prompts, no reports to anyone, its own home. */
export function shopEnvironment(home: string): NodeJS.ProcessEnv {
	const own = join(home, "home");
	mkdirSync(own, { recursive: true });
	return { PATH: process.env["PATH"], HOME: own, CI: "1", SHOPIFY_CLI_NO_ANALYTICS: "1" };
}

/** A port that was free a moment ago. The storefront takes a number and cannot choose one itself. */
export async function findFreePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === "string") throw new Error("No port is free.");
	return address.port;
}
