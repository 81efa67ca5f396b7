// The package has no types of its own.
declare module "multipassify" {
	export default class Multipassify {
		constructor(secret: string);
		/** Sets `created_at` of the object to the time of the machine, and gives the token with its padding. */
		encode(customer: object): string;
	}
}
