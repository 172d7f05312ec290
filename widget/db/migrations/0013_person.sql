-- Finding what is stored about somebody, and the mailed links that prove an address.

create index comment_email on comment (site_id, lower(author_email)) where author_email <> '';
create index illegal_notice_email on illegal_notice (site_id, lower(sender_email)) where sender_email <> '';
create index report_person on report (site_id, person_id) where person_id is not null;

-- Somebody has typed an e-mail address and wants to know what is stored about it. The link that is mailed has the hash
-- link_hash, until it is used; then the page it has opened has page_hash. The row goes an hour after it was made.
create table privacy_request (
  site_id {id} not null references site (id) on delete cascade,
  id {id} not null,
  email text not null,
  language text not null,
  link_hash text,
  page_hash text,
  created_at {int} not null,
  primary key (site_id, id)
) {strict};

create unique index privacy_request_link on privacy_request (site_id, link_hash) where link_hash is not null;
create unique index privacy_request_page on privacy_request (site_id, page_hash) where page_hash is not null;
create index privacy_request_age on privacy_request (created_at);
