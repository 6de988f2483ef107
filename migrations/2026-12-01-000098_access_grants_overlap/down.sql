alter table grants drop constraint grants_overlap;
-- One of the grants of a role at a place stays: the one that holds, or the next.
delete from grants as g
using grants as other
where g.user_id = other.user_id and g.role = other.role and g.location_id is not distinct from other.location_id
  and g.id <> other.id
  and (g.ends_at <= now(), coalesce(g.starts_at, '-infinity'), g.id)
    > (other.ends_at <= now(), coalesce(other.starts_at, '-infinity'), other.id);
create unique index grants_user_role_location_key on grants (user_id, role, coalesce(location_id, '00000000-0000-0000-0000-000000000000'));
