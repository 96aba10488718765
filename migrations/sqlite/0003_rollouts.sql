-- Rollouts: how a breaking change is carried out.
--
-- Instants are microseconds UTC since 1970. Ids are text.

CREATE TABLE rollout (
    id         TEXT    NOT NULL PRIMARY KEY,
    surface    TEXT    NOT NULL REFERENCES surface (id),
    name       TEXT    NOT NULL,
    phase      TEXT    NOT NULL,
    -- Grows by one with every change: whoever writes names the one that it read.
    edition    INTEGER NOT NULL,
    -- JSON: plan, state and history, whole.
    rollout    TEXT    NOT NULL,
    -- JSON: who is concerned and how heavily, as known when it was last counted.
    impact     TEXT    NOT NULL,
    -- JSON: changes that may break and are no items, versions, the evidence window.
    proposal   TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX rollout_newest ON rollout (created_at, id);

-- The contract that consumers move to, apart so that listing rollouts does not read megabytes.
CREATE TABLE rollout_revision (
    rollout TEXT NOT NULL PRIMARY KEY REFERENCES rollout (id),
    file    TEXT NOT NULL,
    source  TEXT NOT NULL
) STRICT;
