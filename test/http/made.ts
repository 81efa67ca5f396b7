// A document that makes a customer, and whether it did: how tests see that a request was executed.
import type { House } from "../house.ts";

export const PATH = "/api/2026-04/graphql.json";

export function making(email: string): string {
	return `mutation { customerCreate(input: {email: "${email}", password: "correct horse"}) { customer { id } } }`;
}

/** Whether there is a customer of this e-mail address. */
export async function wasMade(house: House, email: string): Promise<boolean> {
	const query = "mutation($e: String!) { customerRecover(email: $e) { customerUserErrors { code } } }";
	const { data } = await house.ask(query, { e: email });
	return data.customerRecover.customerUserErrors.length === 0;
}
