-- The log: one chain of entries for each site, each with the hash of the one before. It takes the place of `decision`,
-- which never was released.

drop table decision;

-- The end of each chain; whoever writes an entry locks this row.
create table log_head (
  site_id {id} not null primary key references site (id) on delete cascade,
  number {int} not null,
  last_id {id} not null,
  hash text not null
) {strict};

-- moderator_id is null where a check, the author or the command line acted. Ids grow with the numbers. There are no
-- references but to the site: what an entry tells of may be gone.
create table log_entry (
  site_id {id} not null references site (id) on delete cascade,
  id {id} not null,
  number {int} not null,
  moderator_id {id},
  action text not null,
  comment_id {id},
  thread_id {id},
  person_id {id},
  before_state text not null,
  after_state text not null,
  reason text not null,
  facts text not null,
  batch {id},
  created_at {int} not null,
  previous_hash text not null,
  hash text not null,
  primary key (site_id, id)
) {strict};

create unique index log_entry_number on log_entry (site_id, number);
create index log_entry_comment on log_entry (site_id, comment_id, id) where comment_id is not null;
create index log_entry_thread on log_entry (site_id, thread_id, id) where thread_id is not null;
create index log_entry_moderator on log_entry (site_id, moderator_id, id);
create index log_entry_action on log_entry (site_id, action, id);
create index log_entry_batch on log_entry (site_id, batch, id) where batch is not null;

-- Nothing in the log changes, and nothing leaves it but with its whole site.
create function log_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' or exists (select 1 from site where id = old.site_id) then
    raise exception 'the log is append-only' using errcode = 'check_violation';
  end if;
  return old;
end;
$$;

create trigger log_entry_stays before update or delete on log_entry
for each row execute function log_is_append_only();
