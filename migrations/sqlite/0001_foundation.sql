-- Surfaces, contracts, consumers, keys, exact usage, audit and outbox.
--
-- Instants are microseconds UTC since 1970; `minute`, `hour` and `day` count those since 1970. Ids are text.

CREATE TABLE surface (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    -- JSON: everything that its owner decides.
    settings    TEXT    NOT NULL,
    -- The contract that runs; no foreign key, since contract refers to surface.
    contract    TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE contract (
    id                    TEXT    NOT NULL PRIMARY KEY,
    surface               TEXT    NOT NULL REFERENCES surface (id),
    version               TEXT    NOT NULL,
    title                 TEXT    NOT NULL,
    openapi               TEXT    NOT NULL,
    digest                TEXT    NOT NULL,
    file                  TEXT    NOT NULL,
    -- JSON: path prefixes of its servers.
    base_paths            TEXT    NOT NULL,
    source_bytes          INTEGER NOT NULL,
    operations            INTEGER NOT NULL,
    operations_deprecated INTEGER NOT NULL,
    created_at            INTEGER NOT NULL,
    UNIQUE (surface, digest)
) STRICT;

CREATE INDEX contract_newest ON contract (created_at, id);

-- Apart from its contract, so that listing contracts does not read megabytes.
CREATE TABLE contract_source (
    contract TEXT NOT NULL PRIMARY KEY REFERENCES contract (id),
    source   TEXT NOT NULL
) STRICT;

CREATE TABLE operation (
    id             TEXT NOT NULL PRIMARY KEY,
    surface        TEXT NOT NULL REFERENCES surface (id),
    method         TEXT NOT NULL,
    path           TEXT NOT NULL,
    operation_id   TEXT,
    summary        TEXT,
    -- JSON; NULL means not deprecated.
    deprecation    TEXT,
    contract_first TEXT NOT NULL REFERENCES contract (id),
    contract_last  TEXT NOT NULL REFERENCES contract (id),
    UNIQUE (surface, path, method)
) STRICT;

CREATE TABLE consumer (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    kind        TEXT    NOT NULL CHECK (kind IN ('developer', 'agent', 'squad')),
    -- JSON array.
    contacts    TEXT    NOT NULL,
    plan        TEXT,
    sla         TEXT,
    external_id TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE key (
    id           TEXT    NOT NULL PRIMARY KEY,
    surface      TEXT    NOT NULL REFERENCES surface (id),
    consumer     TEXT    NOT NULL REFERENCES consumer (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('developer', 'agent', 'squad')),
    origin       TEXT    NOT NULL CHECK (origin IN ('towpath', 'native')),
    digest       TEXT    NOT NULL,
    start        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    -- Valid strictly before.
    expires_at   INTEGER,
    revoked_at   INTEGER,
    rotated_from TEXT    REFERENCES key (id),
    UNIQUE (surface, digest)
) STRICT;

CREATE INDEX key_consumer ON key (consumer, created_at, id);
CREATE INDEX key_created ON key (created_at, id);
CREATE INDEX key_start ON key (start);
CREATE UNIQUE INDEX key_successor ON key (rotated_from) WHERE rotated_from IS NOT NULL;

-- When a key was last used; apart from `key`, so that traffic does not rewrite it.
CREATE TABLE key_seen (
    key    TEXT    NOT NULL PRIMARY KEY,
    minute INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How far each journal stream is applied: the idempotency of all usage.
CREATE TABLE watermark (
    gateway    TEXT    NOT NULL,
    epoch      INTEGER NOT NULL,
    lane       INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('live', 'closed', 'damaged')),
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (gateway, epoch, lane)
) STRICT, WITHOUT ROWID;

-- Calls that are reserved and not yet settled: counted, their end unknown.
CREATE TABLE open_call (
    gateway      TEXT    NOT NULL,
    epoch        INTEGER NOT NULL,
    lane         INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    surface      TEXT    NOT NULL,
    consumer     TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    operation    TEXT    NOT NULL,
    contract     TEXT    NOT NULL,
    status_class INTEGER NOT NULL,
    client_class TEXT    NOT NULL,
    started_at   INTEGER NOT NULL,
    PRIMARY KEY (gateway, epoch, lane, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_minute (
    minute         INTEGER NOT NULL,
    surface        TEXT    NOT NULL,
    consumer       TEXT    NOT NULL,
    key            TEXT    NOT NULL,
    operation      TEXT    NOT NULL,
    contract       TEXT    NOT NULL,
    status_class   INTEGER NOT NULL,
    client_class   TEXT    NOT NULL,
    calls          INTEGER NOT NULL,
    errors         INTEGER NOT NULL,
    ours           INTEGER NOT NULL,
    attempts       INTEGER NOT NULL,
    interrupted    INTEGER NOT NULL,
    units          INTEGER NOT NULL,
    bytes_in       INTEGER NOT NULL,
    bytes_out      INTEGER NOT NULL,
    latency_us_sum INTEGER NOT NULL,
    latency_us_max INTEGER NOT NULL,
    PRIMARY KEY (minute, surface, consumer, key, operation, contract, status_class, client_class)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_hour (
    hour           INTEGER NOT NULL,
    surface        TEXT    NOT NULL,
    consumer       TEXT    NOT NULL,
    key            TEXT    NOT NULL,
    operation      TEXT    NOT NULL,
    contract       TEXT    NOT NULL,
    status_class   INTEGER NOT NULL,
    client_class   TEXT    NOT NULL,
    calls          INTEGER NOT NULL,
    errors         INTEGER NOT NULL,
    ours           INTEGER NOT NULL,
    attempts       INTEGER NOT NULL,
    interrupted    INTEGER NOT NULL,
    units          INTEGER NOT NULL,
    bytes_in       INTEGER NOT NULL,
    bytes_out      INTEGER NOT NULL,
    latency_us_sum INTEGER NOT NULL,
    latency_us_max INTEGER NOT NULL,
    PRIMARY KEY (hour, surface, consumer, key, operation, contract, status_class, client_class)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_day (
    day            INTEGER NOT NULL,
    surface        TEXT    NOT NULL,
    consumer       TEXT    NOT NULL,
    key            TEXT    NOT NULL,
    operation      TEXT    NOT NULL,
    contract       TEXT    NOT NULL,
    status_class   INTEGER NOT NULL,
    client_class   TEXT    NOT NULL,
    calls          INTEGER NOT NULL,
    errors         INTEGER NOT NULL,
    ours           INTEGER NOT NULL,
    attempts       INTEGER NOT NULL,
    interrupted    INTEGER NOT NULL,
    units          INTEGER NOT NULL,
    bytes_in       INTEGER NOT NULL,
    bytes_out      INTEGER NOT NULL,
    latency_us_sum INTEGER NOT NULL,
    latency_us_max INTEGER NOT NULL,
    PRIMARY KEY (day, surface, consumer, key, operation, contract, status_class, client_class)
) STRICT, WITHOUT ROWID;

CREATE TABLE latency_minute (
    minute       INTEGER NOT NULL,
    surface      TEXT    NOT NULL,
    operation    TEXT    NOT NULL,
    contract     TEXT    NOT NULL,
    status_class INTEGER NOT NULL,
    bucket       INTEGER NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (minute, surface, operation, contract, status_class, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE latency_hour (
    hour         INTEGER NOT NULL,
    surface      TEXT    NOT NULL,
    operation    TEXT    NOT NULL,
    contract     TEXT    NOT NULL,
    status_class INTEGER NOT NULL,
    bucket       INTEGER NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (hour, surface, operation, contract, status_class, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE latency_day (
    day          INTEGER NOT NULL,
    surface      TEXT    NOT NULL,
    operation    TEXT    NOT NULL,
    contract     TEXT    NOT NULL,
    status_class INTEGER NOT NULL,
    bucket       INTEGER NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (day, surface, operation, contract, status_class, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE client_day (
    day     INTEGER NOT NULL,
    surface TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    client  TEXT    NOT NULL,
    version TEXT    NOT NULL,
    calls   INTEGER NOT NULL,
    PRIMARY KEY (day, surface, key, client, version)
) STRICT, WITHOUT ROWID;

-- The first minute, hour and day whose rows retention has not deleted.
CREATE TABLE retention (
    grain TEXT    NOT NULL PRIMARY KEY CHECK (grain IN ('minute', 'hour', 'day')),
    first INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_log (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    who    TEXT    NOT NULL,
    action TEXT    NOT NULL,
    noun   TEXT    NOT NULL,
    object TEXT    NOT NULL,
    -- JSON; never a secret.
    detail TEXT    NOT NULL
) STRICT;

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    topic      TEXT    NOT NULL CHECK (topic IN ('snapshot'))
) STRICT;

-- Up to which outbox row each topic has been published.
CREATE TABLE published (
    topic      TEXT    NOT NULL PRIMARY KEY,
    outbox     INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
