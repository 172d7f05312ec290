-- Of an imported author's e-mail address nothing is kept, or where the import was asked for it its keyed hash, which is
-- what bans and readers who prove their address are compared by (widget/comments/barring.py). Nobody was asked so far.

alter table comment_original add column email_mark text not null default '';
create index comment_original_email on comment_original (site_id, email_mark) where email_mark <> '';

update comment set author_email = '' where source is not null and author_email <> '';
