drop table shipping_methods;
