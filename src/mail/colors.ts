// A shop's accent colour, and what goes with it on a button: readable text, and an edge where it would not be seen.

export interface ButtonColors {
	readonly accent: string;
	/** Of the text on it: black or white, whichever can be read better. */
	readonly onAccent: string;
	/** Of its border on a light and on a dark card. */
	readonly edge: string;
	readonly darkEdge: string;
}

const DEFAULT_ACCENT = "#22262b";
const LIGHT_CARD = "#ffffff";
const DARK_CARD = "#1b1f23";
const NEUTRAL_EDGE = "#858c94";

/** Below this contrast, a button's shape is lost on its card. */
const MIN_SHAPE_CONTRAST = 1.5;

/** @param color `#rgb` or `#rrggbb`; anything else is our own dark grey. */
export function buttonColors(color: string): ButtonColors {
	const accent = toHex(color) ?? DEFAULT_ACCENT;
	const edgeOn = (card: string) => (contrast(accent, card) < MIN_SHAPE_CONTRAST ? NEUTRAL_EDGE : accent);
	return {
		accent,
		onAccent: contrast(accent, "#ffffff") >= contrast(accent, "#000000") ? "#ffffff" : "#000000",
		edge: edgeOn(LIGHT_CARD),
		darkEdge: edgeOn(DARK_CARD),
	};
}

function toHex(color: string): string | null {
	const digits = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(color.trim())?.[1]?.toLowerCase();
	if (digits === undefined) return null;
	return `#${digits.length === 3 ? digits.replace(/./g, "$&$&") : digits}`;
}

/** 1 to 21, as WCAG 2 counts it. */
function contrast(one: string, other: string): number {
	const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (light + 0.05) / (dark + 0.05);
}

/** 0 to 1. */
function luminance(hex: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
		const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
