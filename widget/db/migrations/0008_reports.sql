-- What others say about a comment: readers' reports, notices of illegal content (Digital Services Act, Art. 16), and the
-- author's appeal against a decision. A row is open while settled_at is null; settling drops what tells who reported.

-- counts = 0: the same reader had an open report on it before, or a program filled the trap in.
create table report (
  site_id {id} not null,
  id {id} not null,
  comment_id {id} not null,
  reason text not null check (reason in ('spam', 'harassment', 'personal', 'off-topic', 'other', 'illegal')),
  body text not null,
  counts {int} not null,
  revision {int} not null,
  address_key text not null,
  person_id {id},
  created_at {int} not null,
  settled_at {int},
  outcome text not null check (outcome in ('', 'kept', 'removed', 'ignored')),
  entry_id {id},
  primary key (site_id, id),
  foreign key (site_id, comment_id) references comment (site_id, id) on delete cascade
) {strict};

create index report_comment on report (site_id, comment_id, id);
create index report_entry on report (site_id, entry_id) where entry_id is not null;
create index report_open on report (site_id, comment_id) where settled_at is null;
create index report_traced on report (site_id, created_at) where address_key <> '';

-- private_hash opens the page on which its sender follows it; email waits for mail, which doesn't exist yet.
create table illegal_notice (
  site_id {id} not null,
  id {id} not null,
  comment_id {id} not null,
  private_hash text not null,
  body text not null,
  sender_name text not null,
  sender_email text not null,
  exempt {int} not null,
  revision {int} not null,
  created_at {int} not null,
  settled_at {int},
  outcome text not null check (outcome in ('', 'kept', 'removed')),
  ground text not null check (ground in ('', 'law', 'rules')),
  answer text not null,
  entry_id {id},
  primary key (site_id, id),
  foreign key (site_id, comment_id) references comment (site_id, id) on delete cascade
) {strict};

create unique index illegal_notice_private on illegal_notice (site_id, private_hash);
create index illegal_notice_comment on illegal_notice (site_id, comment_id, id);
create index illegal_notice_open on illegal_notice (site_id, comment_id) where settled_at is null;
create index illegal_notice_entry on illegal_notice (site_id, entry_id) where entry_id is not null;

-- decision_id is the log entry that is appealed against; 0 where a check decided when the comment was written.
create table appeal (
  site_id {id} not null,
  id {id} not null,
  comment_id {id} not null,
  decision_id {id} not null,
  body text not null,
  created_at {int} not null,
  settled_at {int},
  outcome text not null check (outcome in ('', 'upheld', 'reversed')),
  answer text not null,
  entry_id {id},
  primary key (site_id, id),
  foreign key (site_id, comment_id) references comment (site_id, id) on delete cascade
) {strict};

create unique index appeal_decision on appeal (site_id, comment_id, decision_id);
create index appeal_open on appeal (site_id, comment_id) where settled_at is null;
create index appeal_entry on appeal (site_id, entry_id) where entry_id is not null;

-- Comments whose further reports a moderator doesn't want to see.
create table report_ignored (
  site_id {id} not null,
  comment_id {id} not null,
  since {int} not null,
  primary key (site_id, comment_id),
  foreign key (site_id, comment_id) references comment (site_id, id) on delete cascade
) {strict};
