alter table products drop column publications;
