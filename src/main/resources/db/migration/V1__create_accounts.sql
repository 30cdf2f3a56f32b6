CREATE TABLE accounts (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  username      VARCHAR(191)    NULL,
  password      LONGTEXT        NULL COMMENT 'bcrypt',
  token         LONGTEXT        NULL,
  refresh_token LONGTEXT        NULL COMMENT 'SHA-256 of the token, hexadecimal',
  avatar_url    VARCHAR(512)    NULL,
  bio           VARCHAR(255)    NULL,
  CONSTRAINT uni_accounts_username UNIQUE (username)
) DEFAULT CHARSET = utf8mb4;
