// G1, G2, G3, G5, G7, G8: an attacker with many addresses and as many connections guesses passwords, asks who is there,
// and has mails sent. How many passwords were really looked at is what the server's own metric says.
import { type House, openHouse, SIGN_IN } from "../house.ts";
import {
	addressAt,
	EMAIL,
	outcomeOf,
	outcomesAtOnce,
	PASSWORD,
	THROTTLED,
	visitor,
} from "../limits/visitors.ts";
import type { Figure, Options } from "./figure.ts";

/** Tries at once. */
const OFFICIAL = 1000;
/** Names that one password is tried with. */
const NAMES_PER_TRY = 10;
const HOUR = 3600;
const DAY = 24 * HOUR;
const ALIASES = 5;

/** What passwords cost in production, and no way around the limits for this machine. */
const SETTINGS = {
	metrics: "true",
	trustedProxies: "127.0.0.1",
	passwordMemoryKib: "19456",
	passwordPasses: "2",
} as const;

export async function run({ count }: Options): Promise<readonly Figure[]> {
	const tries = count ?? OFFICIAL;
	const parts = [guessAtOnce, guessInDocuments, guessForDays, spray, interruptOwner, askWhoIsThere, bombard];
	const figures: Figure[] = [];
	for (const part of parts) {
		process.stderr.write(`${part.name} …\n`);
		await using house = await openHouse("sqlite:file", SETTINGS);
		await house.signedIn(EMAIL, PASSWORD);
		figures.push(...(await part(house, tries)));
	}
	return figures;
}

/** How many passwords the server looks at while something is done. */
async function checksOf(house: House, act: () => Promise<unknown>): Promise<number> {
	const read = async () => {
		const text = await (await fetch(`${house.app.url}/metrics`)).text();
		return Number(/^latchkey_password_hashes_begun_total (\d+)$/m.exec(text)?.[1]);
	};
	const before = await read();
	await act();
	return (await read()) - before;
}

async function guessAtOnce(house: House, tries: number): Promise<readonly Figure[]> {
	const guess = (index: number) => visitor(house, addressAt(index)).signIn(`guess ${index}`);
	const checks = await checksOf(house, () => outcomesAtOnce(tries, guess));
	let seen: readonly string[] = [];
	const right = (index: number) => visitor(house, addressAt(tries + index)).signIn(PASSWORD);
	const afterwards = await checksOf(house, async () => {
		seen = await outcomesAtOnce(tries, right);
	});
	const entered = seen.filter((outcome) => outcome === "ok").length;
	return [
		{
			promise: "G1",
			figure: `${tries} wrong passwords at once from ${tries} addresses: ${checks} were checked`,
			isMet: checks === 10,
		},
		{
			promise: "G1",
			figure: `then the right one ${tries} times at once from ${tries} others: ${afterwards} were checked, ${entered} came in`,
			isMet: afterwards === 0 && entered === 0,
		},
	];
}

/** The same number of tries, but several in each request: as aliases, spread by fragments, and by every path. */
async function guessInDocuments(house: House, tries: number): Promise<readonly Figure[]> {
	const documents = Math.ceil(tries / ALIASES);
	const send = (index: number) => visitor(house, addressAt(index)).ask(writeGuesses(index));
	const checks = await checksOf(house, () =>
		Promise.all(Array.from({ length: documents }, (_, index) => send(index))),
	);
	return [
		{
			promise: "G3",
			figure: `${documents * ALIASES} wrong passwords at once, ${ALIASES} in each document, by aliases and by fragments, from ${documents} addresses: ${checks} were checked`,
			isMet: checks === 10,
		},
	];
}

function writeGuesses(index: number): string {
	const guesses = Array.from(
		{ length: ALIASES },
		(_, at) =>
			`a${at}: customerAccessTokenCreate(input: { email: "${EMAIL}", password: "guess ${index} ${at}" }) { customerUserErrors { code } }`,
	);
	if (index % 2 === 0) return `mutation { ${guesses.join(" ")} }`;
	return `mutation { ...all ...all } fragment all on Mutation { ${guesses.join(" ")} }`;
}

/** A patient attacker, who comes back as soon as there may be room again. */
async function guessForDays(house: House, tries: number): Promise<readonly Figure[]> {
	let address = 0;
	const burst = () =>
		outcomesAtOnce(Math.ceil(tries / 10), () => visitor(house, addressAt(++address)).signIn("guess"));
	const day = async () => {
		let checks = 0;
		for (let quarter = 0; quarter < 96; quarter++) {
			// Once the day's guesses are used up, a few bursts are enough to see that.
			if (quarter < 8 || quarter % 12 === 0) checks += await checksOf(house, burst);
			await house.advance(HOUR / 4);
		}
		return checks;
	};
	const days: number[] = [];
	for (let number = 0; number < 4; number++) days.push(await day());
	const all = days.reduce((sum, checks) => sum + checks, 0);
	const later = await checksOf(house, () => visitor(house, addressAt(++address)).signIn(PASSWORD));
	return [
		{
			promise: "G1",
			figure: `a burst of guesses every quarter of an hour, for four days: ${days.join(", ")} checked a day, ${all} in a row; of the right password after them ${later}`,
			isMet: days.every((checks) => checks <= 50) && all === 100 && later === 0,
		},
	];
}

/** One password for many names, from one address, and from one network that pretends to be many. */
async function spray(house: House, tries: number): Promise<readonly Figure[]> {
	const names = tries * NAMES_PER_TRY;
	const nameAt = (index: number) => `nobody${index}@example.com`;
	const trySome = async (attempt: (index: number) => Promise<string>) => {
		for (let start = 0; start < names; start += tries) {
			await outcomesAtOnce(tries, (index) => attempt(start + index));
		}
	};
	const from = (address: string, index: number) => visitor(house, address).signIn(PASSWORD, nameAt(index));
	const one = await checksOf(house, () => trySome((index) => from("192.0.2.1", index)));
	const walk = (index: number) => from(`2001:db8:1:2::${index.toString(16)}`, index);
	const walked = await checksOf(house, () => trySome(walk));
	const forge = async (index: number) => {
		const buyer = addressAt(index);
		const claims = { "X-Real-IP": buyer, "True-Client-IP": buyer, Forwarded: `for=${buyer}` };
		const chain = { "X-Forwarded-For": `${buyer}, 203.0.113.7`, "Shopify-Storefront-Buyer-IP": buyer };
		const input = { email: nameAt(index), password: PASSWORD };
		return outcomeOf(await house.ask(SIGN_IN, { input }, { headers: { ...claims, ...chain } }));
	};
	const forged = await checksOf(house, () => trySome(forge));
	return [
		{
			promise: "G2",
			figure: `one password for ${names} names within five minutes: ${one} checked from one IPv4 address, ${walked} from as many addresses of one IPv6 network of 64 bits`,
			isMet: one === 30 && walked === 30,
		},
		{
			promise: "G2",
			figure: `as many whose headers claim an address of their own each, behind a trusted proxy: ${forged} checked`,
			isMet: forged === 30,
		},
	];
}

/** The owner signs in from where they were before, while others guess without end. */
async function interruptOwner(house: House, tries: number): Promise<readonly Figure[]> {
	const owner = visitor(house, "198.51.100.1");
	await owner.signIn(PASSWORD);
	let attacking = true;
	let guesses = 0;
	const attack = async () => {
		while (attacking) await visitor(house, addressAt(++guesses)).signIn("guess");
	};
	const attackers = Array.from({ length: 50 }, attack);
	const times = Math.ceil(tries / 10);
	let entered = 0;
	for (let time = 0; time < times; time++) if ((await owner.signIn(PASSWORD)) === "ok") entered++;
	attacking = false;
	await Promise.all(attackers);
	return [
		{
			promise: "G5",
			figure: `while ${guesses} guesses came from as many addresses, the owner signed in ${entered} times of ${times} from a known one`,
			isMet: entered >= times * 0.99 && guesses > times,
		},
	];
}

/** Asking who has an account costs an attacker an address for every few answers. */
async function askWhoIsThere(house: House, tries: number): Promise<readonly Figure[]> {
	const count = async (act: (index: number) => Promise<string>) =>
		(await outcomesAtOnce(tries, act)).filter((outcome) => outcome !== THROTTLED).length;
	const from = (address: string) => visitor(house, address);
	const recoveries = await count((index) => from("192.0.2.1").recover(`nobody${index}@example.com`));
	const signUps = await count((index) =>
		from("192.0.2.2").signUp(index % 2 ? EMAIL : `new${index}@example.com`),
	);
	const known = await count((index) => from(addressAt(index)).recover(EMAIL));
	const unknown = await count((index) => from(addressAt(index)).recover("nobody@example.com"));
	return [
		{
			promise: "G7",
			figure: `of ${tries} at once within an hour, answered other than THROTTLED: ${recoveries} recoveries and ${signUps} sign-ups from one address; ${known} recoveries of one name that has an account, ${unknown} of one that has none, from any number of addresses`,
			isMet: recoveries <= 40 && signUps <= 20 && known <= 10 && unknown <= 10,
		},
	];
}

async function bombard(house: House, tries: number): Promise<readonly Figure[]> {
	let asked = 0;
	const hour = async () => {
		const before = (await house.mails()).length;
		// One after the other at first: a mail that still waits when the next is asked for would be replaced by it.
		const ask = () => visitor(house, addressAt(++asked % 100)).recover(EMAIL);
		for (let early = 0; early < Math.min(20, tries); early++) {
			await ask();
			await house.mails();
		}
		await outcomesAtOnce(Math.max(0, tries - 20), ask);
		const sent = (await house.mails()).length - before;
		await house.advance(HOUR);
		return sent;
	};
	const first = await hour();
	let inADay = first;
	for (let number = 1; number < DAY / HOUR; number++) inADay += await hour();
	return [
		{
			promise: "G8",
			figure: `${tries} recoveries of one account from 100 addresses in each hour of a day: ${first} mails in the first hour, ${inADay} in the day`,
			isMet: first <= 5 && inADay <= 10,
		},
	];
}
