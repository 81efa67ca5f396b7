// An invited customer, from the operator's command to the first orders page.
import assert from "node:assert/strict";
import { open, see, seePath } from "./browsing.ts";
import { setPassword } from "./recovery.ts";
import { isRefused, REFUSED, signIn, signOut } from "./sign-in.ts";
import type { Story } from "./visit.ts";

export const activating: Story = async (visit) => {
	const { page, servers, step } = visit;
	const shopper = { email: "joan@example.com", password: "correct horse" };
	let link = "";
	await step(
		"is invited and cannot sign in yet",
		async () => {
			const invited = ["--email", shopper.email, "--first-name", "Joan", "--invite"];
			assert.match(await servers.operate("customer", "create", ...invited), /"state":"invited"/);
			await isRefused(visit, shopper);
		},
		REFUSED,
	);
	await step("opens the link of the invitation", async () => {
		link = await servers.findMailedLink(shopper.email, "/account/activate/");
		await open(page, link);
		await see(page, "Activate Account.");
	});
	await step("sets the first password and is signed in", async () => {
		await setPassword(visit, shopper.password, "Save");
		await seePath(page, "/account/orders");
		await see(page, "Welcome, Joan");
	});
	await step("signs out after activating", () => signOut(visit));
	await step("signs in with the first password", () => signIn(visit, shopper));
	await step("signs out before trying the invitation again", () => signOut(visit));
	await step(
		"cannot activate twice",
		async () => {
			await open(page, link);
			await setPassword(visit, "another horse", "Save");
			await see(page, "Customer already enabled");
		},
		REFUSED,
	);
};
