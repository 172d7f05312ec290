-- A decision that is taken back takes its appeal along.

alter table appeal drop constraint appeal_outcome_check;
alter table appeal add constraint appeal_outcome_check check (outcome in ('', 'upheld', 'reversed', 'undone'));
