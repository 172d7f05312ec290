-- What the checks learn and remember, all of it on the rows of its site.

-- How often a feature of a text (numbered by a hash, so no words stand here) was in ham and in spam.
create table bayes_word (
  site_id {id} not null references site (id) on delete cascade,
  word {id} not null,
  ham {int} not null,
  spam {int} not null,
  primary key (site_id, word)
) {strict};

-- How many comments have been learned from.
create table bayes_total (
  site_id {id} not null primary key references site (id) on delete cascade,
  ham {int} not null,
  spam {int} not null
) {strict};

-- What a moderator's decision says of a comment ('ham', 'spam', '' nothing): wanted is what is to be learned, learned
-- what has been (from the text of that revision), before what was wanted before the last decision.
create table bayes_lesson (
  site_id {id} not null,
  comment_id {id} not null,
  wanted text not null check (wanted in ('', 'ham', 'spam')),
  before text not null check (before in ('', 'ham', 'spam')),
  learned text not null check (learned in ('', 'ham', 'spam')),
  revision {int} not null,
  primary key (site_id, comment_id),
  foreign key (site_id, comment_id) references comment (site_id, id) on delete cascade
) {strict};

create index bayes_lesson_due on bayes_lesson (site_id, comment_id) where wanted <> learned;

-- On which threads strangers have linked to a host in the last hour.
create table recent_host (
  site_id {id} not null references site (id) on delete cascade,
  host text not null,
  thread_id {id} not null,
  seen_at {int} not null,
  primary key (site_id, host, thread_id)
) {strict};

create index recent_host_age on recent_host (site_id, seen_at);

-- Hosts that a moderator has let through, or a trusted author has linked to: they are not new.
create table known_host (
  site_id {id} not null references site (id) on delete cascade,
  host text not null,
  since {int} not null,
  primary key (site_id, host)
) {strict};
