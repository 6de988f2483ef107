alter table locations drop column closed_at;
