drop index reaction_cases_opened_at_idx;
alter table returns drop column rest_of;
alter table return_lines drop column received;
