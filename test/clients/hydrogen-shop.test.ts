// What Hydrogen's official storefront asks for before it renders anything, through Hydrogen's own client: its
// layout awaits shop and menu, its home page collections and products, its analytics and cart come from the package.
import assert from "node:assert/strict";
import test from "node:test";
import { createCartHandler, getShopAnalytics, getSitemap, getSitemapIndex } from "@shopify/hydrogen";
import { ENGINES, openHouse, VERSIONS } from "../house.ts";
import { hydrogenStorefront } from "./clients.ts";

const IN_CONTEXT = "@inContext(country: $country, language: $language)";

const MENU = `
	fragment Entry on MenuItem { id resourceId tags title type url }
	fragment Below on MenuItem { ...Entry }
	fragment Above on MenuItem { ...Entry items { ...Below } }
	fragment Whole on Menu { id items { ...Above } }
`;

const HEADER = `#graphql
	fragment ShopParts on Shop {
		id name description primaryDomain { url } brand { logo { image { url } } }
	}
	query Header($country: CountryCode, $menu: String!, $language: LanguageCode) ${IN_CONTEXT} {
		shop { ...ShopParts }
		menu(handle: $menu) { ...Whole }
	}
	${MENU}`;

const FOOTER = `#graphql
	query Footer($country: CountryCode, $menu: String!, $language: LanguageCode) ${IN_CONTEXT} {
		menu(handle: $menu) { ...Whole }
	}
	${MENU}`;

const LOCALIZATION = `#graphql
	query Localization($country: CountryCode, $language: LanguageCode) ${IN_CONTEXT} {
		localization {
			availableCountries { isoCode name currency { isoCode name symbol } availableLanguages { isoCode endonymName } }
			country { isoCode name unitSystem }
			language { isoCode name }
			market { id handle }
		}
	}`;

const FEATURED = `#graphql
	fragment Featured on Collection { id title handle image { id url altText width height } }
	query Featured($country: CountryCode, $language: LanguageCode) ${IN_CONTEXT} {
		collections(first: 1, sortKey: UPDATED_AT, reverse: true) { nodes { ...Featured } }
	}`;

const RECOMMENDED = `#graphql
	fragment Recommended on Product {
		id title handle
		priceRange { minVariantPrice { amount currencyCode } }
		featuredImage { id url altText width height }
		images(first: 1) { nodes { id url altText width height } }
	}
	query Recommended($country: CountryCode, $language: LanguageCode) ${IN_CONTEXT} {
		products(first: 4, sortKey: UPDATED_AT, reverse: true) { nodes { ...Recommended } }
	}`;

const CATALOG = `#graphql
	query Catalog($country: CountryCode, $language: LanguageCode, $first: Int, $last: Int, $start: String, $end: String) ${IN_CONTEXT} {
		products(first: $first, last: $last, before: $start, after: $end) {
			nodes { id handle title priceRange { minVariantPrice { amount currencyCode } } }
			pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
		}
	}`;

const PREDICTIVE_SEARCH = `#graphql
	query Predict($country: CountryCode, $language: LanguageCode, $term: String!, $types: [PredictiveSearchType!]) ${IN_CONTEXT} {
		predictiveSearch(limit: 10, limitScope: EACH, query: $term, types: $types) {
			articles { __typename id } collections { id } pages { id } products { id trackingParameters } queries { text }
		}
	}`;

const NOTHING_BEFORE_OR_AFTER = {
	hasNextPage: false,
	hasPreviousPage: false,
	startCursor: null,
	endCursor: null,
};

const NOTHING_PREDICTED = { articles: [], collections: [], pages: [], products: [], queries: [] };

for (const engine of ENGINES) {
	for (const version of VERSIONS) {
		for (const token of ["public", "private"] as const) {
			test(`the layout's and the home page's documents are answered, ${token} token, ${version}, ${engine}`, async () => {
				await using house = await openHouse(engine, {
					shopName: "Corner Shop",
					shopDescription: "We sell corners.",
				});
				const storefront = hydrogenStorefront(house, version, token);
				const options = { cache: storefront.CacheLong() };

				const header = await storefront.query(HEADER, { ...options, variables: { menu: "main-menu" } });
				assert.match(header.shop.id, /^gid:\/\/shopify\/Shop\/\d+$/);
				const { id, ...shop } = header.shop;
				assert.deepEqual(shop, {
					name: "Corner Shop",
					description: "We sell corners.",
					primaryDomain: { url: house.app.url },
					brand: null,
				});
				assert.deepEqual({ ...header, shop: id }, { shop: id, menu: null });

				const footer = await storefront.query(FOOTER, { ...options, variables: { menu: "footer" } });
				assert.deepEqual(footer, { menu: null });
				assert.deepEqual(await storefront.query(FEATURED), { collections: { nodes: [] } });
				assert.deepEqual(await storefront.query(RECOMMENDED), { products: { nodes: [] } });
				assert.deepEqual(await storefront.query(CATALOG, { variables: { first: 8, end: null } }), {
					products: { nodes: [], pageInfo: NOTHING_BEFORE_OR_AFTER },
				});
				const searched = { variables: { term: "mug", types: ["PRODUCT", "QUERY"] } };
				assert.deepEqual(await storefront.query(PREDICTIVE_SEARCH, searched), {
					predictiveSearch: NOTHING_PREDICTED,
				});
			});
		}

		test(`localization speaks of Hydrogen's own country and language on ${version}, ${engine}`, async () => {
			await using house = await openHouse(engine, { shopCountry: "CA", shopCurrency: "CAD" });
			const { localization, errors } = await hydrogenStorefront(house, version, "public").query(LOCALIZATION);
			assert.equal(errors, undefined);
			const canada = {
				isoCode: "CA",
				name: "Canada",
				currency: { isoCode: "CAD", name: "Canadian Dollar", symbol: "$" },
				availableLanguages: [{ isoCode: "EN", endonymName: "English" }],
			};
			assert.deepEqual(localization.availableCountries, [canada]);
			assert.deepEqual(localization.country, { isoCode: "CA", name: "Canada", unitSystem: "METRIC_SYSTEM" });
			assert.deepEqual(localization.language, { isoCode: "EN", name: "English" });
			assert.equal(localization.market.handle, "ca");
		});

		test(`Hydrogen's analytics, sitemap and cart are answered on ${version}, ${engine}`, async () => {
			await using house = await openHouse(engine, { shopCountry: "CA", shopCurrency: "CAD" });
			const storefront = hydrogenStorefront(house, version, "private");
			assert.deepEqual(await getShopAnalytics({ storefront, publicStorefrontId: "7" }), {
				shopId: `gid://shopify/Shop/${house.app.shop.id}`,
				acceptedLanguage: "EN",
				currency: "CAD",
				hydrogenSubchannelId: "7",
			});

			const kept: string[] = [];
			const cart = createCartHandler({
				storefront,
				getCartId: () => "gid://shopify/Cart/c1-ada?key=5f",
				setCartId: (id) => {
					kept.push(id);
					return new Headers();
				},
			});
			assert.equal(await cart.get(), null);
			const created = await cart.create({ lines: [] });
			assert.match(created.errors?.[0]?.message ?? "", /cartCreate is not served here/);
			assert.deepEqual(kept, []);

			const request = new Request(`${house.app.url}/sitemap.xml`);
			const sitemap = await getSitemapIndex({ storefront, request });
			assert.match(await sitemap.text(), /<sitemapindex[^>]*>\s*<\/sitemapindex>/);
			const params = { type: "products", page: "1" };
			const products = await getSitemap({ storefront, request, params, getLink: () => "" });
			assert.match(await products.text(), new RegExp(`<loc>${house.app.url}/</loc>`));
		});
	}
}
