alter table refresh_tokens drop column successor_nonce;
drop table sessions;
