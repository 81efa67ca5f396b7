// Texts that make a regular expression work as hard as it can: for whatever may be repeated in it, a beginning that leads
// there, and the repetition. A pattern that tries many ways to match such a text needs far longer for one twice as long.

export interface Attack {
	/** What has to be matched before. */
	readonly opening: string;
	/** What may be repeated. */
	readonly pump: string;
}

/** Of every kind of character some, those that patterns tell apart first. */
const CHARACTERS = [
	..."a0 -._/<:,;@\"'#{}()[]\\|!?&=+*%$^~`AzZ9\t\n\r\u00a0\u00e9\u0131\u0301\u6f22\u202e\ufdd0\ufe0f\u{1f600}\0",
];
/** Of a class of characters this many are tried. */
const PER_CLASS = 5;

/** Knows what this project's patterns use: classes, groups, alternatives, assertions, quantifiers. */
export function listAttacks({ source, flags }: RegExp): readonly Attack[] {
	const attacks: Attack[] = [];
	let at = 0;

	/** Texts that match from here to the end of the group, or of the pattern. */
	function readAlternatives(opening: string): readonly string[] {
		const texts = [readSequence(opening)];
		while (source[at] === "|") {
			at++;
			texts.push(readSequence(opening));
		}
		return texts;
	}

	function readSequence(opening: string): string {
		let text = "";
		while (at < source.length && source[at] !== "|" && source[at] !== ")") {
			const samples = readAtom(opening + text);
			const most = readQuantifier();
			if (most > 1) {
				const pairs = samples.slice(1).map((sample) => `${samples[0]}${sample}`);
				for (const pump of [...samples, ...pairs]) {
					if (pump === "") continue;
					const before = opening + text;
					attacks.push({ opening: before, pump });
					// Where a match may begin again and again, and each time is spoiled at the end.
					if (before !== "")
						attacks.push({ opening: "", pump: before }, { opening: "", pump: before + pump });
				}
			}
			text += samples[0] ?? "";
		}
		return text;
	}

	/** The most repetitions that are allowed; 1 where there is no quantifier. */
	function readQuantifier(): number {
		const [written = "", , most] = /^(?:[*+?]|\{\d+(,?)(\d*)\})\??/.exec(source.slice(at)) ?? [];
		at += written.length;
		if (written === "" || written.startsWith("?")) return 1;
		return written.startsWith("{") ? Number(most || /\d+/.exec(written)?.[0]) : Number.POSITIVE_INFINITY;
	}

	function readAtom(opening: string): readonly string[] {
		const rest = source.slice(at);
		const [group] = /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/.exec(rest) ?? [];
		if (group !== undefined) {
			at += group.length;
			const texts = readAlternatives(opening);
			at++;
			// What is only looked at takes no room, and what must not be there is not put there.
			return /[=!]$/.test(group) ? [""] : texts;
		}
		const [anchor] = /^(?:[$^]|\\[bB])/.exec(rest) ?? [];
		const [one = ""] =
			/^(?:\[(?:\\.|[^\]\\])*\]|\\p\{[^}]*\}|\\u\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\.|[\s\S])/iu.exec(
				rest,
			) ?? [];
		at += (anchor ?? one).length;
		return anchor === undefined ? findMatching(one) : [""];
	}

	/** Some of the characters that match. */
	function findMatching(one: string): readonly string[] {
		const matcher = new RegExp(`^${one}$`, flags.replace(/[gy]/g, ""));
		const found = CHARACTERS.filter((character) => matcher.test(character));
		for (let code = 0; found.length === 0 && code < 0x10000; code++) {
			if (matcher.test(String.fromCharCode(code))) found.push(String.fromCharCode(code));
		}
		return found.slice(0, PER_CLASS);
	}

	readAlternatives("");
	if (at !== source.length) throw new Error(`/${source}/ was understood up to its character ${at} only`);
	return attacks;
}
