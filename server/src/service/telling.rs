//! A refusal in the words of the one who reads it: the document that answers, jobs and files of failures carry
//! (RFC 9457).

use std::collections::BTreeMap;

use engine::text::{Fault, Language, Texts};
use serde_json::{Map, Value as Json, json};

use super::faults::{detail, error, message};
use super::{Cause, Refusal};
use crate::texts::texts;

/// Faults of one answer at most: who has a hundred things to mend need not be told of more.
const MOST_FAULTS: usize = 100;
/// Characters of a name that was sent and comes back in a sentence.
const LONGEST_NAME: usize = 64;
/// Characters of what is made of several names, such as a path.
const LONGEST_LIST: usize = 200;

impl Cause {
    /// The number that the document has for it.
    pub fn status(self) -> u16 {
        match self {
            Cause::Malformed => 400,
            Cause::SignIn => 401,
            Cause::Forbidden => 403,
            Cause::Missing => 404,
            Cause::Method => 405,
            Cause::Conflict => 409,
            Cause::Gone => 410,
            Cause::Stale => 412,
            Cause::TooLarge => 413,
            Cause::MediaType => 415,
            Cause::Misdirected => 421,
            Cause::Invalid => 422,
            Cause::VersionMissing => 428,
            Cause::TooMany => 429,
            Cause::Internal => 500,
            Cause::Busy => 503,
            Cause::DiskFull => 507,
        }
    }
}

impl Refusal {
    /// The document in `language`, without what only a request has.
    pub fn document(&self, language: Language) -> Map<String, Json> {
        let key = format!("problem-{}", self.words.unwrap_or(self.code).replace('_', "-"));
        let mut args = self.args.clone();
        let mut document = self.members.clone();
        if let Some(obstacles) = &self.obstacles {
            args.insert("uses".to_string(), obstacles.told(language));
            document.extend(obstacles.members(language));
        }
        let title = sentence(&key, &args, language).unwrap_or_else(|| self.code.to_string());
        let faults: Vec<Fault> = self.faults.iter().take(MOST_FAULTS).map(told).collect();
        let errors: Vec<Json> = faults.iter().map(|fault| json!(error(fault, language))).collect();
        let detail = match faults.first().map(|first| detail(first, self.faults.len(), language)) {
            // What would break is told before what is wrong with it then.
            Some(wrong) if self.obstacles.is_some() && language == Language::En => format!("{title} {wrong}"),
            Some(wrong) if self.obstacles.is_some() => format!("{title}{wrong}"),
            Some(wrong) => wrong,
            None => title.clone(),
        };
        let code = self.named.as_deref().unwrap_or(self.code);
        document.insert("type".into(), format!("urn:formwork:problem:{code}").into());
        document.insert("title".into(), title.into());
        document.insert("status".into(), self.cause.status().into());
        document.insert("code".into(), code.into());
        document.insert("detail".into(), detail.into());
        document.insert("errors".into(), errors.into());
        document
    }
}

/// The sentence of a fault in `language`, where it is told beside other things.
pub fn sentence_of(fault: &Fault, language: Language) -> String {
    message(&told(fault), language)
}

/// A fault as it is told: without the rest of what is too long.
fn told(fault: &Fault) -> Fault {
    let args = fault.args.iter().map(|(name, value)| {
        let is_list = matches!(name.as_str(), "detail" | "fields" | "types" | "expected");
        (name.clone(), cut(value, if is_list { LONGEST_LIST } else { LONGEST_NAME }))
    });
    Fault { path: cut(&fault.path, LONGEST_LIST), args: args.collect(), ..fault.clone() }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_string(),
    }
}

fn sentence(key: &str, args: &BTreeMap<String, String>, language: Language) -> Option<String> {
    texts(language)
        .get(key, args)
        .or_else(|| Texts::of(language).get(&key.replacen("problem-", "refusal-", 1), args))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_in_the_reader_s_language_with_its_first_fault_as_detail() {
        let refusal = Refusal::fault("amount", "required");
        let told = refusal.document(Language::En);
        assert_eq!(told["status"], 422);
        assert_eq!(told["code"], "validation");
        assert_eq!(told["type"], "urn:formwork:problem:validation");
        assert_eq!(told["errors"][0]["path"], "amount");
        assert_eq!(told["detail"], told["errors"][0]["message"]);
        assert_ne!(told["detail"], refusal.document(Language::ZhTw)["detail"]);
    }

    #[test]
    fn what_was_sent_comes_back_cut() {
        let refusal = Refusal::fault("x".repeat(1_000), "required");
        let path = refusal.document(Language::En)["errors"][0]["path"].as_str().unwrap().chars().count();
        assert_eq!(path, LONGEST_LIST + 1);
    }
}
