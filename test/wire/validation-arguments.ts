// 4.3, continued: what is said of arguments, and of variables where they are declared and used.
import type { Row } from "./row.ts";
import { fault } from "./validation.ts";

const givenArguments: readonly Row[] = [
	fault(
		"unknown-argument",
		"“Field 'x' doesn't accept argument 'y'”; the path ends with the argument",
		["ADM"],
		{
			document: "query Q { shop(y: 1) { name } }",
			message: "Field 'shop' doesn't accept argument 'y'",
			place: "y:",
			path: ["query Q", "shop", "y"],
			extensions: { code: "argumentNotAccepted", name: "shop", typeName: "Field", argumentName: "y" },
		},
	),
	fault("unknown-argument/alias", "of a field with an alias, the alias is named", ["ADM"], {
		document: "query Q { s: shop(y: 1) { name } }",
		message: "Field 's' doesn't accept argument 'y'",
		place: "y:",
		path: ["query Q", "s", "y"],
		extensions: { code: "argumentNotAccepted", name: "s", typeName: "Field", argumentName: "y" },
	}),
	fault("unknown-argument/input", "“InputObject 'T' doesn't accept argument 'y'”", ["ADM"], {
		document: 'mutation M { customerCreate(input: { email: "e", password: "p", y: 1 }) { customer { id } } }',
		message: "InputObject 'CustomerCreateInput' doesn't accept argument 'y'",
		place: "y: 1",
		path: ["mutation M", "customerCreate", "input", "y"],
		extensions: {
			code: "argumentNotAccepted",
			name: "CustomerCreateInput",
			typeName: "InputObject",
			argumentName: "y",
		},
	}),
	fault("missing-argument", "“Field 'x' is missing required arguments: a, b”, all in one error", ["ADM"], {
		document: "mutation M { customerActivate { customer { id } } }",
		message: "Field 'customerActivate' is missing required arguments: id, input",
		place: "customerActivate",
		path: ["mutation M", "customerActivate"],
		extensions: {
			code: "missingRequiredArguments",
			className: "Field",
			name: "customerActivate",
			arguments: "id, input",
		},
	}),
	fault("missing-argument/directive", "“Directive 'd' is missing required arguments: …”", ["ADM"], {
		document: "query Q { shop @include { name } }",
		message: "Directive 'include' is missing required arguments: if",
		place: "@include",
		path: ["query Q", "shop"],
		extensions: {
			code: "missingRequiredArguments",
			className: "Directive",
			name: "include",
			arguments: "if",
		},
	}),
	fault("missing-attribute", "“Argument 'k' on InputObject 'T' is required. Expected type X!”", ["ADM"], {
		document: 'mutation M { customerCreate(input: { email: "e" }) { customer { id } } }',
		message: "Argument 'password' on InputObject 'CustomerCreateInput' is required. Expected type String!",
		place: "{ email",
		path: ["mutation M", "customerCreate", "input", "password"],
		extensions: {
			code: "missingRequiredInputObjectAttribute",
			argumentName: "password",
			argumentType: "String!",
			inputObjectType: "CustomerCreateInput",
		},
	}),
	fault(
		"bad-literal/number",
		"“Argument 'a' on Field 'f' has an invalid value (42). Expected type 'T!'.”",
		["ADM"],
		{
			document: "query Q { customer(customerAccessToken: 42) { id } }",
			message:
				"Argument 'customerAccessToken' on Field 'customer' has an invalid value (42). Expected type 'String!'.",
			place: "customer",
			path: ["query Q", "customer", "customerAccessToken"],
			extensions: {
				code: "argumentLiteralsIncompatible",
				typeName: "Field",
				argumentName: "customerAccessToken",
			},
		},
	),
	fault("bad-literal/null", "null is printed as `null`", ["ADM"], {
		document: "query Q { customer(customerAccessToken: null) { id } }",
		message:
			"Argument 'customerAccessToken' on Field 'customer' has an invalid value (null). Expected type 'String!'.",
		place: "customer",
		path: ["query Q", "customer", "customerAccessToken"],
		extensions: {
			code: "argumentLiteralsIncompatible",
			typeName: "Field",
			argumentName: "customerAccessToken",
		},
	}),
	fault("bad-literal/text", "a text is printed in quotes", ["ADM"], {
		document: 'query Q { products(first: "x") { nodes { id } } }',
		message: "Argument 'first' on Field 'products' has an invalid value (\"x\"). Expected type 'Int'.",
		place: "products",
		path: ["query Q", "products", "first"],
		extensions: { code: "argumentLiteralsIncompatible", typeName: "Field", argumentName: "first" },
	}),
	fault("bad-literal/input", "“Argument 'a' on InputObject 'I' has an invalid value (v). …”", ["ADM"], {
		document: 'mutation M { customerCreate(input: { email: 42, password: "p" }) { customer { id } } }',
		message:
			"Argument 'email' on InputObject 'CustomerCreateInput' has an invalid value (42). Expected type 'String!'.",
		place: "{ email",
		path: ["mutation M", "customerCreate", "input", "email"],
		extensions: {
			code: "argumentLiteralsIncompatible",
			typeName: "InputObject",
			argumentName: "email",
		},
	}),
];

const declared: readonly Row[] = [
	fault("variable-unused", "“Variable $x is declared by Q but not used”, at the operation", ["ADM"], {
		document: 'mutation Q($x: String) { customerRecover(email: "e") { __typename } }',
		message: "Variable $x is declared by Q but not used",
		place: "mutation",
		path: ["mutation Q"],
		extensions: { code: "variableNotUsed", variableName: "x" },
	}),
	fault("variable-undeclared", "“Variable $x is used by Q but not declared”", ["INF"], {
		document: "query Q { customer(customerAccessToken: $x) { id } }",
		message: "Variable $x is used by Q but not declared",
		place: "$x",
		path: ["query Q", "customer", "customerAccessToken"],
		extensions: { code: "variableNotDefined", variableName: "x" },
	}),
	fault("variable-mismatch/type", "“Type mismatch on variable $x and argument a (T / T!)”", ["INF"], {
		document: "query Q($x: Int!) { customer(customerAccessToken: $x) { id } }",
		message: "Type mismatch on variable $x and argument customerAccessToken (Int! / String!)",
		place: "customerAccessToken",
		path: ["query Q", "customer", "customerAccessToken"],
		extensions: {
			code: "variableMismatch",
			variableName: "x",
			typeName: "Int!",
			argumentName: "customerAccessToken",
			errorMessage: "Type mismatch",
		},
	}),
	fault(
		"variable-mismatch/null",
		"“Nullability mismatch on variable …” where only a `!` is missing",
		["INF"],
		{
			document: "query Q($x: String) { customer(customerAccessToken: $x) { id } }",
			message: "Nullability mismatch on variable $x and argument customerAccessToken (String / String!)",
			place: "customerAccessToken",
			path: ["query Q", "customer", "customerAccessToken"],
			extensions: {
				code: "variableMismatch",
				variableName: "x",
				typeName: "String",
				argumentName: "customerAccessToken",
				errorMessage: "Nullability mismatch",
			},
		},
	),
];

export const rows: readonly Row[] = [...givenArguments, ...declared];
