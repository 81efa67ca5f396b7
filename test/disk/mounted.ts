// The process that is the disk (disk.ts starts it in a mount namespace of its own, which goes with it): mounts a file
// system, answers the kernel, and fails as it is told to.
import { spawnSync } from "node:child_process";
import { openSync, read, writeSync } from "node:fs";
import { seededRandom } from "../crash/random.ts";
import { type Fault, Files } from "./files.ts";
import { answer, LONGEST_REQUEST } from "./fuse.ts";

export type Order = { readonly fault: Fault } | { readonly restore: number };

const [folder = "", bytes = "0", uid = "0"] = process.argv.slice(2);
const files = new Files(Number(bytes), { mode: 0o700, uid: Number(uid), gid: Number(uid) });
const device = openSync("/dev/fuse", "r+");
const { status, stderr } = spawnSync(
	"mount",
	[
		...["-i", "-t", "fuse", "-o", "fd=3,rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions"],
		...["latchkey-test-disk", folder],
	],
	{ stdio: ["ignore", "ignore", "pipe", device], encoding: "utf8" },
);
if (status !== 0) {
	process.send?.({ unable: stderr.trim() });
	process.disconnect?.();
} else {
	const buffer = Buffer.alloc(LONGEST_REQUEST);
	const listen = () =>
		read(device, buffer, 0, buffer.length, null, (error, length) => {
			if (error?.code === "ENODEV") process.exit(0);
			// Whoever asked was interrupted before it was read.
			const reply = error ? null : answer(files, buffer.subarray(0, length));
			try {
				if (reply) writeSync(device, reply);
			} catch {
				// Whoever asked was killed meanwhile.
			}
			listen();
		});
	listen();
	process.on("message", (order: Order) => {
		if ("fault" in order) files.fault = order.fault;
		else files.restore(seededRandom(order.restore));
		process.send?.({ failed: files.failed, free: files.free });
	});
	process.on("disconnect", () => process.exit(0));
	process.send?.({ failed: 0, free: files.free });
}
