drop table refresh_tokens, grants, users;
