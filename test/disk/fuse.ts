// The kernel's protocol for file systems outside of it (FUSE 7.31, linux/fuse.h): a request in, its reply out. Just
// enough of it for a database.
import type { Files } from "./files.ts";
import { DiskError, ERRORS, type File, type Folder, type Owner } from "./nodes.ts";

const IN_HEADER = 40;
const OUT_HEADER = 16;
const MAX_WRITE = 131_072;
/** The longest request: a write with its headers. */
export const LONGEST_REQUEST = MAX_WRITE + 4096;

const FOLDER_MODE = 0o040000;
const FILE_MODE = 0o100000;
const LINK_MODE = 0o120000;
/** Writes may be longer than a page. */
const BIG_WRITES = 1 << 5;

interface Request {
	readonly node: number;
	readonly owner: Owner;
	readonly body: Buffer;
}

const EMPTY = Buffer.alloc(0);

/** Operation codes that have no reply. */
const SILENT = new Set([2, 36, 42]);

/** By operation code. Throws `DiskError`. */
const OPERATIONS: Readonly<Record<number, (files: Files, request: Request) => Buffer>> = {
	// LOOKUP
	1: (files, { node, body }) => entry(files.find(files.folder(node), text(body, 0))),
	// GETATTR
	3: (files, { node }) => attributesReply(files.node(node)),
	// SETATTR
	4: (files, { node, body }) => {
		const found = files.node(node);
		const valid = body.readUInt32LE(0);
		if (valid & 1) found.owner.mode = body.readUInt32LE(68) & 0o7777;
		if (valid & 2) found.owner.uid = body.readUInt32LE(76);
		if (valid & 4) found.owner.gid = body.readUInt32LE(80);
		if (valid & 8) files.truncate(files.file(node), Number(body.readBigUInt64LE(16)));
		return attributesReply(found);
	},
	// READLINK
	5: (files, { node }) => {
		const link = files.file(node);
		return files.read(link, 0, link.size);
	},
	// SYMLINK
	6: (files, { node, body, owner }) => {
		const name = text(body, 0);
		const target = text(body, Buffer.byteLength(name) + 1);
		return entry(files.link(files.folder(node), name, { ...owner, mode: 0o777 }, target));
	},
	// MKDIR
	9: (files, { node, body, owner }) =>
		entry(
			files.make(files.folder(node), text(body, 8), { ...owner, mode: body.readUInt32LE(0) & 0o7777 }, true),
		),
	// UNLINK
	10: (files, { node, body }) => removed(files, node, body),
	// RMDIR
	11: (files, { node, body }) => removed(files, node, body),
	// RENAME
	12: (files, request) => renamed(files, request, 8),
	// OPEN
	14: (files, { node }) => {
		files.open(files.file(node));
		return Buffer.alloc(16);
	},
	// READ
	15: (files, { node, body }) =>
		files.read(files.file(node), Number(body.readBigUInt64LE(8)), body.readUInt32LE(16)),
	// WRITE
	16: (files, { node, body }) => {
		const data = body.subarray(40, 40 + body.readUInt32LE(16));
		const reply = Buffer.alloc(8);
		reply.writeUInt32LE(files.write(files.file(node), Number(body.readBigUInt64LE(8)), data), 0);
		return reply;
	},
	// STATFS
	17: (files) => {
		const reply = Buffer.alloc(80);
		reply.writeBigUInt64LE(BigInt(files.capacity), 0);
		reply.writeBigUInt64LE(BigInt(files.free), 8);
		reply.writeBigUInt64LE(BigInt(files.free), 16);
		reply.writeUInt32LE(4096, 40);
		reply.writeUInt32LE(255, 44);
		reply.writeUInt32LE(4096, 48);
		return reply;
	},
	// RELEASE
	18: (files, { node }) => {
		files.close(files.file(node));
		return EMPTY;
	},
	// FSYNC
	20: (files, { node }) => {
		files.sync(files.node(node));
		return EMPTY;
	},
	// INIT
	26: () => {
		const reply = Buffer.alloc(64);
		reply.writeUInt32LE(7, 0);
		reply.writeUInt32LE(31, 4);
		reply.writeUInt32LE(MAX_WRITE, 8);
		reply.writeUInt32LE(BIG_WRITES, 12);
		reply.writeUInt32LE(MAX_WRITE, 20);
		reply.writeUInt32LE(1, 24);
		return reply;
	},
	// OPENDIR
	27: (files, { node }) => {
		files.folder(node);
		return Buffer.alloc(16);
	},
	// READDIR
	28: (files, { node, body }) =>
		list(files.folder(node), Number(body.readBigUInt64LE(8)), body.readUInt32LE(16)),
	// RELEASEDIR
	29: () => EMPTY,
	// FSYNCDIR
	30: (files, { node }) => {
		files.sync(files.node(node));
		return EMPTY;
	},
	// CREATE
	35: (files, { node, body, owner }) => {
		const mode = body.readUInt32LE(4) & 0o7777;
		const made = files.make(files.folder(node), text(body, 16), { ...owner, mode }, false);
		files.open(files.file(made.id));
		return Buffer.concat([entry(made), Buffer.alloc(16)]);
	},
	// RENAME2
	45: (files, request) => renamed(files, request, 16),
};

/** The reply to a request; null where none is expected. */
export function answer(files: Files, request: Buffer): Buffer | null {
	const code = request.readUInt32LE(4);
	if (SILENT.has(code)) return null;
	const head = Buffer.alloc(OUT_HEADER);
	request.copy(head, 8, 8, 16);
	let body: Buffer = EMPTY;
	try {
		// Without power nothing is answered but with an error; the handshake is older than any fault.
		if (files.fault === "off") throw new DiskError("EIO");
		const operation = OPERATIONS[code];
		if (!operation) throw new DiskError("ENOSYS");
		body = operation(files, {
			node: Number(request.readBigUInt64LE(16)),
			owner: { mode: 0, uid: request.readUInt32LE(24), gid: request.readUInt32LE(28) },
			body: request.subarray(IN_HEADER),
		});
	} catch (error) {
		head.writeInt32LE(-(error instanceof DiskError ? error.errno : ERRORS.EIO), 4);
	}
	head.writeUInt32LE(OUT_HEADER + body.length, 0);
	return Buffer.concat([head, body]);
}

function removed(files: Files, parent: number, body: Buffer): Buffer {
	files.remove(files.folder(parent), text(body, 0));
	return EMPTY;
}

function renamed(files: Files, { node, body }: Request, at: number): Buffer {
	const from = text(body, at);
	const to = text(body, at + Buffer.byteLength(from) + 1);
	files.rename(files.folder(node), from, files.folder(Number(body.readBigUInt64LE(0))), to);
	return EMPTY;
}

/** Up to the zero byte. */
function text(body: Buffer, start: number): string {
	return body.toString("utf8", start, body.indexOf(0, start));
}

/** Nothing is to be remembered by the kernel: each answer is true for that moment alone. */
function entry(node: File | Folder): Buffer {
	const reply = Buffer.alloc(40);
	reply.writeBigUInt64LE(BigInt(node.id), 0);
	return Buffer.concat([reply, attributes(node)]);
}

function attributesReply(node: File | Folder): Buffer {
	return Buffer.concat([Buffer.alloc(16), attributes(node)]);
}

function attributes(node: File | Folder): Buffer {
	const reply = Buffer.alloc(88);
	const seconds = BigInt(Math.floor(node.changedAt / 1000));
	reply.writeBigUInt64LE(BigInt(node.id), 0);
	reply.writeBigUInt64LE(BigInt(node.isFolder ? 0 : node.size), 8);
	reply.writeBigUInt64LE(BigInt(node.isFolder ? 0 : Math.ceil(node.size / 512)), 16);
	for (const at of [24, 32, 40]) reply.writeBigUInt64LE(seconds, at);
	reply.writeUInt32LE(typeOf(node) | node.owner.mode, 60);
	reply.writeUInt32LE(node.isFolder ? 2 : 1, 64);
	reply.writeUInt32LE(node.owner.uid, 68);
	reply.writeUInt32LE(node.owner.gid, 72);
	reply.writeUInt32LE(4096, 80);
	return reply;
}

function typeOf(node: File | Folder): number {
	if (node.isFolder) return FOLDER_MODE;
	return node.isLink ? LINK_MODE : FILE_MODE;
}

/** The entries from a place on, as many as there is room for. */
function list(folder: Folder, start: number, room: number): Buffer {
	const parts: Buffer[] = [];
	let size = 0;
	for (const [index, [name, node]] of [...folder.entries].entries()) {
		if (index < start) continue;
		const bytes = Buffer.from(name);
		const part = Buffer.alloc(24 + Math.ceil(bytes.length / 8) * 8);
		part.writeBigUInt64LE(BigInt(node.id), 0);
		part.writeBigUInt64LE(BigInt(index + 1), 8);
		part.writeUInt32LE(bytes.length, 16);
		part.writeUInt32LE(typeOf(node) >> 12, 20);
		bytes.copy(part, 24);
		if (size + part.length > room) break;
		parts.push(part);
		size += part.length;
	}
	return Buffer.concat(parts);
}
