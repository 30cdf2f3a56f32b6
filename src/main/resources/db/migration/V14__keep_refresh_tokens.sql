-- A session has one refresh token, which stays good until it ends, and access tokens that share an id.
ALTER TABLE accounts
  MODIFY token         VARCHAR(64) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'the id (jti) of the access tokens of the session, if there is one',
  MODIFY refresh_token VARCHAR(64) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'SHA-256 of the token, hexadecimal; empty without a session';
