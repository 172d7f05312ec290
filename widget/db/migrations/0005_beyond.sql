-- What moderators do beyond deciding: marks on comments, rules of one thread, and threads that moved.

alter table comment add column pinned {int} not null default 0;
alter table comment add column featured {int} not null default 0;
-- staff = 1: written by a moderator, under the name in author_name. amended = 1: a moderator has changed its words.
alter table comment add column staff {int} not null default 0;
alter table comment add column amended {int} not null default 0;

create index comment_pinned on comment (site_id, thread_id, id, replies) where pinned = 1;

-- closed_at says since when a thread is closed by somebody; by age it closes counting from reopened_at, if that is set.
alter table thread add column closed_reason text not null default '';
alter table thread add column reopened_at {int};
alter table thread add column replies_only {int} not null default 0;
alter table thread add column announcement text not null default '';

-- A thread that was moved to another address, or merged into another thread (then into_id says which, and the thread
-- itself is gone). kept: what it takes to undo, as JSON. Moves of one press of a button have one batch.
create table thread_move (
  site_id {id} not null references site (id) on delete cascade,
  id {id} not null,
  batch {id} not null,
  thread_id {id} not null,
  into_id {id},
  moderator_id {id},
  old_url text not null,
  new_url text not null,
  kept text not null,
  created_at {int} not null,
  undone_at {int},
  primary key (site_id, id)
) {strict};

create index thread_move_batch on thread_move (site_id, batch, id);
create index thread_move_thread on thread_move (site_id, thread_id, id);
create index thread_move_into on thread_move (site_id, into_id, id) where into_id is not null;

-- The heads of the branches that a merge has brought: an undo takes them back with all that was answered meanwhile.
create table thread_move_root (
  site_id {id} not null,
  move_id {id} not null,
  root_id {id} not null,
  primary key (site_id, move_id, root_id),
  foreign key (site_id, move_id) references thread_move (site_id, id) on delete cascade
) {strict};

create index comment_thread_waiting on comment (site_id, thread_id) where waiting = 1;
