-- What waits, and what is found. `waiting` = 1: pending, or reported or appealed against since somebody decided.

alter table comment add column waiting integer not null default 0;
update comment set waiting = 1 where state = 'pending';
create index comment_waiting on comment (site_id, id) where waiting = 1;

-- A comment's words and marks (widget/search/document.py), one space apart and one at each end.
create table comment_search (
  site_id integer not null,
  id integer not null,
  state text not null,
  waiting integer not null,
  words text not null,
  primary key (site_id, id),
  foreign key (site_id, id) references comment (site_id, id) on delete cascade
) strict, without rowid;

create view comment_document as
select id, words || '§s' || state || case waiting when 1 then ' §w' else '' end as words
from comment_search;

-- The ids of the comments that hold a word. "ascii": it parts words at our spaces and leaves other letters alone.
create virtual table comment_word using fts5 (
  words, content = 'comment_document', content_rowid = 'id', tokenize = 'ascii', detail = 'none', columnsize = 0
);

-- What is to be taken out of that index and put into it before the COMMIT (widget/db/sqlite_words.py): a trigger may not
-- touch it, because a trigger comes out of the file (trusted_schema = off).
create table comment_word_change (
  number integer not null primary key,
  id integer not null,
  gone text not null,
  come text not null
) strict;

create trigger comment_search_added after insert on comment_search
begin
  insert into comment_word_change (id, gone, come)
  values (new.id, '', new.words || '§s' || new.state || case new.waiting when 1 then ' §w' else '' end);
end;

-- The index holds pairs of a word and an id, so only the words that change are named, not all of a comment's.
create trigger comment_search_reworded after update of words on comment_search when old.words <> new.words
begin
  insert into comment_word_change (id, gone, come) values (new.id, old.words, new.words);
end;

create trigger comment_search_moved after update of state, waiting on comment_search
when old.state <> new.state or old.waiting <> new.waiting
begin
  insert into comment_word_change (id, gone, come)
  values (
    new.id,
    '§s' || old.state || case old.waiting when 1 then ' §w' else '' end,
    '§s' || new.state || case new.waiting when 1 then ' §w' else '' end
  );
end;

create trigger comment_search_removed after delete on comment_search
begin
  insert into comment_word_change (id, gone, come)
  values (old.id, old.words || '§s' || old.state || case old.waiting when 1 then ' §w' else '' end, '');
end;

-- Whoever moves comments, one or ten thousand in one statement, the index follows.
create trigger comment_moved after update of state, waiting on comment
when old.state <> new.state or old.waiting <> new.waiting
begin
  update comment_search
  set state = new.state, waiting = new.waiting
  where site_id = new.site_id and id = new.id;
end;

create trigger comment_rethreaded after update of thread_id on comment when old.thread_id <> new.thread_id
begin
  update comment_search
  set words = replace(words, ' §t' || old.thread_id || ' ', ' §t' || new.thread_id || ' ')
  where site_id = new.site_id and id = new.id;
end;

-- Comments from before there was an index, by site: those up to `last` that come after `done` (widget/search/filling.py).
create table search_gap (
  site_id integer not null primary key references site (id) on delete cascade,
  done integer not null,
  last integer not null
) strict;

insert into search_gap (site_id, done, last)
select site_id, -1, max(id) from comment group by site_id;
