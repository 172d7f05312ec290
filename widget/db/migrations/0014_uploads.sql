-- Imports from the pages of a site's owner: a run begins with an upload, is checked, written, and can be undone.
-- state is 'done' for whatever the command line has run; since is when the state began, beat when it last moved on.
-- file is a name in the folder of uploads, empty once the file has been removed; file_name is what its sender calls it.

alter table import_run add column state text not null default 'done'
  check (state in ('checking', 'checked', 'writing', 'done', 'failed', 'undoing'));
alter table import_run add column since {int} not null default 0;
alter table import_run add column beat {int} not null default 0;
alter table import_run add column file text not null default '';
alter table import_run add column file_name text not null default '';
alter table import_run add column file_size {int} not null default 0;
alter table import_run add column format text not null default '';
alter table import_run add column options text not null default '{}';
alter table import_run add column fault text not null default '';
alter table import_run add column total {int} not null default 0;
alter table import_run add column reached {int} not null default 0;
alter table import_run add column kept {int} not null default 0;

-- One at a time on a site.
create unique index import_run_busy on import_run (site_id) where state in ('checking', 'writing', 'undoing');

-- The threads that a run has made: undoing it takes those away that nobody has used since.
create table import_thread (
  site_id {id} not null,
  thread_id {id} not null,
  run_id {id} not null,
  primary key (site_id, thread_id),
  foreign key (site_id, thread_id) references thread (site_id, id) on delete cascade
) {strict};

create index import_thread_run on import_thread (site_id, run_id, thread_id);
