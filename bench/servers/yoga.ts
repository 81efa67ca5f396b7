// (c) A plain GraphQL Yoga server, as its documentation begins: the same schema with the same resolvers over the
// same store, so that all that differs is how a request becomes an answer.
import { createServer } from "node:http";
import { createYoga } from "graphql-yoga";
import { createAttempts } from "../../src/accounts/attempts.ts";
import { limitsOf, policyOf } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { createPasswords } from "../../src/secrets/password.ts";
import { digestToken } from "../../src/secrets/token.ts";
import { findApiKey } from "../../src/store/api-keys.ts";
import { openEngine } from "../../src/store/store.ts";
import { AnswerSize } from "../../src/storefront/answer-size.ts";
import type { Caller } from "../../src/storefront/context.ts";
import { schemaOf } from "../../src/storefront/schema.ts";
import { listen } from "./listen.ts";

const store = await openEngine(`sqlite:${process.env["BENCH_DATABASE"]}`);
const clock = { now: () => Math.floor(Date.now() / 1000) };
const config = readConfig({});
const accounts = {
	store,
	passwords: createPasswords({ memoryKib: 19_456, passes: 2 }, 200),
	clock,
	policy: policyOf(config, new Set()),
	attempts: createAttempts(store, clock, limitsOf(config), "", console),
};

const yoga = createYoga<object, Caller>({
	schema: schemaOf("2026-04"),
	graphqlEndpoint: "/api/2026-04/graphql.json",
	logging: false,
	context: async ({ request }) => {
		const token = request.headers.get("x-shopify-storefront-access-token") ?? "";
		const access = await findApiKey(store, digestToken(token) ?? "");
		if (!access) throw new Error("unknown storefront access token");
		const { shop, key } = access;
		return {
			accounts: { ...accounts, shop },
			scopes: key.scopes,
			buyer: null,
			country: shop.country,
			language: shop.language,
			isLanguageChosen: false,
			acceptLanguage: "",
			findAddress: () => ({ address: null, fullAddress: null }),
			answerSize: new AnswerSize(),
		};
	},
});

listen(createServer(yoga));
