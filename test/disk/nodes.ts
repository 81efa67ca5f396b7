// What a disk of the tests' own is made of: files and folders, each as it was written and as it was synced.

/** What a system call is answered with, negated, as the kernel has it. */
export const ERRORS = {
	ENOENT: 2,
	EIO: 5,
	EEXIST: 17,
	ENOTDIR: 20,
	EISDIR: 21,
	ENOSPC: 28,
	ENOSYS: 38,
	ENOTEMPTY: 39,
};

export class DiskError extends Error {
	readonly errno: number;
	constructor(name: keyof typeof ERRORS) {
		super(name);
		this.errno = ERRORS[name];
	}
}

export interface Owner {
	mode: number;
	uid: number;
	gid: number;
}

export class File {
	readonly isFolder = false;
	readonly id: number;
	readonly owner: Owner;
	changedAt = Date.now();
	size = 0;
	pages: (Buffer | undefined)[] = [];
	syncedSize = 0;
	syncedPages: (Buffer | undefined)[] = [];
	/** Pages that were written since the last sync. */
	readonly unsynced = new Set<number>();
	/** How often folders name it, and how often it is open. */
	names = 0;
	opens = 0;
	/** What it holds is the path that it stands for. */
	isLink = false;

	constructor(id: number, owner: Owner) {
		this.id = id;
		this.owner = owner;
	}
}

export class Folder {
	readonly isFolder = true;
	readonly id: number;
	readonly owner: Owner;
	changedAt = Date.now();
	entries = new Map<string, File | Folder>();
	syncedEntries = new Map<string, File | Folder>();

	constructor(id: number, owner: Owner) {
		this.id = id;
		this.owner = owner;
	}
}
