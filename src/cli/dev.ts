// `latchkey dev`: one process, everything on. Prints one block, or one line of JSON, when it is ready.
import { startApp } from "../app.ts";
import type { Config } from "../config.ts";
import { keepKeys } from "./kept-keys.ts";
import { runUntilSignal } from "./run.ts";

export async function dev(config: Config, json: boolean): Promise<void> {
	const { encryptionKey, ...keys } = keepKeys(config);
	const { url, shop } = await runUntilSignal(startApp({ ...config, encryptionKey }, keys, true));
	if (json) {
		process.stdout.write(`${JSON.stringify({ url, shop: shop.name, ...keys })}\n`);
		return;
	}
	process.stdout.write(`
  Latchkey is ready.

  Endpoint             ${url}/api/2026-04/graphql.json
  Public token         ${keys.storefrontAccessToken}
  Private token        ${keys.privateAccessToken}
  Admin token          ${keys.adminAccessToken}
  GraphiQL             ${url}/api/2026-04/graphql.json
  Mailbox              ${url}/_dev/mail
  Reference            ${url}/docs

`);
}
