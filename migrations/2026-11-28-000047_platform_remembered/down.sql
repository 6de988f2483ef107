drop function change_remembered;
drop function hold_remembered;
drop function look_at_remembered;
drop sequence remembered_changes;
