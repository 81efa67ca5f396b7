// The help teaches by example: every command has one, and every example in a help text does what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { withExamples } from "./examples.ts";
import { type Line, openLine } from "./line.ts";

/** The commands of a group and of the groups in it, by their whole names. */
async function listCommands(line: Line, group: string): Promise<readonly string[]> {
	const { out } = await line.run(`${group} --help`);
	const [, commands] = out.split("\nCommands:\n");
	if (commands === undefined) return [group];
	const names = [...commands.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => `${group} ${name}`);
	const inner = names.filter((name) => !name.endsWith(" help")).map((name) => listCommands(line, name));
	return (await Promise.all(inner)).flat();
}

test("every command has a help with examples, and every example in it runs", async () => {
	await withExamples(async (line, attempt) => {
		const groups = ["shop", "key", "customer", "mail", "audit"];
		const commands = (await Promise.all(groups.map((group) => listCommands(line, group)))).flat();
		assert.equal(commands.length, 26, commands.join("\n"));
		for (const command of commands) {
			const { out, code } = await line.run(`${command} --help`);
			assert.equal(code, 0);
			const examples = [...out.matchAll(/^ {2}latchkey (.+)$/gm)].map(([, example]) => String(example));
			assert.notEqual(examples.length, 0, `${command} has no example`);
			for (const example of examples) {
				assert.ok(example.startsWith(command), `${example} is not of ${command}`);
				await attempt(example);
			}
		}
	});
});

test("every command in docs/operating.md runs", async () => {
	const text = readFileSync(join(import.meta.dirname, "../../docs/operating.md"), "utf8");
	const examples = [...text.matchAll(/^latchkey (.+)$/gm)].map(([, example]) => String(example));
	assert.ok(examples.length > 25);
	await withExamples(async (_line, attempt) => {
		for (const example of examples) await attempt(example);
	});
});

test("a usage that is wrong is told with the help, and exit code 1", async () => {
	await using line = await openLine();
	const wrong = [
		"customer",
		"customer shw ada@example.com",
		"customer show",
		"key create --kind master",
		"shop set --no-such",
	];
	for (const command of wrong) {
		const { code, out, notes } = await line.run(command);
		assert.equal(code, 1, command);
		assert.equal(out, "", command);
		assert.match(notes, /^Usage: latchkey /m, command);
	}
});
