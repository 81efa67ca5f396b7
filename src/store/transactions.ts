// Every room that defines a transaction: the thread that writes knows them by importing this.
import "./access-tokens.ts";
import "./addresses.ts";
import "./api-keys.ts";
import "./attempts.ts";
import "./audit.ts";
import "./customer-states.ts";
import "./customers.ts";
import "./known-addresses.ts";
import "./metafields.ts";
import "./multipass.ts";
import "./one-time-tokens.ts";
import "./outbox.ts";
import "./quiet-requests.ts";
import "./shop-choices.ts";
import "./shops.ts";
import "./tags.ts";
