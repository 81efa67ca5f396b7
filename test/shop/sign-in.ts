// Registering, signing out and in, and what a wrong password gets.
import { fill, follow, open, press, see, seePath } from "./browsing.ts";
import type { Story, Visit } from "./visit.ts";

export interface Shopper {
	readonly email: string;
	readonly password: string;
}

/** The storefront signs a new customer in at once. Leaves the visitor at the orders page. */
export async function register({ page }: Visit, { email, password }: Shopper): Promise<void> {
	await open(page, "/account/register");
	await fill(page, { email, password, passwordConfirm: password });
	await press(page, "Register");
	await seePath(page, "/account/orders");
	await see(page, "Sign out");
}

export async function signOut({ page }: Visit): Promise<void> {
	await press(page, "Sign out");
	await seePath(page, "/");
}

/** Fills the form for signing in and sends it; what comes of it is for the caller to see. */
async function trySigningIn({ page }: Visit, { email, password }: Shopper): Promise<void> {
	await open(page, "/account/login");
	await fill(page, { email, password });
	await press(page, "Sign in");
}

export async function signIn(visit: Visit, shopper: Shopper): Promise<void> {
	await trySigningIn(visit, shopper);
	await seePath(visit.page, "/account/orders");
	await see(visit.page, "Sign out");
}

/** The storefront answers a refusal with its form and this sentence. */
export const REFUSED = { statuses: [400] };

export async function isRefused(visit: Visit, shopper: Shopper): Promise<void> {
	await trySigningIn(visit, shopper);
	await see(visit.page, "Unidentified customer");
	await seePath(visit.page, "/account/login");
}

export const signingIn: Story = async (visit) => {
	const { page, step } = visit;
	const shopper = { email: "ada@example.com", password: "correct horse" };
	await step("registers and is signed in", () => register(visit, shopper));
	await step("sees that there are no orders", async () => {
		await see(page, "Orders (0)");
		await see(page, "You haven't placed any orders yet.");
	});
	await step("signs out", () => signOut(visit));
	await step("is led to the sign-in page from the account", async () => {
		await open(page, "/account");
		await seePath(page, "/account/login");
	});
	await step(
		"is refused with a wrong password",
		() => isRefused(visit, { ...shopper, password: "wrong horse" }),
		REFUSED,
	);
	await step(
		"is refused with an unknown address in the same words",
		() => isRefused(visit, { ...shopper, email: "nobody@example.com" }),
		REFUSED,
	);
	await step("signs in", () => signIn(visit, shopper));
	await step("stays signed in when the page is loaded anew", async () => {
		await open(page, "/account");
		await seePath(page, "/account/orders");
		await follow(page, "Profile");
		await see(page, "My profile");
	});
	await step("signs out again", () => signOut(visit));
	await step(
		"cannot register an address that is taken",
		async () => {
			await open(page, "/account/register");
			await fill(page, {
				email: "ADA@example.com",
				password: "another horse",
				passwordConfirm: "another horse",
			});
			await press(page, "Register");
			await see(page, "Email has already been taken");
		},
		REFUSED,
	);
};
