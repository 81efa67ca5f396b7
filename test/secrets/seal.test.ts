// Sealed secrets: readable under their key and label, and by no other way.
import assert from "node:assert/strict";
import test from "node:test";
import { createSeal } from "../../src/secrets/seal.ts";

const KEY = "a key of twenty bytes";
const LABEL = "shop 1";

test("opens what was sealed under its key and its label, and under no other", () => {
	const seal = createSeal(KEY);
	for (const text of ["the secret", "", "ein Schlüssel 🔑", "x".repeat(10_000)]) {
		const sealed = seal.close(text, LABEL);
		assert.equal(seal.open(sealed, LABEL), text);
		assert.equal(createSeal(KEY).open(sealed, LABEL), text, "after a restart");
		assert.equal(seal.open(sealed, "shop 2"), null);
		assert.equal(seal.open(sealed, ""), null);
		assert.equal(createSeal("another key").open(sealed, LABEL), null);
	}
});

test("opens what an earlier version sealed", () => {
	const kept = "fArufoA7OP8TZVVd6CenVdL6rchwRhLLIOJhRuRXdqVjpxz1iXk";
	assert.equal(createSeal(KEY).open(kept, LABEL), "the secret");
});

test("the same text is sealed another way each time, and shows nothing of itself", () => {
	const seal = createSeal(KEY);
	const sealed = Array.from({ length: 200 }, () => seal.close("the secret", LABEL));
	// What says how it was sealed, and what seals it: 12 bytes that never come twice.
	assert.equal(new Set(sealed.map((text) => text.slice(0, 16))).size, sealed.length);
	for (const text of sealed) {
		assert.match(text, /^[\w-]{51}$/);
		assert.ok(!Buffer.from(text, "base64url").includes("secret"));
	}
});

test("what was changed by a bit, cut short or made longer opens to nothing", () => {
	const seal = createSeal(KEY);
	const bytes = Buffer.from(seal.close("the secret", LABEL), "base64url");
	for (let at = 0; at < bytes.length; at++) {
		const changed = Buffer.from(bytes);
		changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at);
		assert.equal(seal.open(changed.toString("base64url"), LABEL), null, `byte ${at}`);
		assert.equal(seal.open(bytes.subarray(0, at).toString("base64url"), LABEL), null, `cut at ${at}`);
	}
	assert.equal(seal.open(Buffer.concat([bytes, Buffer.alloc(1)]).toString("base64url"), LABEL), null);
	assert.equal(seal.open("", LABEL), null);
});
