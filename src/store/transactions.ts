// Every room that defines a transaction: the thread that writes knows them by importing this.
import "./addresses.ts";
import "./customer-states.ts";
import "./attempts.ts";
import "./customers.ts";
import "./known-addresses.ts";
import "./metafields.ts";
import "./multipass.ts";
import "./one-time-tokens.ts";
import "./outbox.ts";
import "./shops.ts";
import "./tags.ts";
