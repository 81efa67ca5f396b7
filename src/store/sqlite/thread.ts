// The thread that writes: takes a group, commits it, answers with its outcomes. While it waits for the disk,
// the server reads on, and the writes that arrive become the next group.
import { parentPort, workerData } from "node:worker_threads";
import "../transactions.ts";
import { type Change, openFile, Writer } from "./writer.ts";

const writer = new Writer(openFile(String(workerData)));

parentPort?.on("message", (group: readonly Change[] | "close") => {
	if (group === "close") {
		writer.close();
		parentPort?.close();
		return;
	}
	parentPort?.postMessage(writer.commit(group));
});
