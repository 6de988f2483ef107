drop index user_links_created_by_idx;
alter table sessions drop column token_expires_at;
