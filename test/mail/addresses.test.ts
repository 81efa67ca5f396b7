// Whoever may sign up can be written to: the grammar of accounts takes nothing that the grammar of mails refuses.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { hasPossibleDomain, isEmail, stripEmail } from "../../src/accounts/email.ts";
import { readAddress } from "../../src/mail/address.ts";

const part = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
const odd = fc
	.tuple(part, part, fc.constantFrom("com", "de", "xn--p1ai", "рф"))
	.map(([a, b, c]) => `${a}@${b}.${c}`);

test("every address that may sign up can be written into a mail", () => {
	let accepted = 0;
	const holds = (typed: string) => {
		const email = stripEmail(typed);
		if (!isEmail(email) || !hasPossibleDomain(email)) return;
		accepted++;
		assert.equal(readAddress(email)?.address, email);
	};
	fc.assert(fc.property(fc.emailAddress(), holds), { numRuns: 500 });
	fc.assert(fc.property(odd, holds), { numRuns: 3000 });
	assert.ok(accepted > 500, `${accepted} addresses were looked at`);
});
