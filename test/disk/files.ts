// The files of a disk of the tests' own: in memory, told apart into what was written and what was synced, and able to
// fail as disks do. It is as strict as it may be: what was not synced survives a power cut by chance alone.

import { DiskError, type ERRORS, File, Folder, type Owner } from "./nodes.ts";

/**
 * `full`: nothing can grow. `badWrites`: every write fails. `badSyncs`: every sync fails, and as on Linux what should
 * have been synced is forgotten: the next sync succeeds without it. `off`: there is no power.
 */
export type Fault = "none" | "full" | "badWrites" | "badSyncs" | "off";

const PAGE = 4096;
const SECTOR = 512;
const ZEROS = Buffer.alloc(PAGE);

export class Files {
	fault: Fault = "none";
	readonly root: Folder;
	/** How many pages are in use, and how many there may be. */
	used = 0;
	readonly capacity: number;
	/** Faults that were met: calls that failed by `fault`. */
	failed = 0;
	readonly #nodes = new Map<number, File | Folder>();
	#ids = 0;

	constructor(capacityBytes: number, owner: Owner) {
		this.capacity = capacityBytes / PAGE;
		this.root = this.#keep(new Folder(++this.#ids, owner));
		this.#nodes.set(1, this.root);
	}

	get free(): number {
		return this.fault === "full" ? 0 : Math.max(0, this.capacity - this.used);
	}

	node(id: number): File | Folder {
		return this.#nodes.get(id) ?? fail("ENOENT");
	}

	file(id: number): File {
		const node = this.node(id);
		return node.isFolder ? fail("EISDIR") : node;
	}

	folder(id: number): Folder {
		const node = this.node(id);
		return node.isFolder ? node : fail("ENOTDIR");
	}

	find(parent: Folder, name: string): File | Folder {
		return parent.entries.get(name) ?? fail("ENOENT");
	}

	make(parent: Folder, name: string, owner: Owner, isFolder: boolean): File | Folder {
		this.#failIf("badWrites");
		if (parent.entries.has(name)) throw new DiskError("EEXIST");
		const id = ++this.#ids;
		const node = this.#keep(isFolder ? new Folder(id, owner) : new File(id, owner));
		this.#enter(parent, name, node);
		return node;
	}

	remove(parent: Folder, name: string): void {
		this.#failIf("badWrites");
		const node = this.find(parent, name);
		if (node.isFolder && node.entries.size > 0) throw new DiskError("ENOTEMPTY");
		parent.entries.delete(name);
		parent.changedAt = Date.now();
		this.#unname(node);
	}

	rename(from: Folder, name: string, to: Folder, newName: string): void {
		this.#failIf("badWrites");
		const node = this.find(from, name);
		const replaced = to.entries.get(newName);
		this.#enter(to, newName, node);
		from.entries.delete(name);
		this.#unname(node);
		if (replaced) this.#unname(replaced);
	}

	link(parent: Folder, name: string, owner: Owner, target: string): File {
		const link = this.file(this.make(parent, name, owner, false).id);
		link.isLink = true;
		this.write(link, 0, Buffer.from(target));
		this.sync(link);
		return link;
	}

	open(file: File): void {
		file.opens++;
	}

	close(file: File): void {
		file.opens--;
		this.#dropUnused(file);
	}

	read(file: File, offset: number, size: number): Buffer {
		const end = Math.min(file.size, offset + size);
		const out = Buffer.alloc(Math.max(0, end - offset));
		for (let at = offset; at < end; ) {
			const page = Math.floor(at / PAGE);
			const till = Math.min(end, (page + 1) * PAGE);
			file.pages[page]?.copy(out, at - offset, at % PAGE, till - page * PAGE);
			at = till;
		}
		return out;
	}

	/** Gives how much of it was written: where room is short, perhaps not all. */
	write(file: File, offset: number, data: Buffer): number {
		this.#failIf("badWrites");
		for (let done = 0; done < data.length; ) {
			const at = offset + done;
			const page = Math.floor(at / PAGE);
			const length = Math.min(data.length - done, (page + 1) * PAGE - at);
			let target = file.pages[page];
			if (!target) {
				if (this.free === 0) {
					this.failed++;
					if (done === 0) throw new DiskError("ENOSPC");
					return done;
				}
				target = Buffer.alloc(PAGE);
				file.pages[page] = target;
				this.used++;
			}
			data.copy(target, at % PAGE, done, done + length);
			file.unsynced.add(page);
			done += length;
			file.size = Math.max(file.size, at + length);
		}
		file.changedAt = Date.now();
		return data.length;
	}

	truncate(file: File, size: number): void {
		this.#failIf("badWrites");
		for (let page = Math.ceil(size / PAGE); page < file.pages.length; page++) {
			if (file.pages[page]) this.used--;
		}
		file.pages.length = Math.min(file.pages.length, Math.ceil(size / PAGE));
		for (const page of file.unsynced) if (page * PAGE >= size) file.unsynced.delete(page);
		if (size < file.size && size % PAGE > 0) {
			const last = Math.floor(size / PAGE);
			file.pages[last]?.fill(0, size % PAGE);
			file.unsynced.add(last);
		}
		file.size = size;
		file.changedAt = Date.now();
	}

	sync(node: File | Folder): void {
		const isBad = this.fault === "badSyncs";
		if (node.isFolder) {
			if (!isBad) node.syncedEntries = new Map(node.entries);
		} else {
			for (const page of isBad ? [] : node.unsynced) {
				const written = node.pages[page];
				node.syncedPages[page] = written && Buffer.from(written);
			}
			node.unsynced.clear();
			if (!isBad) {
				node.syncedSize = node.size;
				node.syncedPages.length = Math.min(node.syncedPages.length, Math.ceil(node.size / PAGE));
			}
		}
		this.#failIf("badSyncs");
	}

	/**
	 * The power comes back after a cut: what was synced is there, and of the rest every sector, every size and every
	 * folder by chance.
	 */
	restore(random: () => number): void {
		const isKept = () => random() < 0.5;
		this.used = 0;
		const visit = (folder: Folder) => {
			if (!isKept()) folder.entries = new Map(folder.syncedEntries);
			folder.syncedEntries = new Map(folder.entries);
			for (const node of folder.entries.values()) {
				if (node.isFolder) visit(node);
				else this.#restoreFile(node, isKept);
			}
		};
		visit(this.root);
		this.fault = "none";
	}

	#restoreFile(file: File, isKept: () => boolean): void {
		const pages: (Buffer | undefined)[] = file.syncedPages.map((page) => page && Buffer.from(page));
		for (const page of file.unsynced) {
			const written = file.pages[page] ?? ZEROS;
			for (let at = 0; at < PAGE; at += SECTOR) {
				if (!isKept()) continue;
				pages[page] ??= Buffer.alloc(PAGE);
				written.copy(pages[page] as Buffer, at, at, at + SECTOR);
			}
		}
		file.pages = pages;
		file.size = isKept() ? file.size : file.syncedSize;
		file.pages.length = Math.min(pages.length, Math.ceil(file.size / PAGE));
		file.syncedPages = file.pages.map((page) => page && Buffer.from(page));
		file.syncedSize = file.size;
		file.unsynced.clear();
		file.names = 1;
		file.opens = 0;
		this.used += file.pages.filter(Boolean).length;
	}

	#enter(parent: Folder, name: string, node: File | Folder): void {
		parent.entries.set(name, node);
		parent.changedAt = Date.now();
		if (!node.isFolder) node.names++;
	}

	#unname(node: File | Folder): void {
		if (node.isFolder) return;
		node.names--;
		this.#dropUnused(node);
	}

	/** What it holds is given back; what was synced stays until its folder is. */
	#dropUnused(file: File): void {
		if (file.names > 0 || file.opens > 0) return;
		this.used -= file.pages.filter(Boolean).length;
		file.pages = [];
		file.unsynced.clear();
		file.size = file.syncedSize;
	}

	#keep<N extends File | Folder>(node: N): N {
		this.#nodes.set(node.id, node);
		return node;
	}

	#failIf(fault: "badWrites" | "badSyncs"): void {
		if (this.fault !== fault) return;
		this.failed++;
		throw new DiskError("EIO");
	}
}

function fail(name: keyof typeof ERRORS): never {
	throw new DiskError(name);
}
