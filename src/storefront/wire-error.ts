// The form in which an error leaves the Storefront API. Only a shape: who says what stands in the other rooms.

/**
 * One entry of a response's `errors`. The order of keys is part of the wire: an error of validation, of syntax or
 * of variables is built as message, locations, path, extensions, and the members that do not apply are left out.
 */
export interface WireError {
	readonly message: string;
	readonly locations?: readonly { line: number; column: number }[];
	readonly path?: readonly (string | number)[];
	readonly extensions?: Readonly<Record<string, unknown>>;
}
