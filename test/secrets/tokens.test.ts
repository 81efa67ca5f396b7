// What tokens are made of, and what is kept of them.
import assert from "node:assert/strict";
import test from "node:test";
import { digestToken, makeId, makeToken } from "../../src/secrets/token.ts";

test("a token is 192 random bits in hexadecimal", () => {
	const made = Array.from({ length: 1000 }, makeToken);
	for (const token of made) assert.match(token, /^[\da-f]{48}$/);
	assert.equal(new Set(made).size, made.length);
	for (let at = 0; at < 48; at++) {
		assert.equal(new Set(made.map((token) => token[at])).size, 16, `character ${at} takes every value`);
	}
});

test("of a token its SHA-256 is kept, as every earlier version kept it", () => {
	// FIPS 180-2, B.1, in base64url.
	assert.equal(digestToken("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
});

test("what cannot be a token is not digested", () => {
	assert.equal(digestToken(""), null);
	assert.equal(digestToken("a".repeat(256))?.length, 43);
	assert.equal(digestToken("a".repeat(257)), null);
});

test("a record's number has 13 to 15 digits and is nobody's neighbour", () => {
	const ids = Array.from({ length: 1000 }, makeId);
	for (const id of ids) assert.ok(Number.isInteger(id) && id >= 1e12 && id < 141e12, String(id));
	assert.equal(new Set(ids).size, ids.length);
});
