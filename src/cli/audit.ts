// `latchkey audit`: who did what to which customer, and from where.
import { type Command, Option } from "commander";
import type { Context } from "../accounts/context.ts";
import { ACTS, type Act, type AuditEntry, type Seconds } from "../model.ts";
import { listActs } from "../store/audit.ts";
import { toDateTime } from "../storefront/forms.ts";
import { getAccount } from "./customer.ts";
import { type Answer, addShopCommand, isId, type Options, operateInShop, readId } from "./operate.ts";
import { formatTable } from "./table.ts";
import { Refused, type Terminal } from "./terminal.ts";

const MAX_LIMIT = 1000;

interface AuditOptions extends Options {
	readonly customer?: string;
	readonly act?: Act;
	readonly since?: string;
	readonly after?: string;
	readonly limit: string;
}

export function addAuditCommand(program: Command, terminal: Terminal): void {
	addShopCommand(program, "audit", "Show who did what to which customer, and from where, newest first.", [
		["the last 50 acts in the shop", "audit"],
		[
			"of one customer, by e-mail address; by id after the customer was deleted",
			"audit --customer ada@example.com",
		],
		["who was refused in the last day", "audit --act sign-in-refused --since 24h --limit 1000"],
		["since a date, as JSON", "audit --since 2026-11-01 --json"],
	])
		.option("--customer <customer>", "only of this one, by id or e-mail address")
		.addOption(new Option("--act <act>", "only this").choices(ACTS))
		.option("--since <time>", "only from then on: 2026-11-01, 2026-11-01T12:00:00Z, or 24h, 7d ago")
		.option("--after <id>", "begin after the entry with this id")
		.option("--limit <number>", `how many, at most ${MAX_LIMIT}`, "50")
		.action((options: AuditOptions) => operateInShop(terminal, options, (context) => list(context, options)));
}

async function list(context: Context, { limit, act, after, ...options }: AuditOptions): Promise<Answer> {
	const { store, shop, clock, policy } = context;
	const number = /^\d{1,4}$/.test(limit) ? Number(limit) : 0;
	if (number < 1 || number > MAX_LIMIT) throw new Refused(`--limit is a number from 1 to ${MAX_LIMIT}.`);
	const page = await listActs(store, {
		shopId: shop.id,
		customerId: options.customer === undefined ? null : await findId(context, options.customer),
		act: act ?? null,
		since: options.since === undefined ? 0 : readTime(options.since, clock.now()),
		after: after === undefined ? null : readId(after),
		limit: number,
	});
	if (!page) throw new Refused(`The audit log of ${shop.name} has no entry ${after} to go on after.`);
	const rows = page.map(({ at, act, customerId, actor, address, detail }) => {
		return [toDateTime(at), act, customerId, actor, address, detail];
	});
	const notes: string[] = [];
	if (page.length === 0) notes.push("No entries.");
	const last = page.length === number ? page.at(-1) : undefined;
	if (last) notes.push(`The next page, if there is one: --after ${last.id}`);
	if (policy.auditSeconds === 0) notes.push("LATCHKEY_AUDIT_DAYS is 0: what shoppers do is not recorded.");
	return {
		json: page.map(toJson),
		text: formatTable(["time", "act", "customer", "by", "from", "detail"], rows),
		note: notes.length > 0 ? notes.join("\n") : undefined,
	};
}

/** An id need not be anybody's any more: entries outlive their customer. */
async function findId(context: Context, named: string): Promise<number> {
	return isId(named) ? Number(named) : (await getAccount(context, named)).customer.id;
}

const SECONDS: Readonly<Record<string, Seconds>> = { h: 3600, d: 86_400 };
const MOMENT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/;

/** A date is its first moment in UTC. */
function readTime(text: string, now: Seconds): Seconds {
	const [, number, unit = ""] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
	if (number !== undefined) return now - Number(number) * (SECONDS[unit] ?? 0);
	const moment = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
	if (!Number.isNaN(moment)) return Math.floor(moment / 1000);
	throw new Refused("--since is a date, as 2026-11-01, a moment, as 2026-11-01T12:00:00Z, or 24h or 7d.");
}

function toJson({ id, customerId, at, act, actor, address, detail }: AuditEntry) {
	const customer = customerId === null ? null : String(customerId);
	return { id: String(id), at: toDateTime(at), act, actor, customerId: customer, address, detail };
}
