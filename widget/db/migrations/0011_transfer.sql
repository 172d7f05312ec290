-- What imports bring along: votes as they were counted elsewhere, texts as they came, and which run brought what.

alter table comment add column likes {int} not null default 0;
alter table comment add column dislikes {int} not null default 0;

-- One run of an import; its report and its state are told on the pages of the site's owner.
create table import_run (
  site_id {id} not null references site (id) on delete cascade,
  id {id} not null,
  moderator_id {id},
  source text not null,
  report text not null,
  started_at {int} not null,
  finished {int} not null default 0,
  undone_at {int},
  primary key (site_id, id)
) {strict};

-- The run that brought a comment, and the text as it came: kind says what it is written in, packed is zlib in base64.
-- Where the text is our own Markdown already, comment.body holds it and packed is empty.
create table comment_original (
  site_id {id} not null,
  comment_id {id} not null,
  run_id {id} not null,
  kind text not null,
  packed text not null,
  primary key (site_id, comment_id),
  foreign key (site_id, comment_id) references comment (site_id, id) on delete cascade
) {strict};

create index comment_original_run on comment_original (site_id, run_id, comment_id);
