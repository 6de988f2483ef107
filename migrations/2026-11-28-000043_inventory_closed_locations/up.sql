-- A location may be closed once it is empty. It keeps its history and can be opened again.
alter table locations add column closed_at timestamptz;
