-- Refresh tokens are deleted some days after they have expired.
create index refresh_tokens_expires_at_idx on refresh_tokens (expires_at);
