// Hands the arguments to the command line; nothing else.
export { runCommand as main } from "./cli/index.ts";
