// F1 and F14: `npm run crash` and the kills on a mail's way, as figures.
import { crashRepeatedly } from "../crash/crash.ts";
import { crashPasswords } from "../crash/passwords.ts";
import { killOften } from "../mail/killing.ts";
import type { Figure, Options } from "./figure.ts";

const OFFICIAL_KILLS = 100;
/** A killed server must serve again within this. */
const READY_WITHIN_MS = 2000;

export async function run({ count, seed }: Options): Promise<readonly Figure[]> {
	const kills = count ?? OFFICIAL_KILLS;
	const { ledger, readyMs } = await crashRepeatedly({ kills, seed, longestLoadMs: 1500, clients: 24 });
	for (const violation of ledger.violations) process.stderr.write(`BROKEN: ${violation}\n`);
	const { acknowledged } = ledger;
	const slowestMs = Math.round(Math.max(...readyMs));

	const passwordKills = Math.ceil(kills / 4);
	const passwords = await crashPasswords({ kills: passwordKills, seed });
	for (const violation of passwords.violations) process.stderr.write(`BROKEN: ${violation}\n`);
	const changes = passwords.changes.update + passwords.changes.reset;

	const mailKills = 2 * kills;
	const mails = await killOften({ kills: mailKills, seed });
	for (const violation of mails.violations) process.stderr.write(`BROKEN: ${violation}\n`);
	const [decided, arrived] = [mails.decided, mails.arrived].map((counts) =>
		Object.values(counts).reduce((sum, count) => sum + count, 0),
	);
	return [
		{
			promise: "F1",
			figure: `${kills} kills under load: of ${acknowledged} acknowledged acts none lost, of what was revoked nothing accepted (${ledger.checks} checks, ${ledger.violationCount} broken promises)`,
			isMet: ledger.violationCount === 0 && acknowledged > 0,
		},
		{
			promise: "F1",
			figure: `ready again after at most ${slowestMs} ms`,
			isMet: slowestMs <= READY_WITHIN_MS,
		},
		{
			promise: "F1",
			figure: `${passwordKills} kills amid ${changes} changes of passwords: ${passwords.violations.length} broken promises`,
			isMet: passwords.violations.length === 0 && changes > 0,
		},
		{
			promise: "F14",
			figure: `${mailKills} kills on a mail's way: ${decided} mails were decided, ${arrived} letters arrived, each mail once or twice and the newest with the link that works (${mails.violations.length} broken promises)`,
			isMet: mails.violations.length === 0 && Number(decided) > 0,
		},
	];
}
