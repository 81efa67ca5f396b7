// What the customer part promises, said in a page: who is there, who may come in, what ends what, and when. A rule is
// given what was asked, at which second, and what was answered; it takes from the answer nothing but the secrets and
// ids that a server draws, changes the world, and says what the answer should have been.
import type { Purpose } from "../../src/model.ts";
import type { Act, Acts, Answer, Kind } from "./acts.ts";
import {
	addCustomer,
	bearerOf,
	type Customer,
	customerOf,
	decideLink,
	endLinks,
	endTokens,
	giveToken,
	hasAddress,
	holderOf,
	isShort,
	isThere,
	keepToken,
	LIFE,
	PASS_AHEAD,
	profileOf,
	setPassword,
	type World,
} from "./world.ts";

type Rule<K extends Kind> = (world: World, act: Acts[K], told: Answer, now: number) => Answer;

type KindOfToken = { [K in Kind]: Acts[K] extends { readonly token: string } ? K : never }[Kind];

/** A rule for whoever has a customer access token that is alive; all others are denied. */
function byToken<K extends KindOfToken>(
	rule: (bearer: Customer, act: Acts[K], told: Answer, now: number, world: World) => Answer,
): Rule<K> {
	return (world, act, told, now) => {
		const bearer = bearerOf(world, act.token, now);
		return bearer ? rule(bearer, act, told, now, world) : refuse("ACCESS_DENIED");
	};
}

const RULES: { readonly [K in Kind]: Rule<K> } = {
	signUp: (world, { email, password }, told, now) => {
		if (isShort(password)) return refuse("TOO_SHORT");
		const holder = holderOf(world, email);
		if (holder?.state === "enabled" || holder?.multipassOnly) return refuse("TAKEN");
		if (holder) {
			decideLink(world, holder, "activation", now);
			return refuse("CUSTOMER_DISABLED");
		}
		return { customer: profileOf(addCustomer(world, { email, password, state: "enabled" }), told) };
	},
	signIn: (world, { email, password }, told, now) => {
		const holder = holderOf(world, email);
		if (holder?.state !== "enabled" || holder.password !== password) return refuse("UNIDENTIFIED_CUSTOMER");
		return { customerAccessToken: giveToken(holder, told, now) };
	},
	enter: (world, { pass }, told, now) => {
		const age = now - pass.createdAt;
		if (age >= LIFE.pass || age < -PASS_AHEAD || world.spentPasses.includes(pass.token))
			return refuse("INVALID_MULTIPASS_REQUEST");
		world.spentPasses.push(pass.token);
		const { email } = pass;
		const holder =
			holderOf(world, email) ?? addCustomer(world, { email, state: "enabled", multipassOnly: true });
		if (holder.state !== "enabled") {
			endTokens(holder);
			endLinks(holder);
			holder.state = "enabled";
			holder.multipassOnly ||= holder.password === null;
		}
		holder.firstName = pass.firstName ?? holder.firstName;
		return { customerAccessToken: giveToken(holder, told, now) };
	},
	read: (world, { token, briefly }, told, now) => {
		const bearer = bearerOf(world, token, now);
		if (!bearer) return { customer: null };
		if (briefly) return { customer: profileOf(bearer, told) };
		const { addresses, defaultId } = bearer;
		const defaultAddress = defaultId === null ? null : { id: defaultId };
		const customer = { ...profileOf(bearer, told), defaultAddress, addresses: { nodes: addresses } };
		return { customer };
	},
	renew: byToken<"renew">((bearer, { token }, _, now) => {
		return { customerAccessToken: keepToken(bearer, token, now) };
	}),
	signOut: byToken<"signOut">((bearer, { token }) => {
		delete bearer.tokens[token];
		return { deletedAccessToken: token };
	}),
	update: byToken<"update">((bearer, { email, password, firstName }, told, now, world) => {
		if (password !== undefined && isShort(password)) return refuse("TOO_SHORT");
		if (email !== undefined && (holderOf(world, email) ?? bearer) !== bearer) return refuse("TAKEN");
		if (email !== undefined && email !== bearer.email) {
			// The shop's own system says what the address of such a customer is.
			if (bearer.multipassOnly) return refuse("INVALID");
			bearer.email = email;
			endLinks(bearer);
		}
		bearer.firstName = firstName ?? bearer.firstName;
		const customer = profileOf(bearer, told);
		if (password === undefined) return { customer, customerAccessToken: null };
		setPassword(bearer, password);
		return { customer, customerAccessToken: giveToken(bearer, told, now) };
	}),
	recover: (world, { email }, _, now) => {
		const holder = holderOf(world, email);
		if (!holder) return refuse("UNIDENTIFIED_CUSTOMER");
		// Who cannot sign in by a password is answered the same, and gets no mail.
		if (holder.state === "enabled" && !holder.multipassOnly) decideLink(world, holder, "reset", now);
		return {};
	},
	readMail: (world, _, { mails = [] }, now) => {
		const asked = world.asked.splice(0);
		for (const { purpose, to } of mails) {
			const index = asked.indexOf(`${purpose} ${to}`);
			if (index < 0) return refuse(`a ${purpose} mail to ${to} that nobody had asked for`);
			asked.splice(index, 1);
		}
		for (const customer of world.customers) {
			for (const [purpose, decidedAt] of Object.entries(customer.mails) as [Purpose, number][]) {
				const mail = mails.findLast((each) => each.id === customer.id && each.purpose === purpose);
				if (mail?.to !== customer.email) return refuse(`no ${purpose} mail to ${customer.email}`);
				if (mail.issuedAt < decidedAt || mail.issuedAt > now) return refuse("a link of another time");
				customer.links[purpose] = { token: mail.token, end: mail.issuedAt + LIFE[purpose] };
			}
			customer.mails = {};
		}
		return { mails };
	},
	redeem: (world, { link, password, form }, told, now) => {
		const { purpose } = link;
		const customer = customerOf(world, link.id);
		if (!customer && form === "url") return refuse("NOT_FOUND");
		const standing = customer?.links[purpose];
		if (!customer || standing?.token !== link.token || standing.end <= now) {
			const isEnabled = purpose === "activation" && customer?.state === "enabled";
			return refuse(isEnabled ? "ALREADY_ENABLED" : "TOKEN_INVALID");
		}
		if (isShort(password)) return refuse("TOO_SHORT");
		setPassword(customer, password);
		customer.state = "enabled";
		return { customer: profileOf(customer, told), customerAccessToken: giveToken(customer, told, now) };
	},
	addAddress: byToken<"addAddress">((bearer, { city }, told) => {
		const address = { id: told.customerAddress?.id ?? "", city, firstName: bearer.firstName };
		if (isThere(bearer, address)) return refuse("TAKEN");
		bearer.addresses.push(address);
		bearer.defaultId ??= address.id;
		return { customerAddress: address };
	}),
	changeAddress: byToken<"changeAddress">((bearer, { id, city }) => {
		const index = bearer.addresses.findIndex((address) => address.id === id);
		const before = bearer.addresses[index];
		if (!before) return refuse("RESOURCE_NOT_FOUND");
		const address = { ...before, city };
		if (isThere(bearer, address)) return refuse("TAKEN");
		bearer.addresses[index] = address;
		return { customerAddress: address };
	}),
	deleteAddress: byToken<"deleteAddress">((bearer, { id }) => {
		if (!hasAddress(bearer, id)) return refuse("RESOURCE_NOT_FOUND");
		bearer.addresses = bearer.addresses.filter((address) => address.id !== id);
		// The oldest that remains takes the place.
		if (bearer.defaultId === id) bearer.defaultId = bearer.addresses[0]?.id ?? null;
		return { deletedCustomerAddressId: id };
	}),
	chooseDefault: byToken<"chooseDefault">((bearer, { id }, told) => {
		if (!hasAddress(bearer, id)) return refuse("RESOURCE_NOT_FOUND");
		bearer.defaultId = id;
		return { customer: profileOf(bearer, told) };
	}),
	createAccount: (world, { email, invited }, told, now) => {
		if (holderOf(world, email)) return refuse("taken");
		const customer = addCustomer(world, { email, state: invited ? "invited" : "disabled" });
		if (invited) decideLink(world, customer, "activation", now);
		return { customer: profileOf(customer, told) };
	},
	invite: (world, { id, by }, { link }, now) => {
		const customer = customerOf(world, id);
		if (!customer) return refuse("noSuchCustomer");
		if (customer.state === "enabled") return refuse("enabled");
		if (customer.multipassOnly) return refuse("multipassOnly");
		endLinks(customer);
		customer.state = "invited";
		if (by === "mail") {
			decideLink(world, customer, "activation", now);
			return {};
		}
		customer.links.activation = { token: link?.token ?? "", end: now + LIFE.activation };
		return link ? { link } : refuse("a link that was not given");
	},
	enable: (world, { id }) => {
		const customer = customerOf(world, id);
		if (!customer) return refuse("noSuchCustomer");
		if (customer.state === "enabled") return {};
		if (customer.password === null && !customer.multipassOnly) return refuse("noPassword");
		endLinks(customer);
		customer.state = "enabled";
		return {};
	},
	disable: (world, { id }) => {
		const customer = customerOf(world, id);
		if (!customer) return refuse("noSuchCustomer");
		customer.state = "disabled";
		endTokens(customer);
		endLinks(customer);
		return {};
	},
	remove: (world, { id }) => {
		const customer = customerOf(world, id);
		if (!customer) return refuse("noSuchCustomer");
		world.customers = world.customers.filter((each) => each !== customer);
		return {};
	},
};

/** What should have been answered at this second. Changes the world. */
export function expect(world: World, { kind, ...act }: Act, told: Answer, now: number): Answer {
	return (RULES[kind] as Rule<Kind>)(world, act as never, told, now);
}

function refuse(refused: string): Answer {
	return { refused };
}
