// The threads that hash passwords: how many, in which turn, how important, and what they make of a hash that is none.
// What a shopper sees of it is in test/passwords.test.ts.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import test, { type TestContext } from "node:test";
import {
	createPasswords,
	HashQueueFull,
	normalizePassword,
	type Passwords,
} from "../../src/secrets/password.ts";

const CHEAP = { memoryKib: 8, passes: 1 };
const THREADS = Math.max(1, availableParallelism() - 1);

function open(t: TestContext, cost = CHEAP, maxQueued = 100): Passwords {
	const passwords = createPasswords(cost, maxQueued);
	t.after(() => passwords.close());
	return passwords;
}

test("a password is verified by its hash, and by no other", async (t) => {
	const passwords = open(t);
	const [hash, again] = await Promise.all([passwords.hash("correct horse"), passwords.hash("correct horse")]);
	assert.match(hash, /^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
	assert.notEqual(hash, again, "each with a salt of its own");
	assert.equal(await passwords.verify("correct horse", hash), true);
	assert.equal(await passwords.verify("Correct horse", hash), false);
	assert.equal(await passwords.verify("", hash), false);
});

test("where there is no hash, the work is done all the same and nothing matches", async (t) => {
	const passwords = open(t);
	const begun = passwords.begun;
	assert.equal(await passwords.verify("", null), false);
	assert.equal(await passwords.verify("correct horse", null), false);
	assert.equal(passwords.begun, begun + 2);
});

test("a text that is no hash is an error, after which the thread hashes on", async (t) => {
	const passwords = open(t);
	for (let time = 0; time <= THREADS; time++) {
		await assert.rejects(passwords.verify("correct horse", "nonsense"), { message: "Decoding failed" });
	}
	assert.equal(passwords.load, 0);
	assert.match(await passwords.hash("correct horse"), /^\$argon2id\$/);
});

test("one hash for each core but one, some that wait in turn, and no more", async (t) => {
	const passwords = open(t, CHEAP, 3);
	for (let time = 1; time <= 2; time++) {
		const ended: number[] = [];
		const hashes = Array.from({ length: THREADS + 3 }, async (_, index) => {
			await passwords.hash("correct horse");
			ended.push(index);
		});
		assert.equal(passwords.load, THREADS + 3);
		await assert.rejects(passwords.hash("correct horse"), (error) => {
			assert.ok(error instanceof HashQueueFull);
			assert.equal(error.name, "HashQueueFull");
			assert.equal(error.message, "too many password hashes are waiting");
			return true;
		});
		await Promise.all(hashes);
		assert.equal(passwords.load, 0, "and then there is room again");
		assert.deepEqual(
			ended.filter((index) => index >= THREADS),
			[THREADS, THREADS + 1, THREADS + 2],
		);
	}
});

test("a crowd is let in a few in each turn, in order, and not at all while no hash is taken", async (t) => {
	const passwords = open(t, CHEAP, 3);
	const admitted: number[] = [];
	const crowd = Array.from({ length: 9 * THREADS }, async (_, index) => {
		await passwords.admit();
		admitted.push(index);
	});
	const seen: number[] = [];
	for (let turn = 1; turn <= 12; turn++) {
		await new Promise((resolve) => setImmediate(resolve));
		seen.push(admitted.length);
	}
	const most = Math.max(...seen.map((count, turn) => count - (seen[turn - 1] ?? 0)));
	assert.equal(most, THREADS + 1, `${seen}`);
	await Promise.all(crowd);
	assert.deepEqual(admitted, [...crowd.keys()]);

	const hashes = Array.from({ length: THREADS + 3 }, () => passwords.hash("correct horse"));
	await Promise.all([1, 2, 3].map(() => assert.rejects(passwords.admit(), HashQueueFull)));
	await Promise.all(hashes);
	await passwords.admit();
});

/** Of this process, beside the main one. */
function countWorkers(): number {
	return (process.report.getReport() as unknown as { workers: readonly unknown[] }).workers.length;
}

test("threads are started when they are needed, used again, and ended", async () => {
	const before = countWorkers();
	const passwords = createPasswords(CHEAP, 100);
	assert.equal(countWorkers(), before);
	for (let time = 0; time < 3; time++) await passwords.hash("correct horse");
	assert.equal(countWorkers(), before + 1);
	await Promise.all(Array.from({ length: 3 * THREADS }, () => passwords.hash("correct horse")));
	assert.equal(countWorkers(), before + THREADS);
	await passwords.close();
	assert.equal(countWorkers(), before);
});

test("a thread that hashes is less important than the one that serves", {
	skip: process.platform !== "linux",
}, async (t) => {
	const passwords = open(t);
	await passwords.hash("correct horse");
	const niceOf = (task: string) =>
		Number(
			readFileSync(`/proc/self/task/${task}/stat`, "utf8")
				.replace(/^.*\) /, "")
				.split(" ")[16],
		);
	const all = readdirSync("/proc/self/task").map(niceOf);
	const own = niceOf(String(process.pid));
	assert.ok(all.includes(own + 10));
});

test("a hash is made anew when it cost less than one does now, or was made by another algorithm", () => {
	const { needsRehash } = createPasswords({ memoryKib: 19456, passes: 2 }, 1);
	const made = (memory: string, passes: string) => `$argon2id$v=19$m=${memory},t=${passes},p=1$c2FsdA$dGFn`;
	assert.equal(needsRehash(made("19456", "2")), false);
	assert.equal(needsRehash(made("65536", "10")), false);
	assert.equal(needsRehash(made("19455", "2")), true);
	assert.equal(needsRehash(made("19456", "1")), true);
	assert.equal(needsRehash(made("9", "10")), true);
	assert.equal(needsRehash(made("19456", "2").replace("argon2id", "argon2i")), true);
	assert.equal(needsRehash(made("19456", "2").replace("v=19", "v=16")), true);
	assert.equal(needsRehash(made("19456", "2").replace("p=1", "p=4")), true);
	assert.equal(needsRehash(`x${made("19456", "2")}`), true);
	assert.equal(needsRehash("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"), true);
});

test("a password's normal form, and what has none", () => {
	assert.equal(normalizePassword("Zoe\u0308 \uff21"), "Zo\u00eb A");
	assert.equal(normalizePassword("a".repeat(1024))?.length, 1024);
	assert.equal(normalizePassword("a".repeat(1025)), null);
	assert.equal(normalizePassword("lone \ud800 surrogate"), null);
});
