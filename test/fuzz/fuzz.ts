// The fuzzer: sends grown and broken documents to a whole server, as a customer who is signed in, and looks at each
// answer. No answer may be our fault, larger than 1 MiB, or hold anything that belongs to somebody else.
import { schemaOf } from "../../src/storefront/schema.ts";
import { seededRandom } from "../crash/random.ts";
import { DURABLE_ENGINE, type House, openHouse, SIGN_IN, SIGN_UP, VERSIONS } from "../house.ts";
import { type Known, type Request, rollDice, Writer } from "./documents.ts";

export interface FuzzReport {
	documents: number;
	/** Answers with data for the whole operation, with data and errors, and with nothing but errors. */
	answered: number;
	partly: number;
	refused: number;
	/** Code of an error, or HTTP status other than 200 → how many answers had it. */
	readonly codes: Map<string, number>;
	/** Fields of the roots that were answered with something else than null. */
	readonly roots: Set<string>;
	largestBytes: number;
	slowestMs: number;
	/** What must not happen, each with its document. */
	readonly faults: string[];
}

const MAX_ANSWER_BYTES = 1024 * 1024;
/** Documents for each customer: some of them delete her token or change her password. */
const BATCH = 100;
const TOGETHER = 4;
/** Faults that are enough to look into. */
const MAX_FAULTS = 10;

/** Same options, same documents. `tell` is told how far it is. */
export async function fuzz(
	{ documents, seed }: { readonly documents: number; readonly seed: number },
	tell: (done: number) => void = () => {},
): Promise<FuzzReport> {
	await using house = await openHouse(DURABLE_ENGINE);
	const report: FuzzReport = {
		documents: 0,
		answered: 0,
		partly: 0,
		refused: 0,
		codes: new Map(),
		roots: new Set(),
		largestBytes: 0,
		slowestMs: 0,
		faults: [],
	};
	const secrets = await hideSecrets(house);
	const random = seededRandom(seed);
	const writers = VERSIONS.map((version) => ({ version, writer: new Writer(schemaOf(version), random) }));
	for (let batch = 0; report.documents < documents && report.faults.length < MAX_FAULTS; batch++) {
		const known = await welcome(house, batch);
		const count = Math.min(BATCH, documents - report.documents);
		const { version, writer } = writers[batch % writers.length] as (typeof writers)[number];
		const requests = rollDice(count, seed + batch).map((dice) => writer.write(dice, known));
		for (let from = 0; from < count; from += TOGETHER) {
			const some = requests.slice(from, from + TOGETHER);
			await Promise.all(some.map((request) => send(house, version, request, secrets, report)));
		}
		tell(report.documents);
	}
	return report;
}

/** A customer to be, with an address: what her documents may know. */
async function welcome(house: House, number: number): Promise<Known> {
	const [email, password] = [`fuzz${number}@example.com`, `fuzzy horse ${number}`];
	const token = await house.signedIn(email, password);
	const address = await house.ask(ADD_ADDRESS, { t: token, a: { address1: "1 Oak Street", city: "Ottawa" } });
	const id = address.data.customerAddressCreate.customerAddress.id;
	return { customerAccessToken: token, email, password, id, addressId: id, handle: "main", first: "5" };
}

const ADD_ADDRESS = `mutation($t: String!, $a: MailingAddressInput!) {
	customerAddressCreate(customerAccessToken: $t, address: $a) { customerAddress { id } }
}`;

/** What no answer may hold: another customer's everything, the keys, and whatever is inside the server. */
async function hideSecrets(house: House): Promise<readonly string[]> {
	const input = { email: "victim.7f3a@example.com", password: "victim's own horse", firstName: "Vicky7f3a" };
	await house.ask(SIGN_UP, { input });
	const signedIn = await house.ask(SIGN_IN, { input: { email: input.email, password: input.password } });
	const token: string = signedIn.data.customerAccessTokenCreate.customerAccessToken.accessToken;
	await house.ask(ADD_ADDRESS, { t: token, a: { address1: "7f3a Hidden Lane", city: "Hull" } });
	const inside = [
		"$argon2",
		"SQLITE_",
		"sqlite:",
		"postgres",
		"node:internal",
		"/src/",
		".ts:",
		"INTERNAL_SERVER_ERROR",
	];
	const keys = [house.keys.privateAccessToken, house.keys.adminAccessToken];
	return [...Object.values(input), token, "7f3a Hidden Lane", ...keys, ...inside];
}

async function send(
	house: House,
	version: string,
	request: Request,
	secrets: readonly string[],
	report: FuzzReport,
): Promise<void> {
	const from = performance.now();
	const response = await fetch(`${house.app.url}/api/${version}/graphql.json`, {
		method: "POST",
		headers: {
			"Content-Type": "application/json",
			"X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken,
		},
		body: JSON.stringify(request),
	});
	const bytes = Buffer.from(await response.arrayBuffer());
	report.slowestMs = Math.max(report.slowestMs, performance.now() - from);
	report.largestBytes = Math.max(report.largestBytes, bytes.length);
	report.documents++;
	const accuse = (what: string) =>
		report.faults.push(`${what}\n${JSON.stringify(request)}\n${bytes.subarray(0, 2000)}`);
	const text = bytes.toString();
	if (response.status >= 500) accuse(`status ${response.status}`);
	if (bytes.length > MAX_ANSWER_BYTES) accuse(`${bytes.length} bytes`);
	for (const secret of secrets) if (text.includes(secret)) accuse(`it holds ${secret}`);
	try {
		note(report, response.status, JSON.parse(text));
	} catch (error) {
		accuse(`no JSON: ${error}`);
	}
}

interface Answer {
	readonly data?: Readonly<Record<string, unknown>> | null;
	readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

function note(report: FuzzReport, status: number, { data, errors }: Answer): void {
	if (data && !errors) report.answered++;
	else if (data) report.partly++;
	else report.refused++;
	for (const [key, value] of Object.entries(data ?? {})) if (value !== null) report.roots.add(key);
	const found = Array.isArray(errors)
		? errors.map(({ extensions }) => extensions?.code ?? "without a code")
		: [];
	for (const code of new Set(status === 200 ? found : [`HTTP ${status}`])) {
		report.codes.set(code, (report.codes.get(code) ?? 0) + 1);
	}
}
