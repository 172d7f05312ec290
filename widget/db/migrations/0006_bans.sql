-- Bans, notes on authors, and what moderators have settled about an author.

-- Which network a post came from: a keyed hash of the /32 or /64 stands in address_key, one of the /24 or /48 here.
alter table post_key add column wide_key text not null default '';

-- standing: '' as anybody, 'hold' always held, 'trust' always trusted.
alter table person add column standing text not null default '' check (standing in ('', 'hold', 'trust'));

-- mark: what is compared. A keyed hash of a network or of an e-mail address, a person's id, or a pattern of names in
-- the form in which names are compared. label: what moderators read of it. A ban that was lifted stays as a row.
create table ban (
  site_id {id} not null references site (id) on delete cascade,
  id {id} not null,
  kind text not null check (kind in ('network', 'person', 'email', 'name')),
  mark text not null,
  label text not null,
  reason text not null,
  comment_id {id},
  by_id {id},
  created_at {int} not null,
  ends_at {int},
  lifted_at {int},
  lifted_by {id},
  primary key (site_id, id)
) {strict};

create index ban_mark on ban (site_id, kind, mark) where lifted_at is null;

-- What moderators write about an author, for each other. It goes with the author.
create table person_note (
  site_id {id} not null,
  id {id} not null,
  person_id {id} not null,
  by_id {id} not null,
  body text not null,
  created_at {int} not null,
  primary key (site_id, id),
  foreign key (site_id, person_id) references person (site_id, id) on delete cascade
) {strict};

create index person_note_person on person_note (site_id, person_id, id);
