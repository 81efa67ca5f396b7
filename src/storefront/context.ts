// What a resolver is given of the request that it answers.
import type { Context } from "../accounts/context.ts";
import type { Visitor, Whereabouts } from "../accounts/limits.ts";
import { chooseLanguage, parseAcceptLanguage } from "../mail/languages.ts";
import type { Customer, Scope } from "../model.ts";
import type { AnswerSize } from "./answer-size.ts";

export interface Caller {
	/** What verbs are given. */
	readonly accounts: Context;
	/** What the storefront access token allows; none for a call without one. */
	readonly scopes: ReadonlySet<Scope>;
	/** Behind the customer access token of `@inContext`; null without one. */
	readonly buyer: Customer | null;
	/** As `@inContext` chose, or the shop's own. */
	readonly country: string;
	readonly language: string;
	/** Whether `@inContext` chose the language. */
	readonly isLanguageChosen: boolean;
	/** The `Accept-Language` header, or nothing. */
	readonly acceptLanguage: string;
	/** Where the shopper's request comes from. */
	readonly findAddress: () => Whereabouts;
	readonly answerSize: AnswerSize;
}

/** Mails are written as `@inContext` chose, else as the browser asks, else as the shop speaks. */
export function visitorOf({
	accounts,
	language,
	isLanguageChosen,
	acceptLanguage,
	findAddress,
}: Caller): Visitor {
	const chosen = isLanguageChosen ? [language] : parseAcceptLanguage(acceptLanguage);
	return { ...findAddress(), language: chooseLanguage([...chosen, accounts.shop.language]) };
}
