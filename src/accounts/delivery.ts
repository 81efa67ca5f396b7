// Sends the mails that wait in the outbox: at least once each, and after a crash at most once more. What a mail says is
// made when it is sent, its one-time token among it, so that no secret waits anywhere.
import type { Log } from "../log.ts";
import { type Mailer, Undeliverable } from "../mail/mail.ts";
import type { ComposedMail } from "../mail/messages.ts";
import type { WaitingMail } from "../model.ts";
import { findCustomerById } from "../store/customers.ts";
import { claimDueMails, deleteMail, giveUpMail, isMailDue } from "../store/outbox.ts";
import { findTemplate } from "../store/shop-choices.ts";
import { findShop } from "../store/shops.ts";
import type { Context } from "./context.ts";
import { makeLink } from "./links.ts";
import { issueLink } from "./one-time-links.ts";
import { carryOutQuietRequests } from "./quiet.ts";
import { getShopPolicy } from "./shop-policy.ts";

/** With pauses that double from a minute, the last attempt is some 17 hours after the first. */
const MAX_ATTEMPTS = 11;
const POLL_MS = 1_000;

export type DeliveryContext = Pick<Context, "store" | "clock" | "policy" | "attempts">;

export interface Delivery {
	/** Resolves when nothing is due any more. */
	flush(): Promise<void>;
	/** Lets the mails under way finish, and begins no others: they wait for the next start. */
	close(): Promise<void>;
}

/** Looks for due mails every second: whichever process decided them, this one may send them. */
export function startDelivery(context: DeliveryContext, mailer: Mailer, log: Log): Delivery {
	let pass: Promise<void> = Promise.resolve();
	let isIdle = true;
	let isClosing = false;
	const run = async () => {
		isIdle = false;
		try {
			await deliverDue(context, mailer, log, () => isClosing);
		} catch (error) {
			log.error({ err: error }, "waiting mails could not be read");
		}
		isIdle = true;
	};
	const flush = () => {
		pass = pass.then(run);
		return pass;
	};
	const timer = setInterval(() => {
		if (isIdle) void flush();
	}, POLL_MS);
	return {
		flush,
		close: async () => {
			clearInterval(timer);
			isClosing = true;
			await pass;
			mailer.close();
		},
	};
}

async function deliverDue(
	context: DeliveryContext,
	mailer: Mailer,
	log: Log,
	isClosing: () => boolean,
): Promise<void> {
	const { store, clock } = context;
	for (;;) {
		if (isClosing()) return;
		// In turns with mails: neither may have to wait until there is none of the other.
		const wasAsked = await carryOutQuietRequests(context).catch((error) => {
			log.error({ err: error }, "quiet requests could not be carried out");
			return false;
		});
		const mails = (await isMailDue(store, clock.now())) ? await claimDueMails(store, clock.now()) : [];
		if (mails.length === 0 && !wasAsked) return;
		const sending: Promise<void>[] = [];
		// Composed one after the other, so that they leave in the order in which they were decided; sent side by side.
		for (const mail of mails) {
			const composing = composeMail(context, mail);
			await composing.catch(() => null);
			sending.push(deliver(context, mailer, log, mail, composing));
		}
		await Promise.all(sending);
	}
}

/** Never rejects: a mail that failed stays where it is and is due again after its pause. */
async function deliver(
	context: DeliveryContext,
	mailer: Mailer,
	log: Log,
	mail: WaitingMail,
	composing: Promise<ComposedMail | null>,
): Promise<void> {
	const told = { mailId: mail.id, kind: mail.kind, customerId: mail.customerId, attempt: mail.attempts };
	try {
		const composed = await composing;
		if (!composed) return;
		const { templateFault, ...finished } = composed;
		if (templateFault !== null) log.warn({ ...told, templateFault }, "a shop's template was not used");
		await mailer.send(finished);
		await deleteMail(context.store, mail.id);
		log.info(told, "a mail was sent");
	} catch (error) {
		const permanent = error instanceof Undeliverable && error.permanent;
		log.warn({ ...told, err: error }, "a mail was not sent");
		if (!permanent && mail.attempts < MAX_ATTEMPTS) return;
		await giveUpMail(context.store, mail.id).catch((fault) => {
			log.error({ ...told, err: fault }, "a mail that was given up is tried again");
		});
	}
}

/** Null for a mail that was withdrawn since it was decided. */
async function composeMail(context: DeliveryContext, mail: WaitingMail): Promise<ComposedMail | null> {
	const { compose } = await import("../mail/messages.ts");
	const { store, policy } = context;
	const { kind, language } = mail;
	const shop = await findShop(store, mail.shopId);
	if (!shop) return null;
	const shopPolicy = await getShopPolicy({ store, shop, policy });
	const link = kind === "reset" || kind === "activation" ? await issueLink(context, mail, kind) : null;
	const customer = link ? link.customer : await findCustomerById(store, shop.id, mail.customerId);
	if (!customer || link?.customer === null) return null;
	const { hostname } = new URL(shop.url);
	return compose({
		kind,
		language,
		from: shopPolicy.mailFrom ?? `no-reply@${hostname}`,
		to: mail.recipient,
		shop: { name: shop.name, url: shop.url, accentColor: shopPolicy.accentColor },
		customer: {
			email: mail.recipient,
			firstName: customer.firstName,
			lastName: customer.lastName,
		},
		url: link
			? makeLink(link.purpose, shopPolicy, shop, { customerId: customer.id, token: link.token })
			: null,
		lifetimeMinutes: link ? Math.floor(link.lifetimeSeconds / 60) : null,
		newEmail: kind === "emailChanged" ? customer.email : null,
		template: await findTemplate(store, shop.id, kind, language),
	});
}
