//! Why something was not done, as data.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use engine::text::{Fault, Faults};
use serde_json::{Map, Value as Json};

use super::obstacles::Obstacles;

/// What kind of reason it is; the API makes a status of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The request is no request of ours: broken JSON, a body that stops.
    Malformed,
    /// Nobody is signed in, or the sign-in has ended.
    SignIn,
    Forbidden,
    /// Not there, or not to be known by the one who asks.
    Missing,
    /// This resource does not know the method.
    Method,
    Conflict,
    /// It was there, and its time is over.
    Gone,
    /// The caller's version is not the newest.
    Stale,
    TooLarge,
    /// A content type that can't be read.
    MediaType,
    /// A host that is not ours.
    Misdirected,
    /// Understood, and against the rules.
    Invalid,
    /// A change without the version it started from.
    VersionMissing,
    TooMany,
    Internal,
    /// Too much to do, or a lock was not to be had; trying again helps.
    Busy,
    DiskFull,
}

/// Why something was not done. The person who asked sees the sentence of the code and the faults; `source` is
/// for the log alone.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub cause: Cause,
    /// Stable, in snake case; its sentence has the Fluent key `problem-CODE` with `-` for `_`.
    pub code: &'static str,
    /// Whose sentence is told in place of the code's, where one code has several reasons.
    pub words: Option<&'static str>,
    /// The code of a transaction script that refuses, which is told in place of it.
    pub named: Option<String>,
    pub args: BTreeMap<String, String>,
    pub faults: Faults,
    /// What is wrong with a design that is in force and does not fit any more. It names fields and forms, so an answer does not
    /// tell it by itself: [`Refusal::opened`] does, for those who design it.
    pub inside: Faults,
    /// What would not work any more, where that is why.
    pub obstacles: Option<Box<Obstacles>>,
    /// Further members of the answer, such as the record as it is now.
    pub members: Map<String, Json>,
    /// After how many seconds to try again.
    pub retry_after: Option<u32>,
    pub source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Refusal {
    pub fn new(cause: Cause, code: &'static str) -> Refusal {
        Refusal {
            cause,
            code,
            words: None,
            named: None,
            args: BTreeMap::new(),
            faults: Vec::new(),
            inside: Vec::new(),
            obstacles: None,
            members: Map::new(),
            retry_after: None,
            source: None,
        }
    }

    /// What is asked for does not exist for the one who asks.
    pub fn missing() -> Refusal {
        Refusal::new(Cause::Missing, "not_found")
    }

    pub fn forbidden(code: &'static str) -> Refusal {
        Refusal::new(Cause::Forbidden, code)
    }

    pub fn conflict(code: &'static str) -> Refusal {
        Refusal::new(Cause::Conflict, code)
    }

    /// The input breaks rules. Faults that say a request is not shaped as it should be name the problem as a
    /// whole; others are `validation`.
    pub fn invalid(faults: Faults) -> Refusal {
        const SHAPE: [&str; 7] = [
            "repeated_member",
            "unknown_member",
            "unknown_field",
            "unknown_row",
            "not_writable",
            "not_sortable",
            "too_deep",
        ];
        let code = faults
            .iter()
            .find_map(|fault| SHAPE.into_iter().find(|shape| *shape == fault.code))
            .unwrap_or("validation");
        Refusal { faults, ..Refusal::new(Cause::Invalid, code) }
    }

    /// One fault, at `path`.
    pub fn fault(path: impl Into<String>, code: &'static str) -> Refusal {
        Refusal::invalid(vec![Fault::new(path, code)])
    }

    /// Too many requests; the next may come in `seconds`.
    pub fn too_many(seconds: u32) -> Refusal {
        Refusal { retry_after: Some(seconds), ..Refusal::new(Cause::TooMany, "too_many_requests") }
    }

    /// Trying again in a moment helps.
    pub fn busy() -> Refusal {
        Refusal { retry_after: Some(1), ..Refusal::new(Cause::Busy, "busy") }
    }

    /// Something that should not happen; the log says what.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Refusal {
        Refusal { source: Some(Arc::from(source.into())), ..Refusal::new(Cause::Internal, "internal") }
    }

    pub fn arg(mut self, name: &str, value: impl ToString) -> Refusal {
        self.args.insert(name.to_string(), value.to_string());
        self
    }

    /// The same for who may know all of the design that it is about.
    pub fn opened(mut self) -> Refusal {
        self.faults.append(&mut self.inside);
        self
    }

    pub fn member(mut self, name: &str, value: Json) -> Refusal {
        self.members.insert(name.to_string(), value);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        for fault in self.faults.iter().chain(&self.inside) {
            write!(f, " {}:{}", fault.path, fault.code)?;
        }
        self.source.iter().try_for_each(|source| write!(f, ": {source}"))
    }
}

impl std::error::Error for Refusal {}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Refusal {
        match error {
            store::Error::Conflict { .. } | store::Error::NotUnique { .. } => {
                Refusal { source: Some(Arc::new(error)), ..Refusal::conflict("taken") }
            }
            store::Error::NotFound { .. } => Refusal::missing(),
            store::Error::Busy | store::Error::TooLong { .. } => Refusal::busy(),
            store::Error::Full => {
                Refusal { source: Some(Arc::new(error)), ..Refusal::new(Cause::DiskFull, "disk_full") }
            }
            store::Error::Unavailable(_) => {
                let refusal = Refusal::new(Cause::Busy, "unavailable");
                Refusal { retry_after: Some(5), source: Some(Arc::new(error)), ..refusal }
            }
            store::Error::NotAskable { path } => Refusal::fault(path, "not_sortable"),
            store::Error::Incompatible(_) => {
                let refusal = Refusal::new(Cause::Internal, "incompatible_database");
                Refusal { source: Some(Arc::new(error)), ..refusal }
            }
            store::Error::Unproved => Refusal::conflict("copy_not_proved"),
            store::Error::NotCurrent { step } => Refusal::conflict("database_not_current").arg("step", step),
            store::Error::NotEmpty { table } => Refusal::conflict("database_not_empty").arg("table", table),
            store::Error::InUse => Refusal::conflict("database_in_use"),
            store::Error::Corrupt { .. } | store::Error::Panicked(_) | store::Error::Failed(_) => {
                Refusal::internal(error)
            }
        }
    }
}
