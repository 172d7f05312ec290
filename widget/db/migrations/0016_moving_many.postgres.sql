-- Whoever moves comments, the search follows: once for a statement instead of once for each comment that it moved.

drop trigger comment_moved on comment;
drop function move_in_search();

-- By the key, comment by comment: what was planned for one comment must be right for ten thousand, and the other way round.
create function move_in_search() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  update comment_search
  set state = moved.state, waiting = moved.waiting
  from moved
  where comment_search.site_id = moved.site_id and comment_search.id = moved.id
    and (comment_search.state <> moved.state or comment_search.waiting <> moved.waiting);
  return null;
end
$$;

create trigger comment_moved after update on comment referencing new table as moved
for each statement execute function move_in_search();
