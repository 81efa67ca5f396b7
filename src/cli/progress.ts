// How far a long command has come: a bar for a person who watches, a line a table for a log.
import type { Step } from "../store/copying/copy.ts";
import type { Terminal } from "./terminal.ts";

const WIDTH = 30;

export interface Progress {
	step(step: Step): void;
	/** Takes the bar away. */
	end(): void;
}

export function showProgress({ show, note }: Terminal): Progress {
	let shown = "";
	return {
		step: ({ doing, table, rows, share }) => {
			const line = show ? `${drawBar(share)}  ${doing} ${table}` : `${doing} ${table}: ${rows} rows`;
			if (line === shown || (!show && rows === 0)) return;
			shown = line;
			if (show) show(line);
			else note(line);
		},
		end: () => show?.(""),
	};
}

function drawBar(share: number): string {
	const full = Math.floor(share * WIDTH);
	const percent = String(Math.floor(share * 100)).padStart(3);
	return `[${"#".repeat(full)}${"-".repeat(WIDTH - full)}] ${percent} %`;
}
