// 1.3: activating an account that the shop, or a sign-up for it, has made.
import { newcomerWithLink, setState } from "../recovery/links.ts";
import { ALREADY_ENABLED, BAD_ACTIVATION_TOKEN, isNoLink, lets, refusesTo } from "./entering.ts";
import type { Row } from "./row.ts";
import { newEmail } from "./wire.ts";

export const rows: readonly Row[] = [
	{
		id: "1.3/activate/bad-token",
		says: '`["input"]`, “Invalid activation token”, `TOKEN_INVALID`; in `userErrors` `field` is null',
		sources: ["REC"],
		check: async (wire) => {
			const link = await newcomerWithLink(wire.house, "activation", newEmail());
			await refusesTo(wire, "customerActivate", { ...link, token: "bad-token" }, BAD_ACTIVATION_TOKEN);
		},
	},
	{
		id: "1.3/activate/already-enabled",
		says: "`field` null, “Customer already enabled”, `ALREADY_ENABLED`",
		sources: ["REC"],
		check: async (wire) => {
			const email = newEmail();
			const link = await newcomerWithLink(wire.house, "activation", email);
			await setState(wire.house, email, "enabled");
			await refusesTo(wire, "customerActivate", link, ALREADY_ENABLED);
			await refusesTo(wire, "customerActivate", { ...link, token: "bad-token" }, ALREADY_ENABLED);
		},
	},
	{
		id: "1.3/activate-by-url/good",
		says: "the customer and a token of 42 days",
		sources: ["REC"],
		check: async (wire) => {
			const email = newEmail();
			await lets(
				wire,
				"customerActivateByUrl",
				await newcomerWithLink(wire.house, "activation", email),
				email,
			);
		},
	},
	{
		id: "1.3/activate-by-url/unreadable",
		says: "as `customerResetByUrl`",
		sources: ["INF"],
		check: async (wire) => {
			const link = await newcomerWithLink(wire.house, "activation", newEmail());
			const nobody = link.url.replace(/\/\d+\//, "/1/");
			for (const url of [
				"https://shop.example/account/activate/bad-token",
				"https://shop.example/",
				nobody,
			]) {
				await isNoLink(wire, "customerActivateByUrl", url);
			}
		},
	},
];
