// The Liquid engine behind our own layouts and the templates of shops: no files, bounded work, and no value that can
// become markup. A filter that escapes every output would also escape what a template captured or wrote itself, and
// would escape twice where a template does it too. So the five characters that HTML gives a meaning to travel through a
// template as stand-ins that no filter touches, and come back as entities in HTML and as themselves in text.
import { Liquid, type Template as Node } from "liquidjs";

/** What a template may ask for. */
export interface Scope {
	readonly [name: string]: string | null | Scope;
}

export type Parsed = readonly Node[];

/** The largest template, in UTF-8 bytes. */
export const MAX_TEMPLATE_BYTES = 256 * 1024;

const MAX_OUTPUT_LENGTH = 1024 * 1024;
const MAX_RENDER_MS = 100;
/** As liquidjs counts it: about a character or an element of a list each. */
const MAX_MEMORY = 4 * 1024 * 1024;

const SPECIAL = "&<>\"'";
const ENTITIES = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
/** The first of five among the code points that Unicode keeps free for uses like this; no text holds them by right. */
const FIRST_STAND_IN = 0xfdd0;

const engine = new Liquid({ templates: {}, parseLimit: MAX_TEMPLATE_BYTES, memoryLimit: MAX_MEMORY });
for (const tag of ["include", "render", "layout", "block"]) delete engine.tags[tag];

// These look at the bytes of a value, or make characters that were not in it.
const BYTE_FILTERS = [
	"url_encode",
	"url_decode",
	"cgi_escape",
	"uri_escape",
	"base64_encode",
	"base64_decode",
	"sha256",
	"hmac_sha256",
];
for (const name of BYTE_FILTERS) {
	const filter = engine.filters[name];
	if (typeof filter !== "function") throw new Error(`liquidjs has no filter ${name}.`);
	engine.registerFilter(name, function (value: unknown, ...rest: unknown[]) {
		const plain = typeof value === "string" ? toText(value) : value;
		return toStandIns(String(filter.call(this, plain, ...rest)));
	});
}

export function parse(source: string): Parsed {
	return engine.parse(source);
}

/** Throws where the template fails, or does or makes too much; liquidjs names the line. `isOwn` for one that is no shop's. */
export function renderHtml(template: Parsed, scope: Scope, isOwn = false): string {
	return render(template, scope, isOwn).replace(
		/[\ufdd0-\ufdd4]/g,
		(character) => ENTITIES[indexOf(character)] ?? "",
	);
}

/** As `renderHtml`, for text and subjects. */
export function renderText(template: Parsed, scope: Scope, isOwn = false): string {
	return toText(render(template, scope, isOwn));
}

function render(template: Parsed, scope: Scope, isOwn: boolean): string {
	// Our own are short: where they take long, it is the machine that is busy.
	const limits = { renderLimit: isOwn ? Number.POSITIVE_INFINITY : MAX_RENDER_MS };
	const output = String(engine.renderSync([...template], standInAll(scope), limits));
	if (output.length > MAX_OUTPUT_LENGTH) throw new Error("it makes more than 1 MiB");
	return output;
}

function standInAll(scope: Scope): Scope {
	return Object.fromEntries(
		Object.entries(scope).map(([name, value]) => {
			if (typeof value === "string") return [name, toStandIns(value)];
			return [name, value && standInAll(value)];
		}),
	);
}

function toStandIns(text: string): string {
	return text.replace(/[&<>"']/g, (character) =>
		String.fromCharCode(FIRST_STAND_IN + SPECIAL.indexOf(character)),
	);
}

function toText(text: string): string {
	return text.replace(/[\ufdd0-\ufdd4]/g, (character) => SPECIAL.charAt(indexOf(character)));
}

function indexOf(standIn: string): number {
	return standIn.charCodeAt(0) - FIRST_STAND_IN;
}
