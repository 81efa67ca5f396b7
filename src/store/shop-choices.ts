// What a shop chose for itself: names and values, and its own templates of mails.
import type { Act, MessageKind, Seconds } from "../model.ts";
import { BY_OPERATOR, putAct } from "./audit.ts";
import { ask, type Engine, type Steps, statement, transaction } from "./engine.ts";

const LIST = statement("SELECT name, value FROM shop_choices WHERE shop_id = ?");
const SET = statement(
	`INSERT INTO shop_choices (shop_id, name, value) VALUES (?, ?, ?)
	ON CONFLICT (shop_id, name) DO UPDATE SET value = excluded.value WHERE shop_choices.value <> excluded.value
	RETURNING name`,
);
const DELETE = statement("DELETE FROM shop_choices WHERE shop_id = ? AND name = ? RETURNING name");
const LIST_TEMPLATES = statement(
	"SELECT kind, language, subject, html, text FROM mail_templates WHERE shop_id = ? ORDER BY kind, language",
);
const FIND_TEMPLATES = statement(
	"SELECT kind, language, subject, html, text FROM mail_templates WHERE shop_id = ? AND kind = ? AND language IN (?, '')",
);
const SET_TEMPLATE = statement(
	`INSERT INTO mail_templates (shop_id, kind, language, subject, html, text) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT (shop_id, kind, language)
	DO UPDATE SET subject = excluded.subject, html = excluded.html, text = excluded.text`,
);
const DELETE_TEMPLATE = statement(
	"DELETE FROM mail_templates WHERE shop_id = ? AND kind = ? AND language = ? RETURNING kind",
);

/** A shop's own words for one kind of mail. */
export interface MailTemplate {
	readonly kind: MessageKind;
	/** The language that it is for; empty for every language that has none of its own. */
	readonly language: string;
	/** Liquid. */
	readonly subject: string;
	readonly html: string;
	/** Null: the text of our own message. */
	readonly text: string | null;
}

export async function listChoices(engine: Engine, shopId: number): Promise<ReadonlyMap<string, string>> {
	const rows = await engine.read(LIST, [shopId]);
	return new Map(rows.map((row) => [String(row["name"]), String(row["value"])]));
}

/** Inside a transaction; null forgets the choice. False when it was so already. */
export function* replaceChoice(shopId: number, name: string, value: string | null): Steps<boolean> {
	const asked = value === null ? ask(DELETE, [shopId, name]) : ask(SET, [shopId, name, value]);
	return (yield asked).length > 0;
}

export async function listTemplates(engine: Engine, shopId: number): Promise<readonly MailTemplate[]> {
	return (await engine.read(LIST_TEMPLATES, [shopId])).map(toTemplate);
}

/** The one for the language, else the one for every language. */
export async function findTemplate(
	engine: Engine,
	shopId: number,
	kind: MessageKind,
	language: string,
): Promise<MailTemplate | null> {
	const found = (await engine.read(FIND_TEMPLATES, [shopId, kind, language])).map(toTemplate);
	return found.find((template) => template.language === language) ?? found[0] ?? null;
}

/** Which one, and when. */
export interface OfTemplate extends Pick<MailTemplate, "kind" | "language"> {
	readonly shopId: number;
	readonly now: Seconds;
}

const PUT_TEMPLATE = transaction(
	"set mail template",
	function* (input: OfTemplate & MailTemplate): Steps<void> {
		const { shopId, kind, language, subject, html, text } = input;
		yield ask(SET_TEMPLATE, [shopId, kind, language, subject, html, text]);
		yield* record("template-set", input);
	},
);

export function setTemplate(engine: Engine, input: OfTemplate & MailTemplate): Promise<void> {
	return engine.write(PUT_TEMPLATE, input);
}

const REMOVE_TEMPLATE = transaction("remove mail template", function* (input: OfTemplate): Steps<boolean> {
	const { shopId, kind, language } = input;
	if ((yield ask(DELETE_TEMPLATE, [shopId, kind, language])).length === 0) return false;
	yield* record("template-removed", input);
	return true;
});

/** False when there was none. */
export function deleteTemplate(engine: Engine, input: OfTemplate): Promise<boolean> {
	return engine.write(REMOVE_TEMPLATE, input);
}

function* record(act: Act, { shopId, kind, language, now }: OfTemplate): Steps<void> {
	const detail = `${kind} ${language}`.trimEnd();
	yield* putAct({ shopId, customerId: null, now, act, origin: BY_OPERATOR, detail });
}

function toTemplate(row: Readonly<Record<string, unknown>>): MailTemplate {
	return {
		kind: row["kind"] as MessageKind,
		language: String(row["language"]),
		subject: String(row["subject"]),
		html: String(row["html"]),
		text: row["text"] as string | null,
	};
}
