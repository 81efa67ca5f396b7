// Templates that shops bring along: filled as they were where they come from, safe whatever people call themselves, and
// bounded. A bad one costs the shop its look, never the shopper the mail.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import fc from "fast-check";
import { filters } from "liquidjs";
import { checkTemplate, compose, type Message, type Template } from "../../src/mail/messages.ts";
import { LINK, message } from "./postbox.ts";

const read = (name: string) => readFileSync(join(import.meta.dirname, "templates", name), "utf8");
const INVITE: Template = {
	subject: "{{ customer.first_name }}, your account at {{ shop.name }}",
	html: read("invite.liquid"),
	text: null,
};
const RESET: Template = {
	subject: "Reset",
	html: read("reset.liquid"),
	text: "Dear {{ customer.name | escape }},\n\n{{ customer.reset_password_url }}\n\n{{ shop.name }}",
};
const OBRIEN = { email: "o'brien@example.com", firstName: "mary-jane", lastName: "O'Brien & <Sons>" };

/** Of a template whose HTML part it is, and the plain link, so that it can be used for any message. */
function fill(html: string, different: Partial<Message> = {}): string {
	const template = { subject: "Subject", html: `${html}<!-- ${LINK} -->`, text: null };
	const mail = compose(message("reset", { template, ...different }));
	assert.equal(mail.templateFault, null);
	return mail.html.replace(`<!-- ${LINK} -->`, "");
}

test("an invitation as shops have it is filled, with its captured markup as it is", () => {
	const mail = compose(message("activation", { template: INVITE, customer: OBRIEN }));
	assert.equal(mail.templateFault, null);
	assert.equal(mail.subject, "mary-jane, your account at Northwind Tea");
	assert.equal(mail.html.split(`<a class="button" href="${LINK}">Take my place</a>`).length, 3);
	assert.match(mail.html, /<p>\s*Dear Mary-jane, we have kept a place for o&#39;brien@example\.com\./);
	assert.match(mail.html, /<title>Your Northwind Tea account<\/title>/);
	assert.match(mail.html, /background: #0a5e63;/);
	assert.match(mail.html, /<h1><a href="https:\/\/northwind\.example">Northwind Tea<\/a><\/h1>/);
	assert.match(
		mail.html,
		/mailto:hello@northwind\.example">hello@northwind\.example<\/a>, or visit northwind\.example\./,
	);
	assert.doesNotMatch(mail.html, /<img|\{\{|\{%/);
	assert.match(mail.text, /^Hello mary-jane,/, "without a text part of its own, the text is ours");
	assert.ok(mail.text.includes(LINK));
});

test("a reset mail as shops have it is filled, escaped once however often it escapes", () => {
	const mail = compose(message("reset", { template: RESET, customer: OBRIEN }));
	assert.equal(mail.templateFault, null);
	const name = "mary-jane O&#39;Brien &amp; &lt;Sons&gt;";
	assert.ok(mail.html.includes(`<p title="${name}">Good day ${name},</p>`), mail.html);
	assert.ok(mail.html.includes("<p>O&#39;Brien &amp; &lt;Sons&gt;</p>"));
	assert.ok(mail.html.includes(`<a class="bold" href="${LINK}">Choose a new password`));
	assert.ok(mail.html.includes(`<a class="quiet" href="${LINK}">${LINK}`));
	assert.ok(mail.html.includes("?to=o&#39;brien%40example.com&amp;name=mary-jane"));
	assert.ok(mail.html.includes("<p>NORTHWIND TEA &middot; notifications.footer </p>"));
	assert.ok(mail.html.includes("<h1>Reset your password</h1>"));
	assert.equal(mail.text, `Dear mary-jane O'Brien & <Sons>,\n\n${LINK}\n\nNorthwind Tea`);
});

test("both samples can be used", () => {
	assert.equal(checkTemplate(INVITE), null);
	assert.equal(checkTemplate(RESET), null);
});

test("a link with an ampersand works in an attribute, in text, and escaped by the template", () => {
	const url = "https://shop.example/reset?id=1&token=2";
	const html =
		'<a href="{{ customer.reset_password_url }}">{{ customer.reset_password_url | escape }}</a> {{ customer.reset_password_url | url_encode }}';
	const mail = compose(
		message("reset", { url, template: { subject: "x", html, text: "{{ customer.reset_password_url }}" } }),
	);
	assert.equal(
		mail.html,
		'<a href="https://shop.example/reset?id=1&amp;token=2">https://shop.example/reset?id=1&amp;token=2</a> https%3A%2F%2Fshop.example%2Freset%3Fid%3D1%26token%3D2',
	);
	assert.equal(mail.text, url);
});

test("each variable of a notification has its value, and what a message does not have is false", () => {
	const filled = (name: string, kind: Message["kind"] = "reset") => {
		const html = `{% if ${name} %}yes {{ ${name} }}{% else %}no{% endif %}<!-- ${LINK} -->`;
		const mail = compose(message(kind, { template: { subject: "x", html, text: null } }));
		assert.equal(mail.templateFault, null);
		return mail.html.replace(`<!-- ${LINK} -->`, "");
	};
	const values: Readonly<Record<string, string>> = {
		"customer.first_name": "yes Ada",
		"customer.last_name": "yes Lovelace",
		"customer.name": "yes Ada Lovelace",
		"customer.email": "yes ada@example.com",
		"customer.reset_password_url": `yes ${LINK}`,
		"customer.account_activation_url": "no",
		"customer.new_email": "no",
		"shop.name": "yes Northwind Tea",
		"shop.url": "yes https://northwind.example",
		"shop.domain": "yes northwind.example",
		"shop.email": "yes hello@northwind.example",
		"shop.email_logo_url": "no",
		"shop.email_logo_width": "no",
		"shop.email_accent_color": "yes #0a5e63",
		email_title: "yes Reset your password",
		"shop.nothing": "no",
		"nothing.at.all": "no",
		"customer.constructor": "no",
		"shop.__proto__.toString": "no",
	};
	for (const [name, value] of Object.entries(values)) assert.equal(filled(name), value, name);
	assert.match(filled("email_body"), /^yes We received a request/);
	assert.equal(filled("customer.account_activation_url", "activation"), `yes ${LINK}`);
	assert.equal(filled("customer.reset_password_url", "activation"), "no");
	assert.equal(filled("customer.new_email", "emailChanged"), "yes lovelace@example.org");
	const nobody = { email: "ada@example.com", firstName: null, lastName: null };
	assert.equal(fill("{% if customer.name %}yes{% else %}no{% endif %}", { customer: nobody }), "no");
});

test("no filter makes markup of what people typed", () => {
	const wanted = "<img src=x onerror=alert(1)>";
	const typed = [
		wanted,
		encodeURIComponent(wanted),
		encodeURIComponent(encodeURIComponent(wanted)),
		Buffer.from(wanted).toString("base64"),
		"&lt;img src=x&gt;",
		"&amp;lt;img src=x&amp;gt;",
		"\ufdd1img src=x\ufdd2",
		JSON.stringify({ a: wanted }),
		"\\u003cimg src=x\\u003e",
	];
	const names = [...Object.keys(filters), "no_such_filter", "link_to", "t"];
	assert.ok(names.length > 70);
	let filled = 0;
	for (const lastName of typed) {
		const customer = { email: "ada@example.com", firstName: lastName, lastName };
		for (const name of names) {
			for (const html of [
				`{{ customer.last_name | ${name} }}`,
				`{{ customer.last_name | ${name} | ${name} }}`,
				`{{ customer.last_name | unescape | ${name} | unescape }}`,
				`{{ customer.last_name | ${name} | url_decode }}`,
				`{{ "x" | ${name}: customer.last_name, customer.last_name }}`,
				`{% assign a = customer.last_name | split: "" | ${name} %}{{ a }}{{ a | join: "" | ${name} }}`,
				`{% capture a %}{{ customer.last_name | ${name} }}{% endcapture %}{{ a | ${name} }}`,
			]) {
				const template = { subject: "x", html: `${html}<!-- ${LINK} -->`, text: null };
				const mail = compose(message("reset", { customer, template }));
				// A filter may refuse a value, and then the mail is our own.
				if (mail.templateFault === null) filled++;
				assert.doesNotMatch(mail.html, /<img/, `${html} ${lastName}`);
			}
		}
	}
	assert.ok(filled > 3000, `only ${filled} were filled`);
});

test("whatever people call themselves, a template's markup is its own", () => {
	const text = fc.oneof(
		fc.string({ unit: "binary" }),
		fc.string({ unit: fc.constantFrom(..."<>&\"'{}%;#ab \n") }),
	);
	const markupOf = (html: string) =>
		(html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""')).join("");
	const innocent = compose(message("reset", { template: RESET, customer: OBRIEN }));
	fc.assert(
		fc.property(text, text, (firstName, lastName) => {
			const customer = { email: "ada@example.com", firstName: `${firstName}x`, lastName };
			const mail = compose(message("reset", { template: RESET, customer }));
			assert.equal(mail.templateFault, null);
			assert.equal(markupOf(mail.html), markupOf(innocent.html));
		}),
	);
});

test("a subject is one line of at most 255 characters, and never empty", () => {
	const subjectOf = (subject: string, firstName = "Ada") => {
		const customer = { email: "ada@example.com", firstName, lastName: null };
		return compose(message("welcome", { customer, template: { subject, html: "x", text: null } })).subject;
	};
	assert.equal(subjectOf("Hello\r\nBcc: eve@evil.example"), "Hello Bcc: eve@evil.example");
	assert.equal(subjectOf("\n  {% if true %}\n  Hello {{ customer.first_name }}\n{% endif %}\n"), "Hello Ada");
	assert.equal(subjectOf("{{ customer.first_name }}", "A\r\n\u0000\u2028Bcc: x"), "A Bcc: x");
	assert.equal(subjectOf("{{ customer.first_name }} & <co>", "O'Brien"), "O'Brien & <co>");
	assert.equal([...subjectOf("🚀".repeat(300))].length, 255);
	assert.equal(subjectOf(" \n{{ nothing }}"), "Welcome to Northwind Tea");
});

test("a template that cannot be used is told of by its part and line, and the mail is ours", () => {
	const faults: readonly (readonly [Partial<Template>, RegExp])[] = [
		[
			{ html: "a\nb\n{% unheard_of %}" },
			/^The HTML part cannot be used: line 3, tag "unheard_of" not found\.$/,
		],
		[
			{ html: "\n{% if customer %}" },
			/^The HTML part cannot be used: line 2, tag \{% if customer %\} not closed\.$/,
		],
		[{ html: "{{ customer.first_name" }, /^The HTML part cannot be used: line 1, output .* not closed\.$/],
		[{ html: "{% endif %}" }, /line 1, tag "endif" not found\.$/],
		[{ subject: "{% form %}" }, /^The subject cannot be used: line 1, tag "form" not found\.$/],
		[{ text: "x\n{% section 'a' %}" }, /^The text part cannot be used: line 2, tag "section" not found\.$/],
		[{ html: "{% include '/etc/passwd' %}" }, /line 1, tag "include" not found\.$/],
		[{ html: "{% render 'package.json' %}" }, /line 1, tag "render" not found\.$/],
		[{ html: "{% layout '../package.json' %}" }, /line 1, tag "layout" not found\.$/],
		[{ html: "{% block a %}{% endblock %}" }, /line 1, tag "block" not found\.$/],
		[{ html: "é".repeat(131_073) }, /^The HTML part is larger than 256 KiB\.$/],
	];
	for (const [different, fault] of faults) {
		const template = { subject: "x", html: LINK, text: null, ...different };
		assert.match(checkTemplate(template) ?? "null", fault);
		const mail = compose(message("reset", { template }));
		assert.match(mail.templateFault ?? "null", fault);
		const { templateFault, ...rest } = mail;
		const { templateFault: none, ...own } = compose(message("reset"));
		assert.deepEqual(rest, own);
		assert.equal(none, null);
	}
	assert.equal(checkTemplate({ subject: "", html: "é".repeat(131_072), text: "" }), null);
});

test("a template without end, or without measure, is given up, and the mail is ours", () => {
	const endless = [
		"{% for a in (1..1000000000) %}{% endfor %}",
		"{% for a in (1..99999) %}{% for b in (1..99999) %}{% assign c = a %}{% endfor %}{% endfor %}",
		`{% for a in (1..99999) %}{% for b in (1..99999) %}${"x".repeat(100_000)}{% endfor %}{% endfor %}`,
		"{% assign a = 'xxxxxxxxxx' %}{% for b in (1..99) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
		"{% capture a %}xxxx{% endcapture %}{% for b in (1..99) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}{{ a }}",
		"{% if a %}".repeat(20_000),
		`{% for a in (1..20) %}${"x".repeat(100_000)}{% endfor %}`,
	];
	for (const html of endless) {
		const start = process.cpuUsage();
		const mail = compose(message("reset", { template: { subject: "x", html: html + LINK, text: null } }));
		const { user, system } = process.cpuUsage(start);
		assert.match(mail.templateFault ?? "null", /^The HTML part cannot be used: /, html.slice(0, 80));
		assert.equal(mail.html, compose(message("reset")).html);
		assert.ok(user + system < 3_000_000, `${html.slice(0, 80)} took ${user + system} µs`);
	}
});

test("a template that hides the link is not used for a message that is only for the link", () => {
	const template = { subject: "Hello", html: "Hello {{ customer.first_name }}", text: null };
	assert.equal(checkTemplate(template), null);
	const mail = compose(message("reset", { template }));
	assert.equal(mail.templateFault, "The template does not show the link that this message is for.");
	assert.ok(mail.html.includes(`href="${LINK}"`));
	assert.equal(compose(message("welcome", { template })).html, "Hello Ada");
	const wrong = { ...template, html: '<a href="{{ customer.account_activation_url }}">Go</a>' };
	assert.notEqual(compose(message("reset", { template: wrong })).templateFault, null);
	assert.equal(compose(message("activation", { template: wrong })).templateFault, null);
	const counted = {
		...template,
		html: '<a href="https://c.example/?to={{ customer.reset_password_url | url_encode }}">Go</a>',
	};
	assert.equal(compose(message("reset", { template: counted })).templateFault, null);
});
