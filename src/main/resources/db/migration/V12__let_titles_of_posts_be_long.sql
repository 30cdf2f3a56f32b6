-- Those of the post platform have no limit but that of its requests.
ALTER TABLE posts MODIFY title MEDIUMTEXT NOT NULL;
