// What requests are sent with: keys of chosen scopes, made in a house as an operator would make them, and the
// denial of a field whose scope is not among them.
import { ensureApiKey } from "../../src/accounts/administration.ts";
import { makeToken } from "../../src/secrets/token.ts";
import { answersExactly, at, costs, PUBLIC_HEADER, type Wire } from "./wire.ts";

/** The header of a new public key of the house's shop that has these scopes and no others. */
export async function keyWith(wire: Wire, ...scopes: readonly string[]): Promise<Record<string, string>> {
	const { store, shop, clock } = wire.house.app;
	const secret = makeToken();
	const key = { kind: "public", title: "a row", scopes: new Set(scopes) } as const;
	await ensureApiKey(store, shop, key, secret, clock.now());
	return { [PUBLIC_HEADER]: secret };
}

/** The one error of a field that needs a scope, its keys in order. */
export function scopeDenial(
	document: string,
	path: readonly [string, ...string[]],
	scope: string,
): Readonly<Record<string, unknown>> {
	const field = path.at(-1) ?? "";
	const requiredAccess = `\`${scope}\` access scope.`;
	return {
		message: `Access denied for ${field} field. Required access: ${requiredAccess}`,
		path,
		locations: [at(document, field)],
		extensions: {
			code: "ACCESS_DENIED",
			documentation: "https://shopify.dev/api/usage/access-scopes",
			requiredAccess,
		},
	};
}

/** Asked without a token, the field is denied, and this is the whole answer. */
export async function deniesField(
	wire: Wire,
	document: string,
	field: string,
	scope: string,
	data: unknown,
	cost: number,
): Promise<void> {
	answersExactly(await wire.ask(document, {}, {}), {
		errors: [scopeDenial(document, [field], scope)],
		data,
		extensions: costs(cost),
	});
}
