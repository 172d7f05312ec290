-- The house: sites, people, threads, comments, decisions. Every table of a site has site_id first in its primary key.

create table site (
  id {id} not null primary key,
  slug text not null unique,
  name text not null,
  origins text not null,
  rules text not null,
  version {int} not null,
  created_at {int} not null
) {strict};

create table site_secret (
  site_id {id} not null references site (id) on delete cascade,
  id {id} not null,
  secret text not null,
  created_at {int} not null,
  primary key (site_id, id)
) {strict};

create table thread (
  site_id {id} not null references site (id) on delete cascade,
  id {id} not null,
  url text not null,
  title text not null,
  version {int} not null,
  approved {int} not null,
  created_at {int} not null,
  closed_at {int},
  primary key (site_id, id)
) {strict};

-- The ways to find a thread: a page key of its address, or the id the partner gave it.
create table thread_alias (
  site_id {id} not null,
  alias text not null,
  thread_id {id} not null,
  primary key (site_id, alias),
  foreign key (site_id, thread_id) references thread (site_id, id) on delete cascade
) {strict};

create table person (
  site_id {id} not null references site (id) on delete cascade,
  id {id} not null,
  name text not null,
  website text not null,
  secret_hash text,
  created_at {int} not null,
  primary key (site_id, id)
) {strict};

create unique index person_secret on person (site_id, secret_hash) where secret_hash is not null;

-- shown = 1: approved, or the tombstone of something else that has approved replies below it.
-- replies = approved comments below it, at any depth. A parent is always older than its replies (parent_id < id).
create table comment (
  site_id {id} not null,
  id {id} not null,
  thread_id {id} not null,
  parent_id {id} check (parent_id < id),
  root_id {id} not null,
  depth {int} not null,
  state text not null check (state in ('approved', 'pending', 'spam', 'rejected', 'deleted')),
  shown {int} not null,
  replies {int} not null,
  person_id {id},
  author_name text not null,
  author_email text not null,
  author_website text not null,
  body text not null,
  body_html text not null,
  fingerprint text not null,
  verdict text not null,
  revision {int} not null,
  created_at {int} not null,
  edited_at {int},
  withdrawn_at {int},
  private_hash text,
  source text,
  source_id text,
  primary key (site_id, id),
  foreign key (site_id, thread_id) references thread (site_id, id) on delete cascade
) {strict};

-- It holds all that choosing a page's branches reads, or SQLite takes the index of the whole thread.
create index comment_roots on comment (site_id, thread_id, id, replies) where parent_id is null and shown = 1;
create index comment_replies on comment (site_id, root_id, id) where parent_id is not null and shown = 1;
create index comment_children on comment (site_id, parent_id, id) where parent_id is not null and shown = 1;
create index comment_queue on comment (site_id, state, id);
create index comment_person on comment (site_id, person_id, state);
create index comment_thread on comment (thread_id);
create unique index comment_source on comment (site_id, source, source_id) where source is not null;

-- Which site a comment belongs to: the only look-up that doesn't know the site yet (/c/..., /mine/...).
create table comment_place (
  id {id} not null primary key,
  site_id {id} not null references site (id) on delete cascade,
  thread_id {id} not null
) {strict};

create table comment_revision (
  site_id {id} not null,
  comment_id {id} not null,
  revision {int} not null,
  author_name text not null,
  body text not null,
  body_html text not null,
  written_at {int} not null,
  primary key (site_id, comment_id, revision),
  foreign key (site_id, comment_id) references comment (site_id, id) on delete cascade
) {strict};

-- What was posted in the last day: an equal post answers with the first one's comment.
create table post_key (
  site_id {id} not null references site (id) on delete cascade,
  post_key text not null,
  comment_id {id} not null,
  address_key text not null,
  created_at {int} not null,
  primary key (site_id, post_key)
) {strict};

create index post_key_age on post_key (site_id, created_at);

-- Who first wrote which text in the last day, and how often others wrote it since.
create table recent_text (
  site_id {id} not null references site (id) on delete cascade,
  fingerprint text not null,
  person_id {id} not null,
  times {int} not null,
  since {int} not null,
  primary key (site_id, fingerprint)
) {strict};

create index recent_text_age on recent_text (site_id, since);

create table moderator (
  id {id} not null primary key,
  email text not null,
  email_folded text not null unique,
  name text not null,
  password_hash text not null,
  created_at {int} not null,
  disabled_at {int}
) {strict};

create table membership (
  site_id {id} not null references site (id) on delete cascade,
  moderator_id {id} not null references moderator (id) on delete cascade,
  role text not null check (role in ('owner', 'moderator', 'viewer')),
  primary key (site_id, moderator_id)
) {strict};

create index membership_moderator on membership (moderator_id);

create table moderator_session (
  id_hash text not null primary key,
  moderator_id {id} not null references moderator (id) on delete cascade,
  created_at {int} not null,
  seen_at {int} not null
) {strict};

create index moderator_session_moderator on moderator_session (moderator_id, created_at);

-- Every decision is a row; moderator_id is null where a check or the author decided.
create table decision (
  site_id {id} not null,
  id {id} not null,
  comment_id {id} not null,
  moderator_id {id},
  action text not null,
  before_state text not null,
  after_state text not null,
  reason text not null,
  created_at {int} not null,
  primary key (site_id, id),
  foreign key (site_id, comment_id) references comment (site_id, id) on delete cascade
) {strict};

create index decision_comment on decision (site_id, comment_id, id);
