// `npm run bench`: starts everything itself, measures in turns, prints tables. See bench/README.md.
import { parseArgs } from "node:util";
import { benchPostgres } from "./postgres.ts";
import { benchSqlite } from "./sqlite.ts";

const { values: options } = parseArgs({
	options: {
		engine: { type: "string", default: "sqlite" },
		tokens: { type: "string", default: "1000000" },
		sizes: { type: "string", default: "10000,1000000,10000000" },
		rounds: { type: "string", default: "5" },
		seconds: { type: "string", default: "3" },
	},
});
const [tokens, rounds, seconds] = [Number(options.tokens), Number(options.rounds), Number(options.seconds)];

if (options.engine === "postgres") {
	const sizes = options.sizes.split(",").filter(Boolean).map(Number);
	await benchPostgres({ tokens, rounds, seconds, sizes });
} else if (options.engine === "sqlite") {
	await benchSqlite({ tokens, rounds, seconds });
} else {
	throw new Error("--engine is sqlite or postgres");
}
