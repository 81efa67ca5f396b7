// 9: recovering, activating and changing an account: what nobody has published, and what we decided.
import assert from "node:assert/strict";
import { type MailedLink, mailedLink, newcomerWithLink, setState } from "../recovery/links.ts";
import { signUp } from "./create.ts";
import { ALREADY_ENABLED, BAD_ACTIVATION_TOKEN, BAD_RESET_TOKEN, lets, refusesTo } from "./entering.ts";
import type { Row } from "./row.ts";
import { readsAs, readsNobody } from "./tokens.ts";
import { refusesToUpdate, update } from "./update.ts";
import { newEmail, type Wire } from "./wire.ts";

const OWN = ["OWN"] as const;
const DAYS_30 = 30 * 86_400;

/** A link that works a minute before its end, and not from its end on. */
async function lives(wire: Wire, purpose: "reset" | "activation", seconds: number): Promise<void> {
	const isReset = purpose === "reset";
	const [byId, byUrl] = isReset
		? (["customerReset", "customerResetByUrl"] as const)
		: (["customerActivate", "customerActivateByUrl"] as const);
	const bad = isReset ? BAD_RESET_TOKEN : BAD_ACTIVATION_TOKEN;
	const [email, other] = [newEmail(), newEmail()];
	const link = await newcomerWithLink(wire.house, purpose, email);
	await wire.house.advance(seconds - 60);
	await lets(wire, byUrl, link, email);
	for (const mutation of [byId, byUrl])
		await refusesTo(wire, mutation, link, isReset ? bad : ALREADY_ENABLED);
	const late = await newcomerWithLink(wire.house, purpose, other);
	await wire.house.advance(seconds);
	for (const mutation of [byId, byUrl]) await refusesTo(wire, mutation, late, bad);
}

export const rows: readonly Row[] = [
	{
		id: "9/update/email/confirmed",
		says: "the new address is confirmed by mail where the shop asks for it",
		sources: OWN,
		difference:
			"A new address holds at once, and the old one is told of it at once. A confirmation would need a page, or a mutation that the API does not have; a shop that wants none of it sets the change to `deny`.",
	},
	{
		id: "9/field/disabled",
		says: 'the `field` of `CUSTOMER_DISABLED` is `["input","email"]`',
		sources: OWN,
		check: async (wire) => {
			const { email } = await wire.newcomer();
			await setState(wire.house, email, "invited");
			const { body } = await signUp(wire, { email });
			const [{ code, field }] = body.data.customerCreate.customerUserErrors;
			assert.deepEqual([code, field], ["CUSTOMER_DISABLED", ["input", "email"]]);
		},
	},
	{
		id: "9/reset/revokes",
		says: "a reset or an activation revokes every earlier token at once",
		sources: OWN,
		check: async (wire) => {
			const { email, token } = await wire.newcomer();
			const second = await lets(wire, "customerReset", await mailedLink(wire.house, "reset", email), email);
			await readsNobody(wire, token);
			await setState(wire.house, email, "disabled");
			const link = await mailedLink(wire.house, "activation", email);
			await lets(wire, "customerActivate", link, email);
			await readsNobody(wire, second);
		},
	},
	{
		id: "9/reset/life",
		says: "a reset link lives 60 minutes unless a setting says otherwise, an activation link 30 days; each works once",
		sources: OWN,
		check: async (wire) => {
			await using own = await wire.open();
			await lives(own, "reset", 3600);
			await lives(own, "activation", DAYS_30);
			await using other = await wire.open({ resetLifetimeSeconds: "7200", activationLifetimeSeconds: "600" });
			await lives(other, "reset", 7200);
			await lives(other, "activation", 600);
		},
	},
	{
		id: "9/reset/stale-link",
		says: "a well-formed link with a stale token: as a bad token",
		sources: OWN,
		check: async (wire) => {
			for (const [purpose, mutation, bad] of [
				["reset", "customerResetByUrl", BAD_RESET_TOKEN],
				["activation", "customerActivateByUrl", BAD_ACTIVATION_TOKEN],
			] as const) {
				const email = newEmail();
				const stale = await newcomerWithLink(wire.house, purpose, email);
				await mailedLink(wire.house, purpose, email);
				await refusesTo(wire, mutation, stale, bad);
			}
		},
	},
	{
		id: "9/reset/unknown-id",
		says: "an `id` of nobody, or of something else: as a bad token",
		sources: OWN,
		check: async (wire) => {
			const reset = await newcomerWithLink(wire.house, "reset", newEmail());
			const activation = await newcomerWithLink(wire.house, "activation", newEmail());
			for (const id of ["gid://shopify/Customer/1", "gid://shopify/Customer/0", "gid://shopify/Order/1"]) {
				const of = (link: MailedLink) => ({ ...link, id });
				await refusesTo(wire, "customerReset", of(reset), BAD_RESET_TOKEN);
				await refusesTo(wire, "customerActivate", of(activation), BAD_ACTIVATION_TOKEN);
			}
		},
	},
	{
		id: "9/update/email",
		says: "a new address is allowed, or refused as recorded: a setting",
		sources: OWN,
		check: async (wire) => {
			const { email, token } = await wire.newcomer();
			const changed = newEmail();
			const { body } = await update(wire, token, { email: changed });
			assert.equal(body.data.customerUpdate.customer.email, changed);
			await readsAs(wire, token, changed);
			await using own = await wire.open({ emailChange: "deny" });
			const other = await own.newcomer();
			const denied = ["INVALID", "email", "CustomerUpdate access denied"] as const;
			await refusesToUpdate(own, other.token, { email }, denied);
		},
	},
];
