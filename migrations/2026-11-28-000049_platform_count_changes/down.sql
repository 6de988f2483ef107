drop function lock_remembered;
