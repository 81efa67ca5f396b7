// A world to query: resolvers for every field of the published schema whose answers come from a seed alone, so that
// two executors see the same world. Where it is troubled, fields are null that may not be, throw, return errors
// and reject; where it waits, values are promised, those inside lists too.
import { readFileSync } from "node:fs";
import {
	buildASTSchema,
	type GraphQLField,
	type GraphQLObjectType,
	type GraphQLOutputType,
	type GraphQLSchema,
	isAbstractType,
	isEnumType,
	isLeafType,
	isListType,
	isNonNullType,
	isObjectType,
	Kind,
	parse,
} from "graphql";
import { attachScalars } from "../../src/storefront/scalars.ts";
import { type ProvenVersion, trimToVersion } from "../../src/storefront/versions.ts";

export interface World {
	readonly seed: number;
	/** How many in a hundred fields go wrong in one way or another. */
	readonly trouble: number;
	readonly waits: boolean;
}

/** What stands behind an object. Some of its leaves are members of it, the others have resolvers. */
interface Thing {
	readonly __typename: string;
	readonly seed: number;
	readonly depth: number;
	readonly [member: string]: unknown;
}

const FILES = ["customer.graphql", "catalogue.graphql"];

/**
 * The schema of a version in an object of its own, with the world behind it. It has no `@defer`: graphql-js's
 * `execute` refuses a schema that declares it.
 */
export function buildWorld(version: ProvenVersion): GraphQLSchema {
	const folder = new URL("../../src/storefront/schema/", import.meta.url);
	const text = FILES.map((file) => readFileSync(new URL(file, folder), "utf8")).join("\n");
	const { definitions, ...document } = trimToVersion(parse(text, { noLocation: true }), version);
	const kept = definitions.filter(
		(definition) => definition.kind !== Kind.DIRECTIVE_DEFINITION || definition.name.value !== "defer",
	);
	const schema = buildASTSchema({ ...document, definitions: kept }, { assumeValid: true });
	attachScalars(schema);
	attachWorld(schema);
	return schema;
}

/** Puts the world behind a schema. Called for its answer, it gives the schema its own resolvers back. */
export function attachWorld(schema: GraphQLSchema): () => void {
	const before: (() => void)[] = [];
	const world = new Answers(schema);
	for (const type of Object.values(schema.getTypeMap())) {
		if (!isObjectType(type) || type.name.startsWith("__")) continue;
		for (const field of Object.values(type.getFields())) {
			const { resolve } = field;
			before.push(() => {
				field.resolve = resolve;
			});
			field.resolve = isMember(type, field)
				? undefined
				: (source, args, context) =>
						world.resolve(type, field, source as Thing | undefined, args, context as World);
		}
	}
	return () => {
		for (const giveBack of before) giveBack();
	};
}

/** Whether a field is answered by a member of the same name: a quarter of the leaves. */
function isMember(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): boolean {
	const bare = isNonNullType(field.type) ? field.type.ofType : field.type;
	return isLeafType(bare) && field.args.length === 0 && hash(`${type.name}.${field.name}`) % 4 === 0;
}

/** Numbers that follow from a text. */
class Rolls {
	#state: number;

	constructor(text: string) {
		this.#state = hash(text) || 1;
	}

	next(below: number): number {
		this.#state ^= this.#state << 13;
		this.#state ^= this.#state >>> 17;
		this.#state ^= this.#state << 5;
		return (this.#state >>> 0) % below;
	}
}

function hash(text: string): number {
	let sum = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
	return sum >>> 0;
}

/** The order of members is not to be seen: executors fill in defaults and variables in different orders. */
function canonical(value: unknown): string {
	return JSON.stringify(value, (_, inner) =>
		typeof inner === "object" && inner !== null && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
			: inner,
	);
}

const SCALARS: Readonly<Record<string, (roll: number) => unknown>> = {
	Boolean: (roll) => roll % 2 === 0,
	Int: (roll) => roll - 50,
	Float: (roll) => roll / 8,
	ID: (roll) => `gid://shopify/Thing/${roll}`,
	JSON: (roll) => ({ roll, constructor: [roll, null], toString: "text" }),
};

class Answers {
	readonly #schema: GraphQLSchema;
	readonly #members = new Map<string, readonly GraphQLField<unknown, unknown>[]>();

	constructor(schema: GraphQLSchema) {
		this.#schema = schema;
	}

	resolve(
		type: GraphQLObjectType,
		field: GraphQLField<unknown, unknown>,
		source: Thing | undefined,
		args: unknown,
		world: World,
	): unknown {
		const place = `${type.name}.${field.name}(${canonical(args)})`;
		const rolls = new Rolls(`${source?.seed ?? world.seed} ${place}`);
		const depth = source?.depth ?? 0;
		if (this.#goesWrong(rolls, world)) {
			const error = new Error(`${place} went wrong`);
			if (rolls.next(2) === 0) throw error;
			return world.waits && rolls.next(2) === 0 ? late(error, rolls) : error;
		}
		const value = this.#value(field.type, rolls, place, depth, world);
		return Array.isArray(value) ? value : this.#maybeLate(value, rolls, world);
	}

	#goesWrong(rolls: Rolls, { trouble }: World): boolean {
		return rolls.next(300) < trouble;
	}

	#maybeLate(value: unknown, rolls: Rolls, world: World): unknown {
		return world.waits && rolls.next(3) === 0 ? late(value, rolls) : value;
	}

	#value(type: GraphQLOutputType, rolls: Rolls, place: string, depth: number, world: World): unknown {
		const isNullable = !isNonNullType(type);
		if (rolls.next(300) < (isNullable ? world.trouble + 10 : world.trouble)) {
			return rolls.next(2) === 0 ? null : undefined;
		}
		const bare: GraphQLOutputType = isNullable ? type : type.ofType;
		if (isListType(bare)) {
			const length = rolls.next(depth < 3 ? 4 : 2);
			const items = Array.from({ length }, (_, index) =>
				this.#goesWrong(rolls, world)
					? new Error(`${place}[${index}] went wrong`)
					: this.#value(bare.ofType, rolls, `${place}[${index}]`, depth, world),
			);
			// A list is promised as a whole, or some of its items are: one promised inside a promised list could
			// be broken before anyone sees it.
			if (world.waits && rolls.next(3) === 0) return late(items, rolls);
			return items.map((item) => this.#maybeLate(item, rolls, world));
		}
		if (isLeafType(bare)) return this.#leaf(bare, rolls, place, world);
		const possible = isAbstractType(bare) ? this.#schema.getPossibleTypes(bare) : [bare];
		const concrete = possible[rolls.next(possible.length)];
		if (!concrete) throw new Error(`${bare} has no types`);
		return this.#thing(concrete, rolls, depth, world);
	}

	#thing(type: GraphQLObjectType, rolls: Rolls, depth: number, world: World): Thing {
		const seed = rolls.next(2 ** 31);
		const thing: Record<string, unknown> = { __typename: type.name, seed, depth: depth + 1 };
		const inner = new Rolls(String(seed));
		for (const field of this.#membersOf(type)) {
			const place = `${type.name}.${field.name}`;
			const value = this.#goesWrong(inner, world)
				? new Error(`${place} is wrong`)
				: this.#value(field.type, inner, place, depth, world);
			const waits = world.waits && inner.next(3) === 0;
			const seen = new Rolls(`${seed} ${place}`);
			// Promised when it is looked at: what nobody asks for may not fail unheard.
			if (waits) Object.defineProperty(thing, field.name, { get: () => late(value, seen) });
			else thing[field.name] = value;
		}
		return thing as unknown as Thing;
	}

	#membersOf(type: GraphQLObjectType): readonly GraphQLField<unknown, unknown>[] {
		let members = this.#members.get(type.name);
		if (!members) {
			members = Object.values(type.getFields()).filter((field) => isMember(type, field));
			this.#members.set(type.name, members);
		}
		return members;
	}

	/** Of a kind that the type does not take, now and then: then writing it is what goes wrong. */
	#leaf(type: GraphQLOutputType, rolls: Rolls, place: string, world: World): unknown {
		if (this.#goesWrong(rolls, world)) return ["no", "leaf"];
		const roll = rolls.next(100);
		if (isEnumType(type)) {
			const values = type.getValues();
			return values[roll % values.length]?.value;
		}
		return SCALARS[String(type)]?.(roll) ?? `${place} "${roll}" \u2028 é`;
	}
}

/** Promised, and kept or broken after a few turns of the microtask queue, or of the event loop. */
function late(value: unknown, rolls: Rolls): Promise<unknown> {
	const turns = rolls.next(5);
	if (turns === 4) {
		return new Promise((resolve, reject) => {
			setImmediate(() => (value instanceof Error ? reject(value) : resolve(value)));
		});
	}
	return wait(value, turns);
}

async function wait(value: unknown, turns: number): Promise<unknown> {
	for (let turn = 0; turn < turns; turn++) await null;
	if (value instanceof Error) throw value;
	return value;
}
