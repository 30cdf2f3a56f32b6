-- used by: publication-schedule
-- parameters: publication_id, kind, owner_id (the account, 0 for a post), due_at (milliseconds since 1970), payload (the request as JSON)
INSERT INTO publications (id, kind, account_id, publish_at, payload, state)
VALUES (:#${variable.publication_id}, :#${variable.kind}, :#${variable.owner_id},
        TIMESTAMPADD(MICROSECOND, :#${variable.due_at} * 1000, '1970-01-01'), :#${variable.payload}, 'scheduled')
