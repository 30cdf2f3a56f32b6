-- The last accepted operation of each (vlogger, follower) pair. A pair that is no more keeps its row, so that a follow which is
-- delivered late cannot come back; `socials` shows the pairs that are.
CREATE TABLE social_states (
  vlogger_id  BIGINT UNSIGNED NOT NULL,
  follower_id BIGINT UNSIGNED NOT NULL,
  following   TINYINT         NOT NULL,
  changed_at  DATETIME(6)     NOT NULL COMMENT 'when the operation was accepted, UTC; the later one wins',
  PRIMARY KEY (vlogger_id, follower_id),
  KEY idx_social_states_vlogger (vlogger_id, following, changed_at DESC, follower_id DESC),
  KEY idx_social_states_follower (follower_id, following, changed_at DESC, vlogger_id DESC)
);

CREATE VIEW socials AS
SELECT follower_id, vlogger_id, changed_at AS created_at FROM social_states WHERE following = 1;

-- A follow of or by an account that does not exist fails, and with it the whole statement.
DELIMITER $$

CREATE TRIGGER social_states_of_accounts AFTER INSERT ON social_states FOR EACH ROW
BEGIN
  IF (SELECT COUNT(*) FROM accounts WHERE id IN (NEW.vlogger_id, NEW.follower_id)) < 2 THEN
    SIGNAL SQLSTATE '23000' SET MESSAGE_TEXT = 'account not found';
  END IF;
END$$

DELIMITER ;
