-- How a moderator likes to work; who has never said so has no row.
create table moderator_preference (
  moderator_id {id} not null primary key references moderator (id) on delete cascade,
  triage {int} not null,
  access_keys {int} not null
) {strict};
