// Ten thousand wrong spellings, forgeries and misuses of one good token, each under the name of its kind.
import { createHmac, randomBytes } from "node:crypto";
import { seededRandom } from "../crash/random.ts";
import { encrypt, keysOf, makePass, SECRET, sign, toToken } from "./passes.ts";

export interface Mutant {
	readonly kind: string;
	readonly token: string;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BLOCK = 16;

/** `payload` is what the good token says, `bytes` are the token itself. `now` is the house's time. */
export function makeMutants(payload: object, bytes: Buffer, now: number, count: number): readonly Mutant[] {
	const good = new Set([toToken(bytes), bytes.toString("base64url")]);
	const mutants = new Map<string, string>();
	const add = (kind: string, token: string | Buffer) => {
		const text = typeof token === "string" ? token : toToken(token);
		if (!good.has(text)) mutants.set(text, kind);
	};
	for (const made of [bentBytes, bentText, forgeries, misuses]) made(payload, bytes, now, add);
	const random = seededRandom(20_261_122);
	while (mutants.size < count) add("several random changes", changeSeveral(bytes, random));
	return [...mutants].slice(0, count).map(([token, kind]) => ({ token, kind }));
}

type Add = (kind: string, token: string | Buffer) => void;

function bentBytes(_: object, bytes: Buffer, __: number, add: Add): void {
	for (let bit = 0; bit < bytes.length * 8; bit++) add("one bit flipped", flip(bytes, bit));
	for (let end = 0; end < bytes.length; end++) {
		add("bytes cut off", bytes.subarray(0, end));
		add("bytes missing in front", bytes.subarray(end + 1));
		add("a byte left out", Buffer.concat([bytes.subarray(0, end), bytes.subarray(end + 1)]));
		add("a byte put in", Buffer.concat([bytes.subarray(0, end), Buffer.of(0), bytes.subarray(end)]));
	}
	for (let more = 1; more <= 64; more++) add("bytes added", Buffer.concat([bytes, Buffer.alloc(more)]));
	add("doubled", Buffer.concat([bytes, bytes]));
	add("backwards", Buffer.from(bytes).reverse());
	const blocks = bytes.length / BLOCK;
	for (let one = 0; one < blocks; one++) {
		for (let other = one + 1; other < blocks; other++) add("blocks swapped", swap(bytes, one, other));
		add(
			"a block repeated",
			Buffer.concat([bytes.subarray(0, (one + 1) * BLOCK), bytes.subarray(one * BLOCK)]),
		);
	}
}

function bentText(_: object, bytes: Buffer, __: number, add: Add): void {
	const token = bytes.toString("base64url");
	for (let at = 0; at < token.length; at++) {
		const [head, tail] = [token.slice(0, at), token.slice(at + 1)];
		add("cut off", head);
		add("a letter left out", head + tail);
		for (const letter of [...ALPHABET.slice(at % 8).slice(0, 6), "+", "/", "=", " ", "\n", "%", "é", "\0"]) {
			add("a letter changed", head + letter + tail);
		}
		for (const letter of ["A", "=", " ", "\n"]) add("a letter put in", head + letter + token.slice(at));
	}
	// The last letter of an unpadded text has bits that no byte is made of: each is another spelling of the same bytes.
	for (const letter of ALPHABET) {
		add("another last letter", token.slice(0, -1) + letter);
		add("a letter added", token + letter);
	}
	for (const end of ["=", "==", "===", "====", "=A", "%3D", "%3D%3D", " ", "\n", "\r\n", "\0", ".", "~"]) {
		add("another end", token + end);
		add("another end", toToken(bytes) + end);
	}
	for (const start of [" ", "\n", "\uFEFF", "=", "Bearer ", "multipass/"])
		add("another start", start + token);
	add("another alphabet", bytes.toString("base64"));
	add("another alphabet", bytes.toString("base64").replace(/=+$/, ""));
	add("another alphabet", bytes.toString("hex"));
	add("another alphabet", bytes.toString("latin1"));
	add("another alphabet", encodeURIComponent(toToken(bytes)));
	add(
		"another alphabet",
		[...token].map((letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)).join(""),
	);
	add("another case", token.toLowerCase());
	add("another case", token.toUpperCase());
	add("doubled", token + token);
	add("lines", token.replace(/.{64}/g, "$&\n"));
	add("as JSON", JSON.stringify(token));
	for (const text of ["", " ", "=", "==", "null", "undefined", "{}", "A".repeat(64), "A".repeat(40_000)]) {
		add("no token", text);
	}
}

/** By those who do not have the secret. */
function forgeries(payload: object, bytes: Buffer, _: number, add: Add): void {
	const json = JSON.stringify(payload);
	const keys = keysOf(SECRET);
	for (let index = 0; index < 300; index++)
		add("another secret", makePass(payload, randomBytes(16).toString("hex")));
	for (const secret of ["", " ", SECRET.toUpperCase(), ` ${SECRET}`, `${SECRET}\n`, SECRET.slice(1)]) {
		add("another secret", makePass(payload, secret));
	}
	const encrypted = encrypt(json, keys);
	const mac = (hash: string, key: string | Buffer, text: Buffer) =>
		createHmac(hash, key).update(text).digest();
	const signed = (signature: Buffer) => Buffer.concat([encrypted, signature]);
	add("not signed", encrypted);
	add("signed with zeros", signed(Buffer.alloc(32)));
	add("signed with the other key", signed(mac("sha256", keys.encrypt, encrypted)));
	add("signed with the secret", signed(mac("sha256", SECRET, encrypted)));
	add("signed without the IV", signed(mac("sha256", keys.sign, encrypted.subarray(BLOCK))));
	add("signed as plain text", signed(mac("sha256", keys.sign, Buffer.from(json))));
	add("signed by SHA-1", signed(mac("sha1", keys.sign, encrypted)));
	add("signed by SHA-512", signed(mac("sha512", keys.sign, encrypted)));
	add("signed half", signed(mac("sha256", keys.sign, encrypted).subarray(16)));
	add("the signature of another", signed(bytes.subarray(-32)));
	add("the signature first", Buffer.concat([bytes.subarray(-32), bytes.subarray(0, -32)]));
	add("not encrypted", toToken(Buffer.from(json)));
	add("the JSON itself", json);
}

/** By those who have the secret, and use it wrongly. */
function misuses(payload: object, bytes: Buffer, now: number, add: Add): void {
	const keys = keysOf(SECRET);
	const seal = (text: string | Buffer) => sign(encrypt(text, keys), keys);
	const unpadded = (text: Buffer) => sign(encrypt(text, keys, false), keys);
	const moment = (seconds: number) => new Date((now + seconds) * 1000).toISOString();
	for (let index = 0; index < 60; index++) {
		add("too old", makePass({ ...payload, created_at: moment(-900 - index ** 3) }));
		add("of the future", makePass({ ...payload, created_at: moment(120 + index ** 3) }));
	}
	for (let length = 0; length <= 255; length++) {
		if (length >= 1 && length <= BLOCK) continue;
		const block = Buffer.concat([Buffer.from('{"a":1}        '), Buffer.of(length)]);
		add("wrong padding of the cipher", unpadded(block));
	}
	add("wrong padding of the cipher", unpadded(Buffer.from(`${" ".repeat(13)}\u0001\u0002\u0003`)));
	add("nothing inside", sign(encrypt("", keys).subarray(0, BLOCK), keys));
	add("part of a block", sign(bytes.subarray(0, 40), keys));
	for (const text of ["", "null", "1", '"ada@example.com"', "true", "[]", `[${JSON.stringify(payload)}]`]) {
		add("not an object", seal(text));
	}
	for (const text of ["{", "{}}", '{"email":}', "email=ada@example.com", "{'email':'ada@example.com'}"]) {
		add("not JSON", seal(text));
	}
	add("not UTF-8", seal(Buffer.from(JSON.stringify({ ...payload, first_name: "Zoë" }), "latin1")));
	add("too long", makePass({ ...payload, data: "x".repeat(12_300) }));
	add("nested deeply", seal(`${"[".repeat(5000)}${"]".repeat(5000)}`));
	for (const email of [
		undefined,
		null,
		"",
		" ",
		1,
		true,
		{},
		["ada@example.com"],
		"ada",
		"ada@",
		"a b@c",
		"a@b..c",
	]) {
		add("no address", makePass({ ...payload, email }));
	}
	for (const created_at of [undefined, null, "", "now", now, now * 1000, {}, moment(0).slice(0, 10)]) {
		add("no moment", makePass({ ...payload, created_at }));
	}
	for (const identifier of [{}, [], true, 1.5, "x".repeat(256), "\ud800", "a\0b"]) {
		add("no identifier", makePass({ ...payload, identifier }));
	}
	add("said by the prototype", seal(`{"__proto__":${JSON.stringify(payload)}}`));
	add("said inside", seal(JSON.stringify({ customer: payload })));
	const contrary = { ...payload, email: "not an address" };
	add("said twice", seal(`${JSON.stringify(payload).slice(0, -1)},${JSON.stringify(contrary).slice(1)}`));
}

function flip(bytes: Buffer, bit: number): Buffer {
	const flipped = Buffer.from(bytes);
	flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
	return flipped;
}

function swap(bytes: Buffer, one: number, other: number): Buffer {
	const swapped = Buffer.from(bytes);
	bytes.copy(swapped, one * BLOCK, other * BLOCK, (other + 1) * BLOCK);
	bytes.copy(swapped, other * BLOCK, one * BLOCK, (one + 1) * BLOCK);
	return swapped;
}

function changeSeveral(bytes: Buffer, random: () => number): Buffer {
	let changed = Buffer.from(bytes);
	for (let changes = 1 + Math.floor(random() * 6); changes > 0; changes--) {
		const at = Math.floor(random() * changed.length);
		const kind = random();
		if (kind < 0.7) changed[at] = Math.floor(random() * 256);
		else if (kind < 0.85) changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + 1)]);
		else changed = Buffer.concat([changed.subarray(0, at), Buffer.alloc(16, at), changed.subarray(at)]);
	}
	return changed;
}
