drop index payments_failed_idx;
