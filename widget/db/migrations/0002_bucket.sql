-- What has been spent of each limit: a keyed hash of who and where, and the moment (microseconds since 1970) at which
-- nothing of it is left. Losing this table costs one burst for everybody, so it needs no durability.

create {unlogged} table bucket (
  key text not null primary key,
  tat {int} not null
) {strict};
