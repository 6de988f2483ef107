-- The parts of a bundle that its customer chooses: choices with a code, a name, the units that are chosen and the
-- variants among which they are; null for none.
alter table variants
    add column choices jsonb,
    add constraint variants_choices_check check (jsonb_typeof(choices) = 'array') not valid;
