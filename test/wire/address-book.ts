// What rows about addresses share: creating, changing and reading them, each answer held whole against what is right.
import assert from "node:assert/strict";
import { type Answer, answers, answersExactly, costs, type Wire } from "./wire.ts";

const PARTS = `firstName lastName name company address1 address2 city province provinceCode country countryCode
	countryCodeV2 zip phone formattedArea latitude longitude`;
const ERRORS = "customerUserErrors { code field message } userErrors { field message }";
export const CREATE = `mutation M($t: String!, $a: MailingAddressInput!) {
	customerAddressCreate(customerAccessToken: $t, address: $a) { customerAddress { id ${PARTS} } ${ERRORS} }
}`;
export const UPDATE = `mutation M($t: String!, $id: ID!, $a: MailingAddressInput!) {
	customerAddressUpdate(customerAccessToken: $t, id: $id, address: $a) { customerAddress { id ${PARTS} } ${ERRORS} }
}`;
export const DELETE = `mutation M($t: String!, $id: ID!) {
	customerAddressDelete(customerAccessToken: $t, id: $id) { deletedCustomerAddressId ${ERRORS} }
}`;
export const SET_DEFAULT = `mutation M($t: String!, $id: ID!) {
	customerDefaultAddressUpdate(customerAccessToken: $t, addressId: $id) {
		customer { defaultAddress { id } } ${ERRORS}
	}
}`;
const LIST = `query Q($t: String!) {
	customer(customerAccessToken: $t) { defaultAddress { id } addresses(first: 250) { nodes { id } } }
}`;

type Parts = Readonly<Record<string, unknown>>;

const NOTHING: Parts = {
	firstName: null,
	lastName: null,
	name: null,
	company: null,
	address1: null,
	address2: null,
	city: null,
	province: null,
	provinceCode: null,
	country: null,
	countryCode: null,
	countryCodeV2: null,
	zip: null,
	phone: null,
	formattedArea: null,
	latitude: null,
	longitude: null,
};
export const CANADA: Parts = { country: "Canada", countryCode: "CA", countryCodeV2: "CA" };

/** Holds the whole answer against what was expected, all else null, and gives the address's id. */
function answersAddress(answer: Answer, mutation: string, expected: Parts): string {
	const id = answer.body.data?.[mutation]?.customerAddress?.id;
	assert.match(String(id), /^gid:\/\/shopify\/MailingAddress\/[1-9]\d*\?model_name=CustomerAddress$/);
	const customerAddress = { id, ...NOTHING, ...expected };
	answers(answer, {
		data: { [mutation]: { customerAddress, customerUserErrors: [], userErrors: [] } },
		extensions: costs(13),
	});
	return id;
}

/** Creates the address, and gives its id. */
export async function adds(wire: Wire, t: string, a: Parts, expected: Parts): Promise<string> {
	return answersAddress(await wire.ask(CREATE, { t, a }), "customerAddressCreate", expected);
}

export async function changes(wire: Wire, t: string, id: string, a: Parts, expected: Parts): Promise<void> {
	const changed = answersAddress(await wire.ask(UPDATE, { t, id, a }), "customerAddressUpdate", expected);
	assert.equal(changed, id);
}

type Fault = readonly [code: string, field: string | null, message: string];

function answersFaults(answer: Answer, mutation: string, faults: readonly Fault[]): void {
	const errors = faults.map(([code, part, message]) => {
		return { code, field: part === null ? ["address"] : ["address", part], message };
	});
	const payload = {
		customerAddress: null,
		customerUserErrors: errors,
		userErrors: errors.map(({ field, message }) => ({ field, message })),
	};
	answers(answer, { data: { [mutation]: payload }, extensions: costs(13) });
}

/** Neither creates such an address nor makes one of another, for these reasons and no others. */
export async function refusesAddress(wire: Wire, a: Parts, ...faults: readonly Fault[]): Promise<void> {
	const { token: t } = await wire.newcomer();
	answersFaults(await wire.ask(CREATE, { t, a }), "customerAddressCreate", faults);
	const id = await adds(wire, t, {}, {});
	answersFaults(await wire.ask(UPDATE, { t, id, a }), "customerAddressUpdate", faults);
	await changes(wire, t, id, {}, {});
}

/** A second address that is the same as one that is there is none, and neither may one become the same. */
export async function refusesDuplicate(wire: Wire): Promise<void> {
	const { token: t } = await wire.newcomer();
	const address = { address1: "150 Elgin Street", country: "CA" };
	const fault = ["TAKEN", null, "Address already exists"] as const;
	const kept = { address1: "150 Elgin Street", ...CANADA, formattedArea: "Canada" };
	const id = await adds(wire, t, address, kept);
	answersFaults(
		await wire.ask(CREATE, { t, a: { ...address, country: "canada " } }),
		"customerAddressCreate",
		[fault],
	);
	const other = await adds(wire, t, { ...address, zip: "K2P 1L4" }, { ...kept, zip: "K2P 1L4" });
	answersFaults(await wire.ask(UPDATE, { t, id: other, a: { zip: null } }), "customerAddressUpdate", [fault]);
	await changes(wire, t, id, address, kept);
	const someoneElse = await wire.newcomer();
	await adds(wire, someoneElse.token, address, kept);
}

/** Mutations that take an address's id, and how often each is counted in its cost. */
export const BY_ID = [
	["customerAddressUpdate", UPDATE, 13],
	["customerAddressDelete", DELETE, 12],
	["customerDefaultAddressUpdate", SET_DEFAULT, 14],
] as const;

export async function answersInvalidId(wire: Wire, t: string, id: string): Promise<void> {
	for (const [field, document, cost] of BY_ID) {
		const a = { city: "Ottawa" };
		const variables = field === "customerAddressUpdate" ? { t, id, a } : { t, id };
		answersExactly(await wire.ask(document, variables), {
			errors: [
				{
					message: "invalid id",
					path: [field],
					locations: [],
					extensions: { code: "RESOURCE_NOT_FOUND" },
				},
			],
			data: { [field]: null },
			extensions: costs(cost),
		});
	}
}

/** An address of someone else, one that is deleted, one that never was, and an id of another kind. */
export async function answersInvalidIds(wire: Wire): Promise<void> {
	const other = await wire.newcomer();
	const { token: t } = await wire.newcomer();
	const deleted = await adds(wire, t, {}, {});
	await wire.ask(DELETE, { t, id: deleted });
	const foreign = await adds(wire, other.token, {}, {});
	for (const id of [foreign, deleted, "gid://shopify/MailingAddress/1", "gid://shopify/Customer/1"]) {
		await answersInvalidId(wire, t, id);
	}
	assert.deepEqual(await list(wire, other.token), { defaultId: foreign, ids: [foreign] });
}

/** The ids of all addresses of a customer, and of the default. */
export async function list(
	wire: Wire,
	t: string,
): Promise<{ readonly defaultId: string | null; readonly ids: readonly string[] }> {
	const { customer } = (await wire.ask(LIST, { t })).body.data;
	const ids = customer.addresses.nodes.map(({ id }: { readonly id: string }) => id);
	return { defaultId: customer.defaultAddress?.id ?? null, ids };
}
