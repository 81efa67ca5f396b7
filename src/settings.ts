// The settings: one table, from which come the environment, the flags, docs/configuration.md and `latchkey config`.

type Kind = "text" | "url" | "integer" | "boolean" | "secret" | "choice";

export interface Setting<K extends Kind = Kind, D extends string | null = string | null> {
	readonly kind: K;
	/** As text, the way the environment would give it; null where there is none. */
	readonly default: D;
	/** Full sentences, Markdown. */
	readonly says: string;
	readonly choices?: readonly string[];
	readonly min?: number;
	readonly max?: number;
}

function setting<K extends Kind, D extends string | null>(
	kind: K,
	fallback: D,
	says: string,
	bounds: Pick<Setting, "choices" | "min" | "max"> = {},
): Setting<K, D> {
	return { kind, default: fallback, says, ...bounds };
}

/** Name in code → setting. `databaseUrl` is `LATCHKEY_DATABASE_URL` and `--database-url`. */
export const SETTINGS = {
	databaseUrl: setting(
		"text",
		"sqlite:.latchkey/latchkey.db",
		"Where everything is kept: `sqlite:PATH`, `sqlite::memory:`, or `postgres://user:password@host:5432/database` (several hosts as `host1:5432,host2:5432`). `--database` for short. With a password in it, it is better read from a file: `LATCHKEY_DATABASE_URL_FILE`.",
	),
	databaseConnections: setting(
		"integer",
		"8",
		"Connections to PostgreSQL that run transactions. Seven more are kept for everything else, and one for each host.",
		{ min: 1, max: 1000 },
	),
	host: setting("text", "127.0.0.1", "The address that the server listens on. `0.0.0.0` is every one."),
	port: setting("integer", "4000", "The port; 0 lets the system choose one.", { min: 0, max: 65535 }),
	logLevel: setting("choice", "info", "How much is logged, as JSON lines on standard error.", {
		choices: ["trace", "debug", "info", "warn", "error", "silent"],
	}),
	metrics: setting("boolean", "false", "Whether `GET /metrics` answers, in Prometheus’s text format."),
	shopName: setting("text", "Latchkey", "The name of the shop that the settings describe."),
	shopDescription: setting("text", null, "A sentence about the shop."),
	shopUrl: setting(
		"url",
		null,
		"Where the shop’s own pages are, e.g. `https://shop.example`. Under `latchkey dev` it is the server’s own address.",
	),
	shopCountry: setting("text", "US", "The shop’s country, ISO 3166 alpha-2."),
	shopLanguage: setting("text", "EN", "The shop’s language, as the API names it, e.g. `DE` or `PT_BR`."),
	shopCurrency: setting("text", "USD", "The shop’s currency, ISO 4217."),
	storefrontAccessToken: setting(
		"secret",
		null,
		"A public storefront access token of the shop, for browsers and apps.",
	),
	privateAccessToken: setting(
		"secret",
		null,
		"A private storefront access token of the shop, for its servers only.",
	),
	adminAccessToken: setting(
		"secret",
		null,
		"An admin access token of the shop, for the operator’s programs.",
	),
	encryptionKey: setting(
		"secret",
		null,
		"Seals what must be kept and be readable again: the shops’ Multipass secrets. At least 32 characters. Under `latchkey dev` one is made and kept.",
	),
	multipassSecret: setting(
		"secret",
		null,
		"The Multipass secret of the first shop; `latchkey shop set` gives each shop its own. It is kept sealed.",
	),
	smtpUrl: setting(
		"secret",
		null,
		"The server that sends mails: `smtp://user:password@host:587`, or `smtps://…:465`. Under `latchkey dev` mails go to the mailbox, and here as well if it is set.",
	),
	mailFrom: setting(
		"text",
		null,
		"The address that mails come from. Without one, `no-reply@` and the host of the shop’s URL. A shop may have its own.",
	),
	resetUrl: setting(
		"text",
		"{shop}/account/reset/{customer}/{token}",
		"The link in a reset mail: `{shop}` is the shop’s URL, `{customer}` an id, `{token}` the secret. A shop may have its own.",
	),
	activationUrl: setting(
		"text",
		"{shop}/account/activate/{customer}/{token}",
		"The link in an activation mail, the same way. A shop may have its own.",
	),
	accentColor: setting(
		"text",
		"#1f5199",
		"The colour of buttons in mails, as `#rrggbb`. A shop may have its own.",
	),
	emailChange: setting(
		"choice",
		"allow",
		"Whether `customerUpdate` may change the e-mail address: older clients rely on it, the newest record of upstream refuses it. A shop may have its own.",
		{ choices: ["allow", "deny"] },
	),
	multipassEnables: setting(
		"boolean",
		"true",
		"Whether Multipass lets a customer in whose account is disabled or was never activated, and enables it. A shop may have its own.",
	),
	resetLifetimeSeconds: setting("integer", "3600", "How long a reset link works, from when it is mailed.", {
		min: 60,
		max: 86_400,
	}),
	activationLifetimeSeconds: setting(
		"integer",
		"2592000",
		"How long an activation link works, from when it is mailed. 30 days, as upstream.",
		{ min: 60, max: 31_536_000 },
	),
	limitSignIns: setting(
		"text",
		"10/900 50/86400",
		"Wrong passwords for one account, from all addresses together that its owner has not signed in from, and from each of those by itself: `10/900` is ten in any 900 seconds. Whatever the figures, after a hundred in a row only the owner makes room again. `off` is no limit at all.",
	),
	limitFailures: setting(
		"text",
		"30/300",
		"Wrong passwords, links and Multipass tokens from one address (an IPv4 address, or an IPv6 network of 64 bits).",
	),
	limitSignUps: setting("text", "20/3600", "Sign-ups from one address."),
	limitRecoveries: setting("text", "40/3600", "Recoveries asked for from one address."),
	limitLinks: setting("text", "5/3600 10/86400", "Mails with a link to one account."),
	limitEmailChanges: setting(
		"text",
		"10/3600",
		"New e-mail addresses and phone numbers that one customer asks for.",
	),
	enumeration: setting(
		"choice",
		"contract",
		"`contract` answers as upstream does, which tells who has an account. `quiet` tells nobody: a recovery is always answered as done, a sign-up as one that waits for its mail, and customers cannot change their e-mail address.",
		{ choices: ["contract", "quiet"] },
	),
	trustedProxies: setting(
		"text",
		null,
		"Proxies whose `X-Forwarded-For` is believed: addresses and networks, e.g. `10.0.0.0/8 ::1`. From all others it is not read.",
	),
	connectionsPerAddress: setting(
		"text",
		"100",
		"Connections that one address may hold at once; a trusted proxy may hold any number. `off` is no limit.",
	),
	connections: setting(
		"integer",
		"4000",
		"Connections that all addresses together may hold. Beyond them none is taken until one ends.",
		{ min: 10, max: 100_000 },
	),
	requestTimeoutSeconds: setting(
		"integer",
		"15",
		"Within this a request has to have come as a whole; its head within 5 seconds, or within this if it is less.",
		{ min: 1, max: 300 },
	),
	answerTimeoutSeconds: setting(
		"integer",
		"30",
		"Within this a client has to have taken an answer, or its connection is ended.",
		{ min: 1, max: 600 },
	),
	keepAliveSeconds: setting(
		"integer",
		"65",
		"How long a connection may wait for its next request: longer than a proxy before it keeps it.",
		{ min: 1, max: 600 },
	),
	stopDelaySeconds: setting(
		"integer",
		"5",
		"How long a server that is told to stop goes on serving, while `/readyz` answers 503 and connections end after one answer: longer than it takes your load balancer to notice. Under `latchkey dev` it stops at once.",
		{ min: 0, max: 15 },
	),
	auditDays: setting(
		"integer",
		"90",
		"For how many days the audit log keeps who did what. 0 records nothing of what shoppers do.",
		{ min: 0, max: 3650 },
	),
	tokenlessAccess: setting(
		"boolean",
		"true",
		"Whether requests without a storefront access token are run, without the fields that need a scope. `false` locks the shop.",
	),
	tokenLifetimeSeconds: setting(
		"integer",
		"3628800",
		"Life of a customer access token. 42 days, as upstream.",
		{
			min: 60,
			max: 315_360_000,
		},
	),
	passwordMinLength: setting("integer", "5", "The fewest characters of a new password. 5, as upstream.", {
		min: 5,
		max: 64,
	}),
	passwordBlocklist: setting(
		"choice",
		"off",
		"`common` refuses a new password that is among the 49 233 commonest, whatever its case. Upstream is not known to refuse any.",
		{ choices: ["off", "common"] },
	),
	passwordMemoryKib: setting(
		"integer",
		"19456",
		"Memory of one argon2id hash, in KiB. Raised, it reaches each customer at the next sign-in.",
		{
			min: 8,
			max: 1_048_576,
		},
	),
	passwordPasses: setting("integer", "2", "Passes of one argon2id hash.", { min: 1, max: 16 }),
	passwordQueue: setting(
		"integer",
		"200",
		"How many password hashes may wait. A sign-in beyond them is answered THROTTLED at once.",
		{ min: 0, max: 10_000 },
	),
} as const satisfies Record<string, Setting>;
