-- Each word and each mark is a condition of its own. Within one condition ("a & b") the index goes through the whole list of
-- the rarer one; between conditions it skips ahead in both, and ends with the first list that ends.

drop function found_in_search(tsquery, bigint, bigint, bigint);

-- Always by the index of words: for what looks frequent the planner would read the table from its beginning until it has
-- seen enough, and what is looked for may stand at its end. "+ 0" keeps it from adding the index of ids. The text holds
-- nothing but the numbers of the conditions. `fits`: whether what is found holds all that is checked, too.
create function found_in_search(wanted tsquery[], checked tsquery, above bigint, below bigint, most bigint)
returns table (site_id bigint, id bigint, fits boolean) language plpgsql stable
set enable_seqscan = off set enable_indexscan = off as $$
begin
  return query execute (
    select 'select comment_search.site_id, comment_search.id, coalesce(words @@ $2, true) from comment_search where '
      || string_agg(format('words @@ $1[%s]', number), ' and ')
      || ' and comment_search.id + 0 > $3 and comment_search.id + 0 < $4 limit $5'
    from generate_series(1, cardinality(wanted)) as number
  ) using wanted, checked, above, below, most;
end
$$;
