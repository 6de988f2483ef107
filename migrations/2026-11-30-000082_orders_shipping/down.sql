alter table returns drop column shipping_tax_minor, drop column shipping_minor;
alter table orders drop column shipping, drop column shipping_minor;
