// What a killed process had asked for goes on for a moment on a PostgreSQL server, until that notices that nobody listens
// any more. Whoever looks for what was left has to wait for that moment. On SQLite there is none.
import { Client } from "pg";

let count = 0;

/** The URL for a process whose sessions can be told from those of others. */
export function withSessionName(url: string): string {
	return url.startsWith("sqlite:") ? url : `${url}&application_name=latchkey_${process.pid}_${++count}`;
}

/** Resolves when no process has a session by this URL. */
export async function whenSessionsEnded(url: string): Promise<void> {
	const name = URL.parse(url)?.searchParams.get("application_name");
	if (name === null || name === undefined) return;
	const client = new Client({ connectionString: url });
	await client.connect();
	try {
		await client.query("SELECT set_config('application_name', $1, false)", [`after ${name}`]);
		const asked = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1";
		while ((await client.query(asked, [name])).rows[0].n > 0) {
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	} finally {
		await client.end();
	}
}
