-- A decision that is taken back takes its appeal along. SQLite changes no check: the table is made again.

create table appeal_next (
  site_id {id} not null,
  id {id} not null,
  comment_id {id} not null,
  decision_id {id} not null,
  body text not null,
  created_at {int} not null,
  settled_at {int},
  outcome text not null check (outcome in ('', 'upheld', 'reversed', 'undone')),
  answer text not null,
  entry_id {id},
  primary key (site_id, id),
  foreign key (site_id, comment_id) references comment (site_id, id) on delete cascade
) {strict};

insert into appeal_next
  (site_id, id, comment_id, decision_id, body, created_at, settled_at, outcome, answer, entry_id)
select site_id, id, comment_id, decision_id, body, created_at, settled_at, outcome, answer, entry_id
from appeal;

drop table appeal;
alter table appeal_next rename to appeal;

create unique index appeal_decision on appeal (site_id, comment_id, decision_id);
create index appeal_open on appeal (site_id, comment_id) where settled_at is null;
create index appeal_entry on appeal (site_id, entry_id) where entry_id is not null;
