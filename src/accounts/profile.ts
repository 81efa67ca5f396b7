// Changing a profile, the e-mail address or the password.
import type { Customer, SecretAccessToken } from "../model.ts";
import { digestToken, makeId } from "../secrets/token.ts";
import { putRefusal } from "../store/audit.ts";
import { type CustomerChange, findCustomerByToken, updateCustomer } from "../store/customers.ts";
import { makeAccessToken } from "./access-token.ts";
import type { Context } from "./context.ts";
import { foldEmail } from "./email.ts";
import { type Reason, type Result, refuse, succeed } from "./errors.ts";
import { accountOf, perAccount, type Visitor } from "./limits.ts";
import { recordingOf } from "./recording.ts";
import { getShopPolicy } from "./shop-policy.ts";
import { validateEmail, validateName, validatePassword, validatePhone } from "./validation.ts";

/** What is left out stays; null clears a name or the phone number, and leaves the rest as it is. */
export interface ProfileChange {
	readonly email?: string | null | undefined;
	readonly password?: string | null | undefined;
	readonly firstName?: string | null | undefined;
	readonly lastName?: string | null | undefined;
	readonly phone?: string | null | undefined;
	readonly acceptsMarketing?: boolean | null | undefined;
}

export interface ChangedProfile {
	readonly customer: Customer;
	/** In place of every earlier one, when the password was changed. */
	readonly token: SecretAccessToken | null;
}

type Profile = { -readonly [K in keyof CustomerChange["profile"]]: CustomerChange["profile"][K] };

/** Changes all of it or nothing. A new password ends every earlier customer access token. */
export async function updateProfile(
	context: Context,
	secret: string,
	change: ProfileChange,
	visitor: Visitor,
): Promise<Result<ChangedProfile>> {
	const { store, shop, clock, policy, attempts } = context;
	const digest = digestToken(secret);
	const before = digest && (await findCustomerByToken(store, shop.id, digest, clock.now()));
	if (!before) return refuse({ reason: "noSuchToken" });

	const reasons: Reason[] = [];
	const profile: Profile = {};
	if (change.firstName !== undefined)
		profile.firstName = validateName(change.firstName, "firstName", reasons);
	if (change.lastName !== undefined) profile.lastName = validateName(change.lastName, "lastName", reasons);
	if (change.email != null) profile.email = validateEmail(change.email, reasons);
	if (change.phone !== undefined) profile.phone = validatePhone(change.phone, reasons);
	if (change.acceptsMarketing != null) profile.acceptsMarketing = change.acceptsMarketing;
	const { password: typed } = change;
	const password = typed == null ? null : validatePassword(typed, policy, reasons);
	const [first, ...others] = reasons;
	if (first) return refuse(first, ...others);
	const isEmailNew = profile.email !== undefined && profile.email !== before.email;
	// Whether a new address is taken could not be kept quiet.
	if (isEmailNew && (policy.isQuiet || (await getShopPolicy(context)).emailChange === "deny")) {
		return refuse({ reason: "notChangeable", field: "email" });
	}

	if (isEmailNew || (profile.phone != null && profile.phone !== before.phone)) {
		// A new address or number that is taken is told of, so it cannot be asked for without end.
		const { emailChangesPerAccount } = attempts.limits;
		const account = accountOf(context, before.id, "");
		(await attempts.count(perAccount("email-change", account, visitor, emailChangesPerAccount))).end();
	}

	const hash = password === null ? null : await context.passwords.hash(password);
	const now = clock.now();
	const { language } = visitor;
	const { kept, told } = makeAccessToken(context, now);
	const origin = recordingOf(context, "customer", visitor);
	const changed = await updateCustomer(store, {
		shopId: shop.id,
		digest,
		now,
		profile,
		email: profile.email
			? { key: foldEmail(profile.email), mail: { id: makeId(), kind: "emailChanged", language, now } }
			: null,
		password: hash
			? { hash, token: kept, mail: { id: makeId(), kind: "passwordChanged", language, now } }
			: null,
		origin,
	});
	if (!("refused" in changed)) {
		return succeed({ customer: changed, token: hash ? told : null });
	}
	if (changed.refused === "token") return refuse({ reason: "noSuchToken" });
	if (changed.refused === "multipassOnly") return refuse({ reason: "notChangeable", field: "email" });
	// Whoever asks on and on who has an account is seen to.
	const entry = { shopId: shop.id, customerId: before.id, now, act: "profile-refused", origin } as const;
	await putRefusal(store, { ...entry, detail: changed.refused }, false);
	return refuse({ reason: "taken", field: changed.refused });
}
