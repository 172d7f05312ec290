-- A site's secret may end: while a new one takes its place, the old one still verifies for some days.

alter table site_secret add column ends_at {int};

-- How long comments waited for their decision, for the dashboard: all that it reads stands in the index.
create index log_entry_waited on log_entry (site_id, id, comment_id, created_at)
where before_state = 'pending' and after_state <> 'pending' and moderator_id is not null and comment_id is not null;
