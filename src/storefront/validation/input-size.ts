// The largest list that an input may hold. One sentence for lists in documents and for lists in variables.
import {
	type FieldNode,
	Kind,
	type OperationDefinitionNode,
	type SelectionSetNode,
	type ValueNode,
} from "graphql";
import type { WireError } from "../wire-error.ts";
import { locationsOf, type Place, responsePathOf, within } from "./report.ts";

/** How many items a list given as input may have. */
export const MAX_INPUT_SIZE = 250;

/** A list that is too long, and where it was found: within a variable's value, or in the document. */
export interface TooLong {
	readonly size: number;
	readonly place: Place | null;
}

/** Where a field stands. A kept document has forgotten the text that it was parsed from, so others know it. */
export type Locate = (field: FieldNode) => { readonly line: number; readonly column: number };

/** The field and the argument that a list was given to. */
export interface Use {
	readonly field: FieldNode;
	readonly place: Place;
}

/**
 * The error for a list that is too long. It stands at the field that the list was given to, and its path is the
 * response's: the field, the argument, then the keys inside it, without the operation. Where the field is not known
 * the error stands at `elsewhere`, the declaration of the variable, and has no path.
 */
export function inputSizeError(
	{ size, place }: TooLong,
	use: Use | null,
	elsewhere: WireError["locations"] = [],
	locate: Locate = (field) => locationsOf([field])[0] ?? { line: 1, column: 1 },
): WireError {
	const message = `The input array size of ${size} is greater than the maximum allowed of ${MAX_INPUT_SIZE}.`;
	const extensions = { code: "MAX_INPUT_SIZE_EXCEEDED" };
	if (!use) return { message, locations: elsewhere, extensions };
	const path = [...responsePathOf(use.place), ...responsePathOf(place)];
	return { message, locations: [locate(use.field)], path, extensions };
}

function placeInValue(value: ValueNode, variable: string, place: Place): Place | null {
	if (value.kind === Kind.VARIABLE) return value.name.value === variable ? place : null;
	if (value.kind === Kind.LIST) {
		for (const [index, item] of value.values.entries()) {
			const found = placeInValue(item, variable, within(place, index));
			if (found) return found;
		}
	}
	if (value.kind === Kind.OBJECT) {
		for (const { name, value: inner } of value.fields) {
			const found = placeInValue(inner, variable, within(place, name.value));
			if (found) return found;
		}
	}
	return null;
}

function useInSelections(
	{ selections }: SelectionSetNode,
	variable: string,
	around: Place | null,
): Use | null {
	for (const selection of selections) {
		if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
		let here = around;
		if (selection.kind === Kind.FIELD) {
			here = within(around, (selection.alias ?? selection.name).value);
			for (const { name, value } of selection.arguments ?? []) {
				const place = placeInValue(value, variable, within(here, name.value));
				if (place) return { field: selection, place };
			}
		}
		const found = selection.selectionSet && useInSelections(selection.selectionSet, variable, here);
		if (found) return found;
	}
	return null;
}

/**
 * The field and the argument that an operation first gives a variable to. Null when it is used in fragments only,
 * which an operation by itself does not show.
 */
export function findVariableUse(operation: OperationDefinitionNode, variable: string): Use | null {
	return useInSelections(operation.selectionSet, variable, null);
}
