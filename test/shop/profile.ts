// The profile page: names and phone, and the password.
import assert from "node:assert/strict";
import { fill, MAIN, open, see, sendForm } from "./browsing.ts";
import { isRefused, REFUSED, register, signIn, signOut } from "./sign-in.ts";
import type { Story } from "./visit.ts";

export const keepingProfile: Story = async (visit) => {
	const { page, step } = visit;
	const email = "mary@example.com";
	const before = { email, password: "correct horse" };
	const after = { email, password: "battery staple" };
	const profile = { firstName: "Mary", lastName: "Jackson", phone: "+16135550123" };
	await step("registers to have a profile", () => register(visit, before));
	await step("fills the profile in", async () => {
		await open(page, "/account/profile");
		await fill(page, profile);
		await sendForm(page, "Update");
		await see(page, "Welcome, Mary");
	});
	await step("finds the profile kept", async () => {
		await open(page, "/account/profile");
		for (const [name, value] of Object.entries({ ...profile, email })) {
			assert.equal(await page.locator(`${MAIN} [name="${name}"]`).inputValue(), value);
		}
	});
	await step("changes one name and keeps the rest", async () => {
		await fill(page, { firstName: "Mary W." });
		await sendForm(page, "Update");
		await open(page, "/account/profile");
		await see(page, "Welcome, Mary W.");
		assert.equal(await page.locator(`${MAIN} [name="phone"]`).inputValue(), profile.phone);
	});
	await step("changes the password and stays signed in", async () => {
		await fill(page, {
			currentPassword: before.password,
			newPassword: after.password,
			newPasswordConfirm: after.password,
		});
		await sendForm(page, "Update");
		await open(page, "/account/profile");
		await see(page, "My profile");
	});
	await step("signs out after changing the password", () => signOut(visit));
	await step("is refused with the old password", () => isRefused(visit, before), REFUSED);
	await step("signs in with the changed password", () => signIn(visit, after));
};
