drop table prices, bundle_components, variants, products;
