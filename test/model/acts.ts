// What can be asked of the customer part, and what is answered: the words that the model and the real side share.
import type { Purpose } from "../../src/model.ts";

export interface Address {
	readonly id: string;
	readonly city: string;
	readonly firstName: string | null;
}

export interface Pass {
	readonly token: string;
	readonly email: string;
	readonly firstName: string | null;
	readonly createdAt: number;
}

export interface LinkMail {
	readonly to: string;
	readonly purpose: Purpose;
	readonly id: string;
	readonly token: string;
	readonly issuedAt: number;
}

/** What can be asked. From `invite` on it is the operator who asks. */
export interface Acts {
	signUp: { readonly email: string; readonly password: string };
	signIn: { readonly email: string; readonly password: string };
	enter: { readonly pass: Pass };
	/** `briefly`: what one question to the database answers. */
	read: { readonly token: string; readonly briefly?: boolean };
	renew: { readonly token: string };
	signOut: { readonly token: string };
	update: {
		readonly token: string;
		readonly email?: string;
		readonly password?: string;
		readonly firstName?: string;
	};
	recover: { readonly email: string };
	readMail: object;
	redeem: { readonly link: LinkMail; readonly password: string; readonly form: "id" | "url" };
	addAddress: { readonly token: string; readonly city: string };
	changeAddress: { readonly token: string; readonly id: string; readonly city: string };
	deleteAddress: { readonly token: string; readonly id: string };
	chooseDefault: { readonly token: string; readonly id: string };
	createAccount: { readonly email: string; readonly invited: boolean };
	invite: { readonly id: string; readonly by: "mail" | "link" };
	enable: { readonly id: string };
	disable: { readonly id: string };
	remove: { readonly id: string };
}
export type Kind = keyof Acts;
export type Act = { [K in Kind]: { readonly kind: K } & Acts[K] }[Kind];

/** As much of a customer as the answer shows. */
export interface Shown {
	readonly id: string;
	readonly email: string | null;
	readonly firstName: string | null;
	readonly defaultAddress?: { readonly id: string } | null;
	readonly addresses?: { readonly nodes: readonly Address[] };
}

/** A payload as the wire has it, without its error lists; or the codes of what was refused. */
export interface Answer {
	readonly refused?: string;
	readonly customer?: Shown | null;
	readonly customerAccessToken?: { readonly accessToken: string; readonly expiresAt: string } | null;
	readonly customerAddress?: Address;
	readonly deletedAccessToken?: string;
	readonly deletedCustomerAddressId?: string;
	readonly mails?: readonly LinkMail[];
	readonly link?: LinkMail;
}
