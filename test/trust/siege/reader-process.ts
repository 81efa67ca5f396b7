// A good client in a process of its own, so that it is held up by nothing but the server: it reads at a steady rate,
// whether the answers before have come or not.
import { emailOf, tokenSecret } from "../../../bench/seed.ts";
import { READ } from "../../house.ts";
import { Client } from "./client.ts";
import type { ReadOrder, Reads } from "./reader.ts";

/** Customers of the seeded database that are read. */
const READ_CUSTOMERS = 1000;

let isOver = false;

process.on("message", async (order: ReadOrder | "stop") => {
	isOver = order === "stop";
	if (order !== "stop") process.send?.(await read(order));
});

/** Until it is told to stop, and the last answers have come. */
async function read({ port, perSecond }: ReadOrder): Promise<Reads> {
	const client = new Client(port);
	const reads: Reads = { all: [], faults: 0 };
	const underWay = new Set<Promise<void>>();
	const startedAt = performance.now();
	for (let count = 0; !isOver; count++) {
		const dueAt = startedAt + (count * 1000) / perSecond;
		const early = dueAt - performance.now();
		if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
		const one: Promise<void> = readOne(client, count % READ_CUSTOMERS, dueAt, reads).finally(() =>
			underWay.delete(one),
		);
		underWay.add(one);
	}
	await Promise.all(underWay);
	client.close();
	return reads;
}

async function readOne(client: Client, customer: number, dueAt: number, reads: Reads): Promise<void> {
	const body = JSON.stringify({ query: READ, variables: { t: tokenSecret(customer) } });
	try {
		const { status, text } = await client.send({ body });
		reads.all.push([performance.timeOrigin + dueAt, performance.now() - dueAt]);
		if (status !== 200 || !text.includes(`"${emailOf(customer)}"`)) reads.faults++;
	} catch {
		reads.faults++;
	}
}
