// S2, S5, T6 and T8: what may happen once, released two hundred times in one moment, round after round. test/races holds
// the answers of a few rounds against each other to the letter; this only counts, at length.
import { DELETE, type House, openHouse, RENEW, SIGN_IN, UPDATE } from "../house.ts";
import { ENTER, passFor, SETTINGS } from "../multipass/passes.ts";
import { openVolley, parse, type Shot, type Volley } from "../races/volley.ts";
import {
	DOCUMENTS,
	EMAIL,
	FORMS,
	type MailedLink,
	mailedLink,
	newcomerWithLink,
	PASSWORD,
	readerOf,
	setState,
} from "../recovery/links.ts";
import type { Figure, Options } from "./figure.ts";

/** Of each thing that may be spent once. */
const OFFICIAL_ROUNDS = 1000;
const AT_ONCE = 200;

export async function run({ count }: Options): Promise<readonly Figure[]> {
	const rounds = count ?? OFFICIAL_ROUNDS;
	const figures: Figure[] = [];
	for (const race of [redeemResets, redeemActivations, enterByMultipass, renewAndDelete, changePassword]) {
		process.stderr.write(`${race.name}, ${rounds} rounds …\n`);
		await using house = await openHouse("sqlite:file", { ...SETTINGS, passwordQueue: String(AT_ONCE) });
		await using volley = await openVolley(house);
		figures.push(await race(house, volley, rounds));
	}
	return figures;
}

const redeemResets = (house: House, volley: Volley, rounds: number) =>
	redeemLinks(house, volley, rounds, "reset");

const redeemActivations = (house: House, volley: Volley, rounds: number) =>
	redeemLinks(house, volley, rounds, "activation");

async function redeemLinks(
	house: House,
	volley: Volley,
	rounds: number,
	purpose: MailedLink["purpose"],
): Promise<Figure> {
	let link = await newcomerWithLink(house, purpose);
	const wins: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const shots = Array.from({ length: AT_ONCE }, (_, index): Shot => {
			const { id, token, url } = link;
			const variables = { id, token, url, password: `password ${round} of ${index}` };
			return { query: DOCUMENTS[purpose][FORMS[index % 2] ?? "id"], variables };
		});
		const answers = (await volley.fire(shots)).map(parse);
		wins.push(answers.filter(({ data }) => data?.redeemed?.customerAccessToken).length);
		if (purpose === "activation") await setState(house, EMAIL, "disabled");
		link = await mailedLink(house, purpose);
	}
	return toFigure("S2", `redemptions of one link for ${purpose}`, wins);
}

async function enterByMultipass(house: House, volley: Volley, rounds: number): Promise<Figure> {
	const wins: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const shot = { query: ENTER, variables: { t: passFor(house, { email: EMAIL }) } };
		const answers = (await volley.fire(Array<Shot>(AT_ONCE).fill(shot))).map(parse);
		wins.push(
			answers.filter(({ data }) => data?.customerAccessTokenCreateWithMultipass?.customerAccessToken).length,
		);
	}
	return toFigure("T8", "uses of one Multipass token", wins);
}

function toFigure(promise: string, says: string, wins: readonly number[]): Figure {
	const others = wins.filter((count) => count !== 1).length;
	return {
		promise,
		figure: `${AT_ONCE} ${says} at once, ${wins.length} times: not exactly one success in ${others} of them`,
		isMet: others === 0 && wins.length > 0,
	};
}

async function signIn(house: House, password: string): Promise<string> {
	const { data } = await house.ask(SIGN_IN, { input: { email: EMAIL, password } });
	return data.customerAccessTokenCreate.customerAccessToken.accessToken;
}

async function renewAndDelete(house: House, volley: Volley, rounds: number): Promise<Figure> {
	await house.signedIn(EMAIL, PASSWORD);
	let broken = 0;
	for (let round = 0; round < rounds; round++) {
		const t = await signIn(house, PASSWORD);
		const shots = Array.from({ length: AT_ONCE }, (_, index): Shot => {
			return { query: index % 10 === round % 10 ? DELETE : RENEW, variables: { t } };
		});
		const answers = (await volley.fire(shots)).map(parse);
		const deletions = answers.filter(
			({ data }) => data?.customerAccessTokenDelete?.deletedAccessToken,
		).length;
		const renewed = answers.flatMap(
			({ data }) => data?.customerAccessTokenRenew?.customerAccessToken?.accessToken ?? [],
		);
		// A renewal prolongs the same token: there is no second one that could outlive the first.
		const isBroken =
			deletions !== 1 || renewed.some((token) => token !== t) || (await readerOf(house, t)) !== null;
		if (isBroken) broken++;
	}
	return {
		promise: "T6",
		figure: `${AT_ONCE} renewals and deletions of one token at once, ${rounds} times: a token still alive, replaced or deleted twice in ${broken} of them`,
		isMet: broken === 0,
	};
}

async function changePassword(house: House, volley: Volley, rounds: number): Promise<Figure> {
	await house.signedIn(EMAIL, PASSWORD);
	let before = PASSWORD;
	let survivors = 0;
	for (let round = 0; round < rounds; round++) {
		const tokens = await Promise.all(Array.from({ length: 10 }, () => signIn(house, before)));
		const next = `password of round ${round}`;
		const change: Shot = { query: UPDATE, variables: { t: tokens[0], customer: { password: next } } };
		const renewals = Array.from({ length: AT_ONCE - 1 }, (_, index): Shot => {
			return { query: RENEW, variables: { t: tokens[index % tokens.length] } };
		});
		const middle = AT_ONCE / 2;
		const answers = await volley.fire([...renewals.slice(0, middle), change, ...renewals.slice(middle)]);
		const token = parse(answers[middle] ?? "").data.customerUpdate.customerAccessToken.accessToken;
		const readers = await Promise.all(tokens.map((earlier) => readerOf(house, earlier)));
		survivors += readers.filter((reader) => reader !== null).length;
		if ((await readerOf(house, token)) !== EMAIL)
			throw new Error("the token that was returned does not work");
		before = next;
	}
	return {
		promise: "S5",
		figure: `${10 * rounds} tokens, renewed ${AT_ONCE - 1} times at once while the password changes: ${survivors} work after the reply, and the returned one does`,
		isMet: survivors === 0,
	};
}
