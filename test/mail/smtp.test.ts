// Mail through a real SMTP server: taken over, refused for good, refused for now, and gone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import test from "node:test";
import tls from "node:tls";
import type { SMTPServerOptions } from "smtp-server";
import { Undeliverable } from "../../src/mail/mail.ts";
import { compose } from "../../src/mail/messages.ts";
import { openSmtp } from "../../src/mail/smtp.ts";
import { LINK, message, openPostbox, refusal } from "./postbox.ts";

const PEM = readFileSync(join(import.meta.dirname, "localhost.pem"), "utf8");
const MAIL = compose(message("reset"));
const PASSWORD = "p@ss word/";

/** Sends the mail, which must fail, and gives why; no word of the mail or of the password may be in it. */
async function failure(url: string): Promise<Undeliverable> {
	const mailer = openSmtp(url);
	try {
		await mailer.send(MAIL);
	} catch (error) {
		assert.ok(error instanceof Undeliverable);
		const told = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
		for (const secret of ["ada@", "hello@", LINK, "p%40", PASSWORD, "0f1e2d3c"])
			assert.ok(!told.includes(secret), told);
		return error;
	} finally {
		mailer.close();
	}
	throw new Error("The mail was sent.");
}

test("a mail arrives with both its parts, to one recipient, and says that a program sent it", async () => {
	await using box = await openPostbox();
	const mailer = openSmtp(box.url);
	await mailer.send(MAIL);
	mailer.close();
	const [received] = box.received;
	assert.deepEqual(received?.recipients, ["ada@example.com"]);
	assert.equal(received?.sender, "hello@northwind.example");
	const head = received?.raw.split("\r\n\r\n", 1)[0] ?? "";
	assert.match(head, /^From: Northwind Tea <hello@northwind\.example>$/m);
	assert.match(head, /^To: ada@example\.com$/m);
	assert.match(head, /^Subject: Reset your password at Northwind Tea$/m);
	assert.match(head, /^Message-ID: <[^@\s]+@northwind\.example>$/m);
	assert.match(head, /^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/m);
	assert.match(head, /^Auto-Submitted: auto-generated$/m);
	assert.doesNotMatch(head, /nodemailer|mailer/i);
});

test("many mails share a few connections", async () => {
	await using box = await openPostbox();
	const mailer = openSmtp(box.url);
	await Promise.all(Array.from({ length: 40 }, () => mailer.send(MAIL)));
	mailer.close();
	assert.equal(box.received.length, 40);
	assert.ok(box.connections() <= 5, String(box.connections()));
	const ids = box.received.map(({ raw }) => /^Message-ID: .*$/m.exec(raw)?.[0]);
	assert.equal(new Set(ids).size, 40);
});

test("a mail that is refused for good is refused for good, at whichever step", async () => {
	const answer = (code: number) =>
		refusal(code, `${code === 550 ? "5.1.1 " : ""}<ada@example.com> is not known here`);
	for (const code of [550, 551, 552, 553, 554]) {
		await using atRecipient = await openPostbox({ onRcptTo: (_, __, done) => done(answer(code)) });
		const error = await failure(atRecipient.url);
		assert.equal(error.permanent, true);
		assert.match(error.message, new RegExp(`answered ${code}.* to RCPT TO`));
	}
	await using atSender = await openPostbox({ onMailFrom: (_, __, done) => done(answer(550)) });
	assert.equal((await failure(atSender.url)).permanent, true);
	await using atEnd = await openPostbox({
		onData: (stream, _, done) => void stream.resume().on("end", () => done(answer(550))),
	});
	const error = await failure(atEnd.url);
	assert.equal(error.permanent, true);
	assert.equal(error.message, "The mail server answered 550 5.1.1 to DATA.");
});

test("a mail that is refused for now may pass later", async () => {
	const answer = (code: number) => refusal(code, "4.2.1 <ada@example.com> try again later");
	for (const code of [421, 450, 451, 452]) {
		await using atRecipient = await openPostbox({ onRcptTo: (_, __, done) => done(answer(code)) });
		assert.equal((await failure(atRecipient.url)).permanent, false, String(code));
		await using atEnd = await openPostbox({
			onData: (stream, _, done) => void stream.resume().on("end", () => done(answer(code))),
		});
		assert.equal((await failure(atEnd.url)).permanent, false, String(code));
	}
});

test("what is wrong with us and not with the mail may pass later", async () => {
	await using closed = await openPostbox({
		onConnect: (_, done) => done(refusal(554, "no service for you")),
	});
	assert.equal((await failure(closed.url)).permanent, false);
	await using unsigned = await openPostbox({
		onMailFrom: (_, __, done) => done(refusal(530, "5.7.0 Authentication required")),
	});
	assert.equal((await failure(unsigned.url)).permanent, false);
	await using wrong = await openPostbox({
		disabledCommands: ["STARTTLS"],
		allowInsecureAuth: true,
		onAuth: (_, __, done) => done(refusal(535, "5.7.8 wrong password")),
	});
	const url = `smtp://ada:${encodeURIComponent(PASSWORD)}@127.0.0.1:${wrong.port}`;
	const error = await failure(url);
	assert.equal(error.permanent, false);
	assert.match(error.message, /answered 535/);
});

test("one refused mail does not stop the others", async () => {
	await using box = await openPostbox({
		onRcptTo: ({ address }, _, done) => done(address.startsWith("bob") ? refusal(550, "no such user") : null),
	});
	const mailer = openSmtp(box.url);
	await mailer.send(MAIL);
	await assert.rejects(mailer.send({ ...MAIL, to: "bob@example.com" }), Undeliverable);
	await mailer.send(MAIL);
	mailer.close();
	assert.deepEqual(
		box.received.map(({ recipients }) => recipients),
		[["ada@example.com"], ["ada@example.com"]],
	);
});

test("a server that is not there may be there later", async () => {
	const box = await openPostbox();
	await box.close();
	const error = await failure(box.url);
	assert.equal(error.permanent, false);
	assert.match(error.message, /ECONNREFUSED/);
});

test("a server that goes away in the middle may be there later", async () => {
	/** Speaks SMTP up to one line of the client's, then cuts the connection. */
	for (const last of ["EHLO", "MAIL", "RCPT", "DATA", "."]) {
		const server = createServer((socket) => {
			let inMail = false;
			socket.on("error", () => undefined);
			socket.write("220 here\r\n");
			socket.on("data", (chunk) => {
				for (const line of chunk.toString().split("\r\n").slice(0, -1)) {
					const isCommand = !inMail || line === ".";
					if (isCommand && (line.startsWith(`${last} `) || line.startsWith(`${last}:`) || line === last)) {
						socket.destroy();
						return;
					}
					if (!isCommand) continue;
					inMail = line === "DATA";
					socket.write(inMail ? "354 go on\r\n" : "250 fine\r\n");
				}
			});
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as AddressInfo;
		const error = await failure(`smtp://127.0.0.1:${port}`);
		assert.equal(error.permanent, false, last);
		await new Promise((resolve) => server.close(resolve));
	}
});

test("a mailer that was closed sends nothing more", async () => {
	await using box = await openPostbox();
	const mailer = openSmtp(box.url);
	mailer.close();
	await assert.rejects(mailer.send(MAIL), { name: "Undeliverable", permanent: false });
	assert.equal(box.received.length, 0);
});

test("with a certificate that is trusted, mail and password are encrypted", async () => {
	tls.setDefaultCACertificates([
		...tls.getCACertificates("default"),
		PEM.slice(PEM.indexOf("-----BEGIN CERT")),
	]);
	const users: string[] = [];
	const options: SMTPServerOptions = {
		key: PEM,
		cert: PEM,
		disabledCommands: [],
		onAuth: (auth, _, done) => {
			users.push(`${auth.username}:${auth.password}`);
			done(null, { user: auth.username });
		},
	};
	await using withStartTls = await openPostbox(options);
	await using withTls = await openPostbox({ ...options, secure: true });
	const login = `ada:${encodeURIComponent(PASSWORD)}`;
	for (const [url, box] of [
		[`smtp://${login}@127.0.0.1:${withStartTls.port}`, withStartTls],
		[`smtp://${login}@localhost:${withStartTls.port}`, withStartTls],
		[`smtps://${login}@127.0.0.1:${withTls.port}`, withTls],
	] as const) {
		const mailer = openSmtp(url);
		await mailer.send(MAIL);
		mailer.close();
		assert.deepEqual([box.received.at(-1)?.encrypted, box.received.at(-1)?.user], [true, "ada"]);
	}
	assert.deepEqual(new Set(users), new Set([`ada:${PASSWORD}`]));
});

test("with a certificate that is not trusted, neither mail nor password leaves", async () => {
	tls.setDefaultCACertificates(tls.getCACertificates("bundled"));
	let tries = 0;
	const onAuth: SMTPServerOptions["onAuth"] = (_, __, done) => {
		tries++;
		done(null, { user: "ada" });
	};
	for (const secure of [false, true]) {
		await using box = await openPostbox({ key: PEM, cert: PEM, disabledCommands: [], secure, onAuth });
		const error = await failure(`smtp${secure ? "s" : ""}://ada:secret@127.0.0.1:${box.port}`);
		assert.equal(error.permanent, false);
		assert.equal(box.received.length, 0);
	}
	assert.equal(tries, 0);
});

test("a password goes in the clear to this machine only", async () => {
	let tries = 0;
	await using box = await openPostbox({
		disabledCommands: ["STARTTLS"],
		allowInsecureAuth: true,
		onAuth: (_, __, done) => {
			tries++;
			done(null, { user: "ada" });
		},
	});
	const mailer = openSmtp(`smtp://ada:secret@127.0.0.1:${box.port}`);
	await mailer.send(MAIL);
	mailer.close();
	assert.equal(tries, 1);
	// The same server by an address that is not known for this machine's own.
	const error = await failure(`smtp://ada:secret@[::ffff:127.0.0.1]:${box.port}`);
	assert.equal(error.permanent, false);
	assert.match(error.message, /STARTTLS/);
	assert.equal(tries, 1);
	assert.equal(box.connections(), 2);
});

test("a URL that is not of a mail server is refused, with nothing of it in the words", () => {
	for (const url of [
		"",
		"mail.example",
		"http://ada:secret@mail.example",
		"smtp://",
		"smtp:///secret",
		"smtp://ada:secret%ff@mail.example",
		"smtp://ada:secret@mail.example?proxy=http://evil.example",
		"smtp://ada:secret@mail.example#x",
		"direct://ada:secret@mail.example",
		"sendmail:///usr/bin/secret",
	]) {
		assert.throws(
			() => openSmtp(url),
			(error: Error) =>
				/^The URL of the mail server must be/.test(error.message) && !error.message.includes("secret"),
			url,
		);
	}
});
