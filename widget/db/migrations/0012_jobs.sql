-- What is to be done later, once, by any process: added with what makes it needed, claimed for a while (widget/jobs).
-- lease is a number made with each claim, 0 where nobody has it; whoever lost his lease can't end the job of another.
create table job (
  id {id} not null primary key,
  kind text not null,
  once_key text not null,
  payload text not null,
  due_at {int} not null,
  tries {int} not null,
  lease {id} not null,
  leased_until {int} not null,
  done_at {int},
  parked_at {int},
  fault text not null
) {strict};

create index job_due on job (due_at, id) where done_at is null and parked_at is null;
create index job_over on job (done_at) where done_at is not null;
create index job_parked on job (parked_at) where parked_at is not null;

-- Of one kind and key only one waits; one more may be under way, because it may have begun too early to see the news.
create unique index job_waits_once on job (kind, once_key)
where once_key <> '' and lease = 0 and done_at is null and parked_at is null;
