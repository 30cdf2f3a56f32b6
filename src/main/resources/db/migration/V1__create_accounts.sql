CREATE TABLE accounts (
  id                 BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  username           VARCHAR(191)    NULL,
  password           LONGTEXT        NULL COMMENT 'bcrypt',
  token              VARCHAR(64)     CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'the id (jti) of the access token that is valid, if one is',
  refresh_token      VARCHAR(64)     CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'SHA-256 of the token, hexadecimal; empty when it is used up',
  refresh_expires_at DATETIME        NULL COMMENT 'UTC',
  avatar_url         VARCHAR(512)    NULL,
  bio                VARCHAR(255)    NULL,
  CONSTRAINT uni_accounts_username UNIQUE (username),
  KEY idx_accounts_refresh_token (refresh_token)
) DEFAULT CHARSET = utf8mb4;
