// A house with a row of settings, and how to come by customers, mails and links in it whatever those are.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import type { SettingName } from "../../src/config.ts";
import type { Mail } from "../../src/mail/mail.ts";
import type { Purpose } from "../../src/model.ts";
import { type EngineName, type House, openHouse, RECOVER, SIGN_IN, SIGN_UP } from "../house.ts";
import { PostOffice } from "../mail/post-office.ts";
import { type MailedLink, redeem, setState, tokenOf } from "../recovery/links.ts";

interface Newcomer {
	readonly email: string;
	readonly token: string;
	/** In seconds since 1970. */
	readonly expiresAt: number;
}

interface Arrived extends Mail {
	/** At which of the two mail servers. */
	readonly office: string;
}

export interface World extends AsyncDisposable {
	readonly house: House;
	/** Good under every setting. */
	readonly password: string;
	/** What the port is where the row says so. */
	readonly freePort: number;
	/** The shop's Multipass secret. */
	readonly secret: string;
	/** An address that nobody has. */
	fresh(): string;
	/** A phone number that nobody has. */
	phone(): string;
	/** A new customer, signed in. */
	newcomer(): Promise<Newcomer>;
	/** The mail with a link, to a new customer. */
	mail(purpose: Purpose): Promise<Arrived>;
	/** That link. */
	link(purpose: Purpose): Promise<MailedLink>;
}

/** In whatever order, and whatever else is in the link. */
function readLink(purpose: Purpose, { links: [url = ""] }: Mail): MailedLink {
	const [token] = /[0-9a-f]{48}-\d+/.exec(url) ?? [];
	const [number] = /(?<![\w-])\d{13,15}(?!\w)/.exec(url) ?? [];
	assert.ok(token && number, url);
	return { purpose, url, id: `gid://shopify/Customer/${number}`, token };
}

export type Row = Readonly<Partial<Record<SettingName, string>>>;

export interface Probe {
	/** The first is what there is without the setting, or what the fixture has; null is none. */
	readonly values: readonly [string | null, string];
	see(world: World): Promise<unknown>;
	/** What is to be seen where the row has the first value, and where it has the second; it may depend on others. */
	readonly seen: readonly [Sight, Sight];
}

type Sight = string | number | boolean | null | ((row: Row) => unknown);

let people = 0;

export async function openWorld(row: Row): Promise<World> {
	const offices = { "the first": await PostOffice.open(), "the second": await PostOffice.open() };
	const { databaseUrl, smtpUrl, port, ...others } = row;
	const freePort = await findFreePort();
	const office = smtpUrl === "the second" ? smtpUrl : "the first";
	const encryptionKey = "an encryption key of forty characters, at least";
	const house = await openHouse(databaseUrl as EngineName, {
		...others,
		encryptionKey,
		smtpUrl: offices[office].url,
		port: port === "0" ? port : String(freePort),
	});
	const password = "Zq-battery-staple-correct-horse";
	const fresh = () => `someone${++people}@example.com`;
	const link = async (purpose: Purpose) => readLink(purpose, await mail(purpose));
	/** The newest mail to the address that has a link to act on. */
	const newestTo = async (email: string): Promise<Arrived> => {
		const found = (await house.mails()).find(({ to, text }) => to === email && /[0-9a-f]{48}-\d/.test(text));
		const at = Object.entries(offices).filter(([, { letters }]) => {
			return letters.some(({ recipients }) => recipients.includes(email));
		});
		assert.ok(found && at.length === 1, email);
		return { ...found, office: String(at[0]?.[0]) };
	};
	const newcomer = async (): Promise<Newcomer> => {
		const email = fresh();
		const input = { email, password };
		const { data } = await house.ask(SIGN_UP, { input });
		if (!data.customerCreate.customer) {
			// A quiet shop: the account waits for its activation.
			tokenOf(await redeem(house, readLink("activation", await newestTo(email)), password, "url"));
		}
		const signedIn = await house.ask(SIGN_IN, { input });
		const { accessToken, expiresAt } = signedIn.data.customerAccessTokenCreate.customerAccessToken;
		return { email, token: accessToken, expiresAt: Date.parse(expiresAt) / 1000 };
	};
	const mail = async (purpose: Purpose): Promise<Arrived> => {
		const { email } = await newcomer();
		if (purpose === "reset") await house.ask(RECOVER, { email });
		else {
			await setState(house, email, "disabled");
			await house.ask(SIGN_UP, { input: { email, password } });
		}
		return newestTo(email);
	};
	return {
		house,
		password,
		freePort,
		secret: String(row.multipassSecret),
		fresh,
		phone: () => `+1613555${String(1000 + (++people % 9000))}`,
		newcomer,
		mail,
		link,
		[Symbol.asyncDispose]: async () => {
			await house[Symbol.asyncDispose]();
			for (const one of Object.values(offices)) await one[Symbol.asyncDispose]();
		},
	};
}

/** How many of so many connections the server takes, all of them held at once. */
export async function countTaken({ app }: Pick<House, "app">, count: number): Promise<number> {
	const { hostname, port } = new URL(app.url);
	const sockets = Array.from({ length: count }, () => connect(Number(port), hostname));
	// Told to go on, and not going on, a client holds its connection.
	const head =
		"POST /api/graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";
	try {
		const taken = sockets.map((socket) => {
			socket.on("connect", () => socket.write(`${head}Expect: 100-continue\r\n\r\n`));
			return new Promise<boolean>((resolve) => {
				socket.on("data", () => resolve(true));
				socket.on("error", () => resolve(false));
				socket.on("close", () => resolve(false));
			});
		});
		return (await Promise.all(taken)).filter(Boolean).length;
	} finally {
		for (const socket of sockets) socket.destroy();
	}
}

/** A port that nobody listens on. */
async function findFreePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}
