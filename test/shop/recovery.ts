// Recovering an account by the mailed link.
import assert from "node:assert/strict";
import { fill, follow, open, press, see, seePath } from "./browsing.ts";
import { isRefused, REFUSED, register, signIn, signOut } from "./sign-in.ts";
import type { Story, Visit } from "./visit.ts";

export const recovering: Story = async (visit) => {
	const { page, servers, step } = visit;
	const email = "hedy@example.com";
	const forgotten = { email, password: "correct horse" };
	const renewed = { email, password: "battery staple" };
	let link = "";
	await step("registers an account to recover", () => register(visit, forgotten));
	const session = await page.context().cookies();
	await step("signs out and forgets the password", () => signOut(visit));
	await step("asks for a mail", async () => {
		await open(page, "/account/login");
		await follow(page, "Forgot password");
		await seePath(page, "/account/recover");
		await askForMail(visit, email);
	});
	await step("opens the mailed link", async () => {
		link = await servers.findMailedLink(email, "/account/reset/");
		await open(page, link);
		await see(page, "Reset Password.");
	});
	await step("sets a new password and is signed in", async () => {
		await setPassword(visit, renewed.password, "Reset");
		await seePath(page, "/account/orders");
		await see(page, "Sign out");
	});
	await step("signs out after recovering", () => signOut(visit));
	await step("is refused with the forgotten password", () => isRefused(visit, forgotten), REFUSED);
	await step("signs in with the new password", () => signIn(visit, renewed));
	await step("signs out before trying the link again", () => signOut(visit));
	await step(
		"cannot use the link twice",
		async () => {
			await open(page, link);
			await setPassword(visit, "third password", "Reset");
			await see(page, "Invalid reset token");
		},
		REFUSED,
	);
	await step(
		"finds the session of before the recovery ended",
		async () => {
			await page.context().addCookies(session);
			await open(page, "/account/orders");
			await seePath(page, "/account/login");
		},
		{ log: /Customer not found/ },
	);
	await step("sees no difference for an address that nobody has, and nobody gets a mail", async () => {
		await open(page, "/account/recover");
		await askForMail(visit, "nobody@example.com");
		assert.deepEqual(await servers.listMails("nobody@example.com"), []);
	});
};

async function askForMail({ page }: Visit, email: string): Promise<void> {
	await fill(page, { email });
	await press(page, "Request Reset Link");
	await see(page, "Request Sent.");
}

/** Fills and sends the form behind a mailed link. */
export async function setPassword({ page }: Visit, password: string, button: string): Promise<void> {
	await fill(page, { password, passwordConfirm: password });
	await press(page, button);
}
