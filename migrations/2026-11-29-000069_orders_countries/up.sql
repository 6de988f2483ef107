-- Before countries were checked, addresses were taken with "fr" or "UK". They get the codes of ISO 3166-1, which are all
-- that an address may hold now.
update orders set customer = jsonb_set(customer, '{address,country}', to_jsonb(
    case upper(customer #>> '{address,country}') when 'UK' then 'GB' when 'EL' then 'GR'
         else upper(customer #>> '{address,country}') end))
where customer #>> '{address,country}' ~ '[a-z]' or customer #>> '{address,country}' in ('UK', 'EL');
