-- Teams: invitations, the second factor of a sign-in, and what a list of sessions tells.

-- Only the hash of an invitation's link is kept; the row goes when it is used or withdrawn.
create table invite (
  site_id {id} not null references site (id) on delete cascade,
  id {id} not null,
  secret_hash text not null unique,
  role text not null check (role in ('owner', 'moderator', 'viewer')),
  note text not null,
  made_by {id} not null references moderator (id) on delete cascade,
  created_at {int} not null,
  primary key (site_id, id)
) {strict};

-- secret is sealed with the server's key; last_step is the time step of the newest code that was used.
create table moderator_totp (
  moderator_id {id} not null primary key references moderator (id) on delete cascade,
  secret text not null,
  last_step {int} not null,
  created_at {int} not null
) {strict};

create table moderator_recovery (
  moderator_id {id} not null references moderator (id) on delete cascade,
  number {int} not null,
  code_hash text not null,
  primary key (moderator_id, number)
) {strict};

-- What kind of browser holds the session, in two words.
alter table moderator_session add column browser text not null default '';
