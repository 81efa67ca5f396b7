// How each act is written on the wire. Every mutation answers as `answer`, so that answers can be held against payloads.
import type { Act } from "./acts.ts";

const ERRORS = "customerUserErrors { code message } userErrors { message }";
const TOKEN = "customerAccessToken { accessToken expiresAt }";
const PROFILE = "customer { id email firstName }";
const ADDRESS = "customerAddress { id city firstName }";

const SIGN_UP = `mutation($input: CustomerCreateInput!) { answer: customerCreate(input: $input) { ${PROFILE} ${ERRORS} } }`;
const SIGN_IN = `mutation($input: CustomerAccessTokenCreateInput!) {
	answer: customerAccessTokenCreate(input: $input) { ${TOKEN} ${ERRORS} }
}`;
const ENTER = `mutation($t: String!) {
	answer: customerAccessTokenCreateWithMultipass(multipassToken: $t) { ${TOKEN} customerUserErrors { code } }
}`;
const READ = `query($t: String!) {
	customer(customerAccessToken: $t) {
		id email firstName defaultAddress { id } addresses(first: 50) { nodes { id city firstName } }
	}
}`;
const READ_BRIEFLY = `query($t: String!) { ${PROFILE.replace("customer", "customer(customerAccessToken: $t)")} }`;
const RENEW = `mutation($t: String!) {
	answer: customerAccessTokenRenew(customerAccessToken: $t) { ${TOKEN} userErrors { message } }
}`;
const SIGN_OUT = `mutation($t: String!) {
	answer: customerAccessTokenDelete(customerAccessToken: $t) { deletedAccessToken userErrors { message } }
}`;
const UPDATE = `mutation($t: String!, $customer: CustomerUpdateInput!) {
	answer: customerUpdate(customerAccessToken: $t, customer: $customer) { ${PROFILE} ${TOKEN} ${ERRORS} }
}`;
const RECOVER = `mutation($email: String!) { answer: customerRecover(email: $email) { ${ERRORS} } }`;
const RESET = `mutation($id: ID!, $token: String!, $password: String!) {
	answer: customerReset(id: $id, input: { resetToken: $token, password: $password }) { ${PROFILE} ${TOKEN} ${ERRORS} }
}`;
const RESET_BY_URL = `mutation($url: URL!, $password: String!) {
	answer: customerResetByUrl(resetUrl: $url, password: $password) { ${PROFILE} ${TOKEN} customerUserErrors { code } }
}`;
const ACTIVATE = `mutation($id: ID!, $token: String!, $password: String!) {
	answer: customerActivate(id: $id, input: { activationToken: $token, password: $password }) { ${PROFILE} ${TOKEN} ${ERRORS} }
}`;
const ACTIVATE_BY_URL = `mutation($url: URL!, $password: String!) {
	answer: customerActivateByUrl(activationUrl: $url, password: $password) { ${PROFILE} ${TOKEN} customerUserErrors { code } }
}`;
const ADD = `mutation($t: String!, $a: MailingAddressInput!) {
	answer: customerAddressCreate(customerAccessToken: $t, address: $a) { ${ADDRESS} ${ERRORS} }
}`;
const CHANGE = `mutation($t: String!, $id: ID!, $a: MailingAddressInput!) {
	answer: customerAddressUpdate(customerAccessToken: $t, id: $id, address: $a) { ${ADDRESS} ${ERRORS} }
}`;
const DELETE = `mutation($t: String!, $id: ID!) {
	answer: customerAddressDelete(customerAccessToken: $t, id: $id) { deletedCustomerAddressId ${ERRORS} }
}`;
// Not the default itself: what lies below a payload is read after the act, and another may have come between.
const CHOOSE = `mutation($t: String!, $id: ID!) {
	answer: customerDefaultAddressUpdate(customerAccessToken: $t, addressId: $id) { ${PROFILE} ${ERRORS} }
}`;

export interface Sent {
	readonly query: string;
	readonly variables: Readonly<Record<string, unknown>>;
}

export function write(act: Act): Sent {
	switch (act.kind) {
		case "signUp":
			return { query: SIGN_UP, variables: { input: { email: act.email, password: act.password } } };
		case "signIn":
			return { query: SIGN_IN, variables: { input: { email: act.email, password: act.password } } };
		case "enter":
			return { query: ENTER, variables: { t: act.pass.token } };
		case "read":
			return { query: act.briefly ? READ_BRIEFLY : READ, variables: { t: act.token } };
		case "renew":
			return { query: RENEW, variables: { t: act.token } };
		case "signOut":
			return { query: SIGN_OUT, variables: { t: act.token } };
		case "update": {
			const { kind: _, token, ...customer } = act;
			return { query: UPDATE, variables: { t: token, customer } };
		}
		case "recover":
			return { query: RECOVER, variables: { email: act.email } };
		case "redeem": {
			const { link, password, form } = act;
			const { purpose, id, token } = link;
			if (form === "id") {
				return { query: purpose === "reset" ? RESET : ACTIVATE, variables: { id, token, password } };
			}
			const path = purpose === "reset" ? "reset" : "activate";
			const url = `https://shop.example/account/${path}/${id.split("/").at(-1)}/${token}`;
			return { query: purpose === "reset" ? RESET_BY_URL : ACTIVATE_BY_URL, variables: { url, password } };
		}
		case "addAddress":
			return { query: ADD, variables: { t: act.token, a: { city: act.city } } };
		case "changeAddress":
			return { query: CHANGE, variables: { t: act.token, id: act.id, a: { city: act.city } } };
		case "deleteAddress":
			return { query: DELETE, variables: { t: act.token, id: act.id } };
		case "chooseDefault":
			return { query: CHOOSE, variables: { t: act.token, id: act.id } };
		default:
			throw new Error(`${act.kind} is not asked of the storefront`);
	}
}
