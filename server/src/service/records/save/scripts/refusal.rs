//! Why a script does not come to its end, in the words of whoever has led there.

use std::borrow::Cow;
use std::collections::BTreeMap;

use engine::script::{Failed, Halt, Limit, Refused};
use engine::text::{Fault, Faults, Label};

use super::bridge::Asker;
use crate::service::{Cause, Refusal};
use crate::texts::texts;

impl Asker<'_> {
    /// What comes of a script that halted, where the host itself has refused nothing.
    pub(super) fn halted(&self, halt: Halt) -> Refusal {
        match halt {
            Halt::Refused(refused) => self.refused(refused),
            Halt::Limit(limit) => self.limit(limit),
            Halt::Failed(failed) => self.failed(&failed),
            Halt::Stopped => Refusal::internal("a script was stopped by nobody"),
        }
    }

    pub(super) fn limit(&self, limit: Limit) -> Refusal {
        let refusal = Refusal::conflict("script_limit").arg("script", self.key);
        let refusal = refusal.arg("limit", limit.key()).arg("max", limit.most());
        refusal.member("script", self.key.into()).member("limit", limit.key().into())
    }

    /// A mistake of the script: whoever saves can't mend it.
    fn failed(&self, failed: &Failed) -> Refusal {
        tracing::warn!(script = self.key, line = failed.line, detail = failed.detail, "a script failed");
        let refusal = self.wrong(&failed.detail);
        refusal.arg("line", failed.line).member("line", failed.line.into())
    }

    pub(super) fn wrong(&self, detail: impl ToString) -> Refusal {
        let refusal = Refusal::conflict("script_failed").arg("script", self.key).arg("line", "?");
        refusal.arg("detail", detail.to_string()).member("script", self.key.into())
    }

    /// As [`Asker::wrong`], with what is wrong with what it sets or asks for.
    pub(super) fn failed_by(&self, faults: Faults) -> Refusal {
        let detail = faults.first().map(|fault| format!("{} {}", fault.path, fault.code)).unwrap_or_default();
        Refusal { faults: self.here(faults), ..self.wrong(detail) }
    }

    /// What another save refuses that the script has led to, told as the script's.
    pub(super) fn of_script(&self, refusal: Refusal) -> Refusal {
        let faults = self.here(refusal.faults);
        // What is gone is another form or record than the one that somebody asked for.
        let (cause, code) = match refusal.cause {
            Cause::Missing => (Cause::Conflict, "script_target_gone"),
            cause => (cause, refusal.code),
        };
        Refusal { faults, cause, code, ..refusal }.arg("script", self.key)
    }

    /// Paths of another form's fields do not look like those of the request.
    fn here(&self, faults: Faults) -> Faults {
        let place = format!("scripts.{}", self.key);
        let under = |fault: Fault| {
            if fault.path.starts_with("scripts.") {
                return fault;
            }
            let path = fault.path.strip_prefix("fields.").unwrap_or(&fault.path).to_string();
            Fault { path, ..fault }.under(&place)
        };
        faults.into_iter().map(under).collect()
    }

    /// What the script refuses, by its own code and in the words of its package.
    fn refused(&self, refused: Refused) -> Refusal {
        let Refused { code, args, is_invalid } = refused;
        let words = self.order.designs.script_text(self.app, &code, &args);
        let named = BTreeMap::from([("code".to_string(), code.clone())]);
        let plain =
            || Label::each(|language| texts(language).get("refused-by-script", &named).unwrap_or_default());
        let fault = Fault { code: Cow::Owned(code.clone()), args, ..Fault::new("", "refused_by_script") };
        let cause = if is_invalid { Cause::Invalid } else { Cause::Conflict };
        Refusal {
            faults: vec![fault.message(words.unwrap_or_else(plain))],
            named: Some(code),
            ..Refusal::new(cause, "refused_by_script").arg("script", self.key)
        }
    }
}
