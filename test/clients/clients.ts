// The real clients, each made and used as its own documentation shows it. Nothing in them is replaced; what they
// show their application is only brought into the one form that life.ts reads.
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { createGraphQLClient, type ResponseErrors } from "@shopify/graphql-client";
import { createStorefrontClient, InMemoryCache as HydrogenCache } from "@shopify/hydrogen";
import { createStorefrontApiClient } from "@shopify/storefront-api-client";
import { cacheExchange, fetchExchange, Client as UrqlClient } from "@urql/core";
import { ClientError, GraphQLClient } from "graphql-request";
import { createStorefrontClient as createReactClient2026_01 } from "hydrogen-react-2026-01";
import { createStorefrontClient as createReactClient2026_04 } from "hydrogen-react-2026-04";
import type { House } from "../house.ts";
import type { Client, Shown } from "./life.ts";

type Version = "2026-01" | "2026-04";
type MakeClient = (house: House, version: Version) => Client;

/** Where a client is told to send its documents when it takes the whole address. */
export function endpoint(house: House, version: string): string {
	return `${house.app.url}/api/${version}/graphql.json`;
}

/** The public token's header, for clients that take headers. */
export function publicHeaders(house: House): Record<string, string> {
	return { "X-Shopify-Storefront-Access-Token": house.keys.storefrontAccessToken };
}

/** Hydrogen outside of a worker: it is handed the cache and `waitUntil` that a worker would have. */
export function hydrogenStorefront(house: House, version: Version, token: "public" | "private") {
	const { storefrontAccessToken, privateAccessToken } = house.keys;
	const { storefront } = createStorefrontClient({
		cache: new HydrogenCache(),
		waitUntil: (promise) => void promise,
		i18n: { language: "EN", country: "CA" },
		storeDomain: house.app.url,
		storefrontApiVersion: version,
		...(token === "public"
			? { publicStorefrontToken: storefrontAccessToken }
			: { privateStorefrontToken: privateAccessToken }),
		storefrontHeaders: {
			requestGroupId: "7e1b6b52-5f5b-4f32-9e0c-0d6d2e2b7d11",
			buyerIp: "203.0.113.7",
			buyerIpSig: null,
			cookie: null,
			purpose: null,
		},
		logErrors: false,
	});
	return storefront;
}

function hydrogen(token: "public" | "private"): MakeClient {
	return (house, version) => {
		const storefront = hydrogenStorefront(house, version, token);
		return {
			request: async (document, variables) => {
				const { errors, ...data } = document.startsWith("mutation")
					? await storefront.mutate(document, { variables })
					: await storefront.query(document, { variables, cache: storefront.CacheNone() });
				return { data, errors };
			},
		};
	};
}

const graphqlClient: MakeClient = (house, version) => {
	const client = createGraphQLClient({
		url: endpoint(house, version),
		headers: { "Content-Type": "application/json", ...publicHeaders(house) },
		retries: 1,
	});
	return {
		request: async (document, variables) => {
			const { data, errors } = await client.request(document, { variables });
			return { data, errors: listOf(errors) };
		},
	};
};

/** It insists on https, so the one thing that it lets its user replace puts plain http back. */
function storefrontApiClient(token: "public" | "private"): MakeClient {
	return (house, version) => {
		const { storefrontAccessToken, privateAccessToken } = house.keys;
		const client = createStorefrontApiClient({
			storeDomain: house.app.url,
			apiVersion: version,
			...(token === "public"
				? { publicAccessToken: storefrontAccessToken }
				: { privateAccessToken: privateAccessToken }),
			customFetchApi: (url, init) => fetch(url.replace("https://", "http://"), init),
		});
		return {
			request: async (document, variables) => {
				const { data, errors } = await client.request(document, { variables });
				return { data, errors: listOf(errors) };
			},
		};
	};
}

/** `graphQLErrors` when the answer had some; otherwise the sentence about what went wrong on the way. */
function listOf(errors: ResponseErrors | undefined): Shown["errors"] {
	return errors && (errors.graphQLErrors ?? [{ message: errors.message ?? "" }]);
}

export function apolloClient(house: House, version: Version): ApolloClient {
	return new ApolloClient({
		link: new HttpLink({ uri: endpoint(house, version), headers: publicHeaders(house) }),
		cache: new InMemoryCache(),
	});
}

const apollo: MakeClient = (house, version) => {
	const client = apolloClient(house, version);
	return {
		request: async (document, variables) => {
			try {
				const { data } = document.startsWith("mutation")
					? await client.mutate({ mutation: gql(document), variables })
					: await client.query({ query: gql(document), variables, fetchPolicy: "network-only" });
				return { data, errors: undefined };
			} catch (error) {
				if (!CombinedGraphQLErrors.is(error)) throw error;
				return { data: error.data, errors: error.errors };
			}
		},
	};
};

/** With `preferGetMethod: false` queries are POST, as mutations always are. */
export function urqlClient(
	house: House,
	version: Version,
	options: { preferGetMethod?: boolean } = {},
): UrqlClient {
	return new UrqlClient({
		url: endpoint(house, version),
		exchanges: [cacheExchange, fetchExchange],
		fetchOptions: { headers: publicHeaders(house) },
		...options,
	});
}

const urql: MakeClient = (house, version) => {
	const client = urqlClient(house, version, { preferGetMethod: false });
	return {
		request: async (document, variables) => {
			const { data, error } = document.startsWith("mutation")
				? await client.mutation(document, variables)
				: await client.query(document, variables, { requestPolicy: "network-only" });
			if (error?.networkError) throw error.networkError;
			return { data, errors: error?.graphQLErrors };
		},
	};
};

const graphqlRequest: MakeClient = (house, version) => {
	const client = new GraphQLClient(endpoint(house, version), { headers: publicHeaders(house) });
	return {
		request: async (document, variables) => {
			try {
				return { data: await client.request(document, variables), errors: undefined };
			} catch (error) {
				if (!(error instanceof ClientError)) throw error;
				return { data: error.response.data, errors: error.response.errors };
			}
		},
	};
};

/** It builds addresses and headers and leaves the sending to its user. */
function hydrogenReact(create: typeof createReactClient2026_04, token: "public" | "private"): MakeClient {
	return (house, version) => {
		const client = create({
			storeDomain: house.app.url,
			storefrontApiVersion: version,
			...(token === "public"
				? { publicStorefrontToken: house.keys.storefrontAccessToken }
				: { privateStorefrontToken: house.keys.privateAccessToken }),
		});
		return {
			request: async (document, variables) => {
				const response = await fetch(client.getStorefrontApiUrl(), {
					method: "POST",
					headers:
						token === "public"
							? client.getPublicTokenHeaders()
							: client.getPrivateTokenHeaders({ buyerIp: "203.0.113.7" }),
					body: JSON.stringify({ query: document, variables }),
				});
				return (await response.json()) as Shown;
			},
		};
	};
}

/** Every client that lives the whole life, by the name that its test carries. */
export const CLIENTS: Readonly<Record<string, MakeClient>> = {
	"@shopify/hydrogen, public token": hydrogen("public"),
	"@shopify/hydrogen, private token": hydrogen("private"),
	"@shopify/hydrogen-react 2026.1, public token": hydrogenReact(createReactClient2026_01, "public"),
	"@shopify/hydrogen-react 2026.4, private token": hydrogenReact(createReactClient2026_04, "private"),
	"@shopify/graphql-client": graphqlClient,
	"@shopify/storefront-api-client, public token": storefrontApiClient("public"),
	"@shopify/storefront-api-client, private token": storefrontApiClient("private"),
	"@apollo/client": apollo,
	"@urql/core": urql,
	"graphql-request": graphqlRequest,
};
