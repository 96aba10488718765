-- The version of a surface that a rollout leads to, and who stays on the one before.

CREATE TABLE version (
    rollout    TEXT    NOT NULL PRIMARY KEY REFERENCES rollout (id),
    surface    TEXT    NOT NULL REFERENCES surface (id),
    -- Names of the version that consumers leave, and of this one.
    name_old   TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    contract   TEXT    NOT NULL REFERENCES contract (id),
    -- JSON: its upstreams, and how a request can ask for it.
    settings   TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    -- How it ended; NULL while it stands beside the running one.
    outcome    TEXT    CHECK (outcome IN ('running', 'dropped')),
    ended_at   INTEGER
) STRICT;

CREATE UNIQUE INDEX version_open ON version (surface) WHERE outcome IS NULL;

-- The operations of such a version, as its contract has them.
CREATE TABLE version_operation (
    rollout      TEXT NOT NULL REFERENCES version (rollout),
    operation    TEXT NOT NULL REFERENCES operation (id),
    operation_id TEXT,
    summary      TEXT,
    -- JSON; NULL means not deprecated.
    deprecation  TEXT,
    PRIMARY KEY (rollout, operation)
) STRICT, WITHOUT ROWID;

-- Consumers that stay on a version though it is no longer the one that newcomers get.
CREATE TABLE pin (
    surface   TEXT    NOT NULL REFERENCES surface (id),
    consumer  TEXT    NOT NULL,
    version   TEXT    NOT NULL,
    pinned_at INTEGER NOT NULL,
    PRIMARY KEY (surface, consumer)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollout_touched (
    rollout TEXT NOT NULL PRIMARY KEY REFERENCES rollout (id),
    -- JSON: for each item the calls that it touches.
    touched TEXT NOT NULL,
    -- JSON array of consumers that had used what it touches when it was closed to others; NULL before.
    known   TEXT
) STRICT;
