CREATE TABLE likes (state JSON AS (event->>"$.a"));
