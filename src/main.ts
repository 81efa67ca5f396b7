// Hands the arguments to the command line; nothing else.
import { runCommand } from "./cli/index.ts";

export async function main(args: readonly string[]): Promise<void> {
	process.exitCode = await runCommand(args);
}
