-- Public links of forms: by its token, which only its hash is known of here, anybody may fill in a form.
CREATE TABLE public_link (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    form BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- Of the token, in hexadecimal; the token itself is sealed, for those who give it away.
    hash TEXT NOT NULL,
    sealed TEXT,
    password_hash TEXT,
    is_on BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    -- How many answers it takes, and how many it has had.
    answer_limit BIGINT,
    answers BIGINT NOT NULL,
    answered_at BIGINT,
    -- What it offers and says, as JSON.
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE UNIQUE INDEX public_link_hash ON public_link (hash);
CREATE INDEX public_link_form ON public_link (workspace, form, id);

-- What anybody has sent for a form on one day: they may send so much and no more.
CREATE TABLE public_upload (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    day BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (workspace, form)
) /* sqlite: WITHOUT ROWID */;
