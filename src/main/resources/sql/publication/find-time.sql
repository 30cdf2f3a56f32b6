-- used by: publication-schedule
-- parameters: publish_at (RFC 3339)
-- one row: the time in milliseconds since 1970 and as UTC, and whether it is one of the next 30 days
SELECT t.due_at, COALESCE(t.due_at > t.now AND t.due_at <= t.now + 30 * 86400000, 0) AS possible,
       CONCAT(LEFT(DATE_FORMAT(TIMESTAMPADD(MICROSECOND, t.due_at * 1000, '1970-01-01'), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS publish_at
FROM (SELECT CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01',
                                IF(asked.at LIKE '%Z',
                                   CAST(LEFT(asked.at, CHAR_LENGTH(asked.at) - 1) AS DATETIME(6)),
                                   CONVERT_TZ(CAST(LEFT(asked.at, CHAR_LENGTH(asked.at) - 6) AS DATETIME(6)),
                                              RIGHT(asked.at, 6), '+00:00'))) / 1000) AS due_at,
             TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS now
      FROM (SELECT :#${variable.publish_at} AS at) AS asked) AS t
