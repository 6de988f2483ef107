-- A restored cluster has another system identifier or timeline, a restored database another oid.
select substr(md5(concat_ws('/', s.system_identifier, c.timeline_id, d.oid)), 1, 12) as epoch
from pg_control_system() as s, pg_control_checkpoint() as c, pg_database as d
where d.datname = current_database()
