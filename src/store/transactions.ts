// Every room that defines a transaction: the thread that writes knows them by importing this.
import "./addresses.ts";
import "./customer-states.ts";
import "./customers.ts";
import "./metafields.ts";
import "./multipass.ts";
import "./one-time-tokens.ts";
import "./outbox.ts";
import "./shops.ts";
import "./tags.ts";
