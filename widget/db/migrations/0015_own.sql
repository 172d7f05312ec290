-- Our own export, read back. born_id: under which id a comment was exported, where it couldn't keep that id here.
-- digest: of author and text as they came, to tell another comment of the same source id from this one ('' unknown).
alter table comment_original add column born_id {id};
alter table comment_original add column digest text not null default '';
create unique index comment_original_born on comment_original (site_id, born_id) where born_id is not null;
