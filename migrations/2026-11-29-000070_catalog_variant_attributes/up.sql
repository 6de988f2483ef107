-- Shades as a color filter needs them, and the facts that carriers and customs ask for. A sample or tester has stock and
-- no sale.
alter table variants
    add column shade_code text,
    add column shade_family text,
    add column undertone text,
    add column swatch text,
    add column weight_grams integer,
    add column shelf_life_days integer,
    add column dangerous_goods text,
    add column hs_code text,
    add column purpose text not null default 'sale';
alter table variants
    add constraint variants_swatch_check check (swatch ~ '^#[0-9A-F]{6}$') not valid,
    add constraint variants_weight_grams_check check (weight_grams between 1 and 100000) not valid,
    add constraint variants_shelf_life_days_check check (shelf_life_days between 1 and 3650) not valid,
    add constraint variants_hs_code_check check (hs_code ~ '^([0-9]{6}|[0-9]{8}|[0-9]{10})$') not valid,
    add constraint variants_purpose_check check (purpose in ('sale', 'sample', 'tester')) not valid;
alter table variants validate constraint variants_swatch_check;
alter table variants validate constraint variants_weight_grams_check;
alter table variants validate constraint variants_shelf_life_days_check;
alter table variants validate constraint variants_hs_code_check;
alter table variants validate constraint variants_purpose_check;
-- Variants that were retired with their product come back with it; those that were retired before do not.
alter table variants add column retired_at timestamptz;
alter table products add column retired_at timestamptz;
