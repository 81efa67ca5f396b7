// Which deprecated members a document uses, for the header that tells its author.
import { type DocumentNode, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from "graphql";

const MAX_HEADER_LENGTH = 512;

/** `Type.member` of each, in the form of a header; null when there is none. */
export function findDeprecations(schema: GraphQLSchema, document: DocumentNode): string | null {
	const used = new Set<string>();
	const typeInfo = new TypeInfo(schema);
	visit(
		document,
		visitWithTypeInfo(typeInfo, {
			Field: () => {
				const field = typeInfo.getFieldDef();
				if (field?.deprecationReason) used.add(`${typeInfo.getParentType()?.name}.${field.name}`);
			},
			EnumValue: () => {
				const value = typeInfo.getEnumValue();
				if (value?.deprecationReason) used.add(`${value}`);
			},
		}),
	);
	return used.size === 0 ? null : [...used].join(", ").slice(0, MAX_HEADER_LENGTH);
}
