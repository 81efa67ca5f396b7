// One GraphQL request to one answer: understand the document, coerce the variables, execute, mask, add the cost.
// Everything that a caller's program did wrong is answered here, before any verb runs.
import type { FieldNode, SourceLocation } from "graphql";
import { findCustomer } from "../accounts/sign-in.ts";
import type { Log } from "../log.ts";
import { AnswerSize } from "./answer-size.ts";
import type { StorefrontAnswer } from "./answers.ts";
import { BadArgument } from "./arguments.ts";
import type { Caller } from "./context.ts";
import type { Documents } from "./documents.ts";
import { WireFault } from "./faults.ts";
import { AnswerTooLarge, MAX_ANSWER_SIZE, type Outcome } from "./run.ts";
import type { ProvenVersion } from "./versions.ts";
import type { WireError } from "./wire-error.ts";

export interface StorefrontRequest {
	readonly version: ProvenVersion;
	readonly query: string;
	readonly variables: Readonly<Record<string, unknown>>;
	readonly operationName: string | null;
	/** Goes into the one message that an internal fault is allowed. */
	readonly requestId: string;
	/** True for a call without a storefront access token; its cost is limited. */
	readonly tokenless: boolean;
	readonly caller: Pick<Caller, "accounts" | "scopes" | "acceptLanguage" | "findAddress">;
}

const MAX_TOKENLESS_COST = 1000;
/** More places of one merged field than anyone looks up. */
const MAX_LOCATIONS = 20;

/** Never rejects: what we did wrong is logged, and one masked error is answered. */
export async function execute(
	documents: Documents,
	log: Log,
	request: StorefrontRequest,
): Promise<StorefrontAnswer> {
	try {
		return await answer(documents, log, request);
	} catch (error) {
		if (error instanceof AnswerTooLarge) {
			return refuse([{ message: error.message, extensions: { code: "MAX_COMPLEXITY_EXCEEDED" } }]);
		}
		return refuse([mask(error, log, request.requestId)]);
	}
}

async function answer(documents: Documents, log: Log, request: StorefrontRequest): Promise<StorefrontAnswer> {
	const { version, query, operationName, caller } = request;
	const found = documents.find(version, query, operationName);
	if ("errors" in found) return refuse(found.errors);
	const { operation, lifted, locate } = found;
	const coerced = operation.coerceVariables(request.variables, locate);
	if ("errors" in coerced) return refuse(coerced.errors);
	const variables = lifted ? Object.assign(coerced.values, lifted) : coerced.values;

	const cost = operation.cost(variables);
	if (request.tokenless && cost > MAX_TOKENLESS_COST) {
		const extensions = { code: "MAX_COMPLEXITY_EXCEEDED", cost, maxCost: MAX_TOKENLESS_COST };
		return refuse([{ message: "Complexity exceeded", extensions }]);
	}

	const known = documents.schemaAnswers.find(operation);
	if (known) return known;

	const { shop } = caller.accounts;
	const inContext = operation.inContext?.(variables) ?? null;
	const country = inContext?.country ?? shop.country;
	const language = inContext?.language ?? shop.language;
	const buyerToken = inContext?.buyerToken ?? null;
	const buyer = buyerToken === null ? null : await findCustomer(caller.accounts, buyerToken);
	if (buyerToken !== null && buyer === null) {
		return refuse([{ message: "The token provided is not valid" }]);
	}

	const isLanguageChosen = inContext !== null && inContext.language !== null;
	const answerSize = new AnswerSize();
	const context: Caller = { ...caller, buyer, country, language, isLanguageChosen, answerSize };
	const outcome = operation.plan(variables).execute(context, variables);
	const { data, faults } = outcome instanceof Promise ? await outcome : outcome;
	const errors =
		faults.length === 0 ? "" : `"errors":${JSON.stringify(toWireErrors(faults, locate, log, request))},`;
	const told = inContext ? `"context":${JSON.stringify({ country, language })},` : "";
	const extensions = `{${told}"cost":{"requestedQueryCost":${cost}}}`;
	const body = `{${errors}"data":${JSON.stringify(data)},"extensions":${extensions}}`;
	// Characters were counted on the way. A character has up to three bytes, and is counted again only if it matters.
	if (body.length > MAX_ANSWER_SIZE / 3 && Buffer.byteLength(body) > MAX_ANSWER_SIZE) {
		throw new AnswerTooLarge("1 MiB");
	}
	const given = { body, deprecations: operation.deprecations, retryAfterSeconds: retryAfter(faults) };
	if (operation.asksOnlySchema && faults.length === 0) documents.schemaAnswers.keep(operation, given);
	return given;
}

function refuse(errors: readonly WireError[]): StorefrontAnswer {
	return { body: JSON.stringify({ errors }), deprecations: null, retryAfterSeconds: null };
}

/** Key order as upstream: message, path, locations, extensions. */
function toWireErrors(
	faults: Outcome["faults"],
	locate: (field: FieldNode) => SourceLocation,
	log: Log,
	{ requestId }: StorefrontRequest,
): readonly unknown[] {
	return faults.map(({ path, cause, nodes }) => {
		if (cause instanceof WireFault) {
			const { message, extensions, located } = cause;
			return {
				message,
				path,
				locations: located ? nodes.slice(0, MAX_LOCATIONS).map(locate) : [],
				extensions,
			};
		}
		if (cause instanceof BadArgument) {
			const extensions = { code: "INVALID_FIELD_ARGUMENTS" };
			return {
				message: cause.message,
				path,
				locations: nodes.slice(0, MAX_LOCATIONS).map(locate),
				extensions,
			};
		}
		const { message, extensions } = mask(cause, log, requestId);
		return { message, path, locations: nodes.slice(0, MAX_LOCATIONS).map(locate), extensions };
	});
}

/** What we did wrong: its cause goes to the log, its request id to the client, and nothing else. */
function mask(error: unknown, log: Log, requestId: string): WireError {
	log.error({ requestId, err: error }, "a request failed");
	return {
		message: `Internal error. Looks like something went wrong on our end.\nRequest ID: ${requestId} (include this in support requests).`,
		extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
	};
}

function retryAfter(faults: Outcome["faults"]): number | null {
	for (const { cause } of faults) {
		if (cause instanceof WireFault && cause.retryAfterSeconds !== undefined) return cause.retryAfterSeconds;
	}
	return null;
}
