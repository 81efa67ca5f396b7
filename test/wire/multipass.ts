// 5: signing in by a token that another system has signed.
import type { Row } from "./row.ts";

function awaited(name: string, says: string, ...sources: Row["sources"]): Row {
	return { id: `5/${name}`, says, sources, later: "multipass" };
}

export const rows: readonly Row[] = [
	awaited("keys", "SHA-256 of the secret: the first 16 bytes encrypt, the last 16 sign", "DOC", "CLI"),
	awaited(
		"token",
		"base64url of IV, AES-128-CBC of the JSON, and HMAC-SHA256 of both; with padding or without",
		"DOC",
		"CLI",
	),
	awaited("required", "`email` and `created_at`", "DOC"),
	awaited("optional", "names, tags, identifier, return address, addresses", "DOC"),
	awaited("life", "good for 15 minutes from `created_at`, and once", "DOC"),
	awaited("creates", "an unknown address makes a customer; a disabled one becomes enabled", "DOC"),
	awaited("match", "the address is the key; `identifier` only where addresses are not unique", "DOC"),
	awaited(
		"conflict",
		"“The given email address is already used by another customer (with a different Multipass identifier)”",
		"FORUM",
	),
	awaited("failure", "any failure at the API is the one row of 1.1", "REC"),
	awaited(
		"web",
		"`/account/login/multipass/{token}` signs a browser in; a bad token is 422 “Invalid Multipass request”",
		"FORUM",
	),
	{
		id: "5/plan",
		says: "only shops of one plan have it",
		sources: ["DOC"],
		difference: "There are no plans here: every shop has everything.",
	},
];
