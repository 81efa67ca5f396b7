#!/usr/bin/env node
// The way in. Plain JavaScript, so that a Node too old to run TypeScript can still read the one sentence it needs.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
	process.stderr.write(
		`Latchkey needs Node 24 or later; this is Node ${process.versions.node}. ` +
			"Run it through npm (npm start), which uses the Node that npm ci installed beside it; " +
			'if install scripts were switched off, run "npm rebuild node" first.\n',
	);
	process.exit(1);
}
const { enableCompileCache } = await import("node:module");
enableCompileCache();
// What lived long and died is collected once it is as much as what is alive; a quarter of a gigabyte may come first else.
const { setFlagsFromString } = await import("node:v8");
setFlagsFromString("--heap-growing-percent=100");
const { main } = await import("../src/main.ts");
await main(process.argv.slice(2));
