drop table unmet_demand;
