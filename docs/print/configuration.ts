// The settings table as a document.
import { environmentName, flagName, type SettingName } from "../../src/config.ts";
import { SETTINGS } from "../../src/settings.ts";

export function printConfiguration(): string {
	const rows = (Object.keys(SETTINGS) as SettingName[]).map((name) => {
		const { kind, default: fallback, says, ...bounds } = SETTINGS[name];
		const choices = "choices" in bounds && bounds.choices ? ` One of ${bounds.choices.join(", ")}.` : "";
		const range = "min" in bounds ? ` From ${bounds.min} to ${bounds.max}.` : "";
		const flag = kind === "secret" ? "" : `\`--${flagName(name)}\``;
		const shown = fallback === null ? "" : `\`${fallback}\``;
		return `| \`${environmentName(name)}\` | ${flag} | ${shown} | ${says}${choices}${range} |`;
	});
	return `# Configuration

Printed from \`src/settings.ts\` by \`npm run print\`.

Every setting is an environment variable and, secrets apart, a flag; a flag wins. The name with \`_FILE\` behind it
reads the value from a file. A \`LATCHKEY_…\` variable that is no setting is refused. \`latchkey config\` shows what
was understood.

| variable | flag | default | what it says |
|---|---|---|---|
${rows.join("\n")}
`;
}
