-- The oldest are deleted.
ALTER TABLE rejected_events ADD KEY idx_rejected_events_rejected_at (rejected_at);
