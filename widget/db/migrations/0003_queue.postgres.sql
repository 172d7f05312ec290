-- What waits, and what is found. `waiting` = 1: pending, or reported or appealed against since somebody decided.

alter table comment add column waiting bigint not null default 0;
update comment set waiting = 1 where state = 'pending';
create index comment_waiting on comment (site_id, id) where waiting = 1;

-- A comment's words and marks (widget/search/document.py).
create table comment_search (
  site_id bigint not null,
  id bigint not null,
  state text not null,
  waiting bigint not null,
  words tsvector not null,
  primary key (site_id, id),
  foreign key (site_id, id) references comment (site_id, id) on delete cascade
);

-- Its state is a word too, and so are the spans of time that it was written in (widget/search/postgres.py): spans of 17
-- minutes, 5 hours, 3 days, 50 days and 2 years, each sixteen times the one before.
create function mark_in_search() returns trigger language plpgsql as $$
begin
  new.words := ts_delete(new.words, array['§sapproved', '§spending', '§sspam', '§srejected', '§sdeleted', '§w'])
    || array_to_tsvector(array[
      '§s' || new.state,
      case new.waiting when 1 then '§w' else '§s' || new.state end,
      '§b20x' || (new.id >> 40), '§b24x' || (new.id >> 44), '§b28x' || (new.id >> 48),
      '§b32x' || (new.id >> 52), '§b36x' || (new.id >> 56)
    ]);
  return new;
end
$$;

create trigger comment_search_marked before insert or update on comment_search
for each row execute function mark_in_search();

-- Every search reads the list of pending entries, so it is kept short: half a megabyte, instead of four.
create index comment_search_words on comment_search using gin (words) with (gin_pending_list_limit = 512);

-- Always by the index of words: for what looks frequent the planner would read the table from its beginning until it has
-- seen enough, and what is looked for may stand at its end. "+ 0" keeps it from adding the index of ids.
create function found_in_search(wanted tsquery, above bigint, below bigint, most bigint)
returns table (site_id bigint, id bigint) language sql stable set enable_seqscan = off as $$
  select comment_search.site_id, comment_search.id
  from comment_search
  where comment_search.words @@ wanted and comment_search.id + 0 > above and comment_search.id + 0 < below
  limit most
$$;

-- Whoever moves comments, one or ten thousand in one statement, the index follows.
create function move_in_search() returns trigger language plpgsql as $$
begin
  update comment_search
  set state = new.state, waiting = new.waiting
  where site_id = new.site_id and id = new.id;
  return null;
end
$$;

create trigger comment_moved after update of state, waiting on comment
for each row when (old.state <> new.state or old.waiting <> new.waiting)
execute function move_in_search();

create function rethread_in_search() returns trigger language plpgsql as $$
begin
  update comment_search
  set words = ts_delete(words, '§t' || old.thread_id) || array_to_tsvector(array['§t' || new.thread_id])
  where site_id = new.site_id and id = new.id;
  return null;
end
$$;

create trigger comment_rethreaded after update of thread_id on comment
for each row when (old.thread_id <> new.thread_id)
execute function rethread_in_search();

-- Comments from before there was an index, by site: those up to `last` that come after `done` (widget/search/filling.py).
create table search_gap (
  site_id bigint not null primary key references site (id) on delete cascade,
  done bigint not null,
  last bigint not null
);

insert into search_gap (site_id, done, last)
select site_id, -1, max(id) from comment group by site_id;
