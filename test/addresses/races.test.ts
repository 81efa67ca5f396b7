// Acts on one customer's addresses at once: whatever their order, what is left must be what some order leaves.
import assert from "node:assert/strict";
import test from "node:test";
import { ENGINES, openHouse } from "../house.ts";
import { create, DELETE, read, SET_DEFAULT, update } from "./acts.ts";

for (const engine of ENGINES) {
	test(`creations and deletions at once leave exactly one default (${engine})`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn();
		for (let round = 0; round < 3; round++) {
			const ids = await Promise.all(
				Array.from({ length: 100 }, (_, n) => create(house, t, { address1: `${round} ${n}` })),
			);
			const before = await read(house, t);
			assert.deepEqual(new Set(before.ids), new Set(ids));
			assert.ok(before.ids.includes(before.defaultId));
			// Half of them go, each asked for twice, beside new ones and others that become the default.
			const going = ids.slice(0, 50);
			const acts = [...going, ...going].map((id) => house.ask(DELETE, { t, id }));
			const chosen = ids.slice(25, 75).map((id) => house.ask(SET_DEFAULT, { t, id }));
			const made = Array.from({ length: 50 }, (_, n) => create(house, t, { address2: `${round} ${n}` }));
			const deleted = (await Promise.all(acts)).filter(({ errors }) => !errors);
			assert.equal(deleted.length, going.length);
			for (const { data, errors } of await Promise.all(chosen)) {
				if (!errors) assert.ok(data.customerDefaultAddressUpdate.customer.defaultAddress);
				else assert.equal(errors[0].message, "invalid id");
			}
			const added = await Promise.all(made);
			const after = await read(house, t);
			assert.deepEqual(new Set(after.ids), new Set([...ids.slice(50), ...added]));
			assert.equal(after.ids.filter((id: string) => id === after.defaultId).length, 1);
			await Promise.all(after.ids.map((id: string) => house.ask(DELETE, { t, id })));
			const { ids: left, defaultId } = await read(house, t);
			assert.deepEqual([left, defaultId], [[], null]);
		}
	});

	test(`changes of one address at once are all kept, its place as a whole (${engine})`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn();
		const id = await create(house, t, { country: "CA", province: "ON" });
		const places = [{ country: "US" }, { country: "CA" }, { country: "AU", province: "NT" }, { country: "" }];
		const valid: Readonly<Record<string, readonly (string | null)[]>> = {
			Canada: ["Ontario", "Northwest Territories", null],
			"United States": [null],
			Australia: ["Northern Territory", null],
			null: ["Ontario", "Northern Territory", null],
		};
		for (let round = 0; round < 10; round++) {
			const city = `Town ${round}`;
			const answered = await Promise.all([
				...Array.from({ length: 40 }, (_, n) => update(house, t, id, places[n % places.length])),
				update(house, t, id, { city }),
				update(house, t, id, { phone: `${round}` }),
				update(house, t, id, { firstName: `Ada ${round}` }),
			]);
			const [stored] = (await read(house, t)).addresses.nodes;
			assert.deepEqual([stored.city, stored.phone, stored.firstName], [city, `${round}`, `Ada ${round}`]);
			for (const { country, province } of [...answered, stored]) {
				assert.ok(valid[String(country)]?.includes(province), `${province} in ${country}`);
			}
		}
	});

	test(`a province that is changed beside its country does not bring the old country back (${engine})`, async () => {
		await using house = await openHouse(engine);
		const t = await house.signedIn();
		const id = await create(house, t, {});
		for (let round = 0; round < 20; round++) {
			await update(house, t, id, { country: "CA", province: "ON" });
			await Promise.all([
				update(house, t, id, { province: "NT" }),
				update(house, t, id, { country: "AU" }),
				update(house, t, id, { province: "NT" }),
			]);
			const [{ country, province }] = (await read(house, t)).addresses.nodes;
			// `NT` is a province of both, and where it is set before the country it does not move with it.
			assert.equal(country, "Australia");
			assert.ok(province === "Northern Territory" || province === null, province);
		}
	});
}
