// Every room that defines a transaction: the thread that writes knows them by importing this.
import "./customers.ts";
