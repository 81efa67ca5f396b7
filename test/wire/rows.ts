// All rows, in the order of their sections.
import { rows as activation } from "./activation.ts";
import { rows as addressParts } from "./address-parts.ts";
import { rows as addressRules } from "./address-rules.ts";
import { rows as addresses } from "./addresses.ts";
import { rows as clientNeeds } from "./client-needs.ts";
import { rows as cors } from "./cors.ts";
import { rows as cost } from "./cost.ts";
import { rows as create } from "./create.ts";
import { rows as decisions } from "./decisions.ts";
import { rows as addressDecisions } from "./decisions-addresses.ts";
import { rows as httpDecisions } from "./decisions-http.ts";
import { rows as recoveryDecisions } from "./decisions-recovery.ts";
import { rows as denial } from "./denial.ts";
import { rows as envelope } from "./envelope.ts";
import { rows as identifiers } from "./identifiers.ts";
import { rows as mailedLinks } from "./mailed-links.ts";
import { rows as multipass } from "./multipass.ts";
import { rows as recovery } from "./recovery.ts";
import { rows as requests } from "./requests.ts";
import { type Row, sectionOf } from "./row.ts";
import { rows as rules } from "./rules.ts";
import { rows as signIn } from "./sign-in.ts";
import { rows as statuses } from "./statuses.ts";
import { rows as tokenFacts } from "./token-facts.ts";
import { rows as tokens } from "./tokens.ts";
import { rows as update } from "./update.ts";
import { rows as validation } from "./validation.ts";
import { rows as validationOfArguments } from "./validation-arguments.ts";
import { rows as variables } from "./variables.ts";
import { rows as versions } from "./versions.ts";

/** Number of each section, as ids begin, and its title. */
export const SECTIONS: readonly (readonly [number: string, title: string])[] = [
	["1.0", "Every answer"],
	["1.1", "Customer access tokens"],
	["1.2", "Signing up and changing a profile"],
	["1.3", "Recovering, resetting, activating"],
	["1.4", "Addresses"],
	["1.5", "Codes of user errors"],
	["1.6", "A customer access token that opens nothing"],
	["1.7", "Cost"],
	["2", "What a customer access token is"],
	["3", "Identifiers"],
	["4.1", "Requests"],
	["4.2", "Statuses and bodies"],
	["4.3", "Documents, variables and arguments that are wrong"],
	["4.4", "Versions and headers"],
	["4.5", "Browsers"],
	["5", "Multipass"],
	["6", "What may be typed, and what is kept of it"],
	["7", "Links in mails"],
	["9", "Not known of the real service: what we decided"],
];

const FILES: readonly (readonly Row[])[] = [
	envelope,
	signIn,
	tokens,
	create,
	update,
	recovery,
	activation,
	addresses,
	addressParts,
	denial,
	cost,
	tokenFacts,
	identifiers,
	requests,
	clientNeeds,
	statuses,
	validation,
	validationOfArguments,
	variables,
	versions,
	cors,
	multipass,
	rules,
	addressRules,
	mailedLinks,
	decisions,
	recoveryDecisions,
	addressDecisions,
	httpDecisions,
];

const order = new Map(SECTIONS.map(([number], index) => [number, index]));

/** Throws for a row of no section. */
function placeOf(row: Row): number {
	const place = order.get(sectionOf(row));
	if (place === undefined) throw new Error(`${row.id} is of no section`);
	return place;
}

export const ROWS: readonly Row[] = FILES.flat().toSorted((a, b) => placeOf(a) - placeOf(b));
