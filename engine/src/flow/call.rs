//! A call of a flow: a request to another system, written for the record as it is (automations.md, `call`).
//!
//! Where it goes is the designer's alone: host and port stand in the design as they are, and no field of a record has a part
//! in them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::address::{Place, escaped, header_text, is_header_name};
use super::in_form::OnRecord;
use super::message::{reads_of, unknown_in};
use crate::condition::Reach;
use crate::form::{Catalogue, Form, fill_text};
use crate::formula::{Budget, Type};
use crate::text::{Fault, Faults};
use crate::value::{ErrorValue, Value, format_date, format_time, format_timestamp};

/// Characters of an address, headers, and characters of one of them at most.
const LONGEST_URL: usize = 2_000;
const MOST_HEADERS: usize = 20;
const LONGEST_HEADER: usize = 1_000;

/// The header that says how many calls have led to this one, each by the answer to another: a system that sends a message because of
/// a call sends it along.
pub const HOPS_HEADER: &str = "formwork-hops";
/// As many calls follow from each other, and no more.
pub const MOST_HOPS: i64 = 8;

/// What the product says itself, what concerns the connection, and what would be a secret in the open.
const KEPT_HEADERS: [&str; 19] = [
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    HOPS_HEADER,
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
];

/// Whether a header can be a secret's own: what concerns the connection, and what the product says itself, can't.
pub fn is_header_of_secrets(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    is_header_name(&name) && (name == "authorization" || !KEPT_HEADERS.contains(&name.as_str()))
}

/// How a call asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CallMethod {
    Get,
    #[default]
    Post,
    Put,
    Patch,
    Delete,
}

impl CallMethod {
    pub const ALL: [CallMethod; 5] =
        [CallMethod::Get, CallMethod::Post, CallMethod::Put, CallMethod::Patch, CallMethod::Delete];

    /// The word of HTTP.
    pub fn key(self) -> &'static str {
        match self {
            CallMethod::Get => "GET",
            CallMethod::Post => "POST",
            CallMethod::Put => "PUT",
            CallMethod::Patch => "PATCH",
            CallMethod::Delete => "DELETE",
        }
    }

    pub fn from_key(key: &str) -> Option<CallMethod> {
        CallMethod::ALL.into_iter().find(|method| method.key() == key)
    }

    /// Whether it brings something.
    pub fn has_body(self) -> bool {
        matches!(self, CallMethod::Post | CallMethod::Put | CallMethod::Patch)
    }
}

/// A call as it was designed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    #[serde(default)]
    pub method: CallMethod,
    /// Names of fields in braces may stand behind the host.
    pub url: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// JSON. `{"field": …}` stands for a field as the API writes it, `{"formula": …}` for what a formula gives; texts have
    /// names of fields in braces.
    #[serde(default)]
    pub body: Option<Json>,
    /// The name of the app's secret that signs it, or goes with it.
    #[serde(default)]
    pub secret: Option<String>,
}

/// A call as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRequest {
    pub method: CallMethod,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

impl Call {
    /// Where it goes; none where its address is none.
    pub fn place(&self) -> Option<Place> {
        Place::of(&self.url)
    }

    /// Every text with names of fields in braces.
    pub fn templates(&self) -> Vec<&str> {
        let mut found: Vec<&str> = std::iter::once(self.url.as_str()).collect();
        found.extend(self.headers.values().map(String::as_str));
        each_text(self.body.as_ref(), &mut |text| found.push(text));
        found
    }

    /// What is wrong with it, at JSON pointers into the action.
    pub fn faults(&self, form: &Form, catalogue: &dyn Catalogue) -> Faults {
        let mut faults = Faults::new();
        let names = |at: &str, text: &str, faults: &mut Faults| {
            let unknown = unknown_in(text, form, catalogue).into_iter();
            faults.extend(unknown.map(|path| Fault::new(at, "unknown_field").arg("field", path)));
        };
        let place = self.place().filter(|_| self.url.chars().count() <= LONGEST_URL);
        if place.is_none() {
            faults.push(Fault::new("/url", "bad_url"));
        }
        names("/url", &self.url, &mut faults);
        if self.headers.len() > MOST_HEADERS {
            faults.push(Fault::new("/headers", "too_many").arg("max", MOST_HEADERS));
        }
        for (name, value) in &self.headers {
            let at = format!("/headers/{}", name.replace('~', "~0").replace('/', "~1"));
            if !is_header_name(name) {
                faults.push(Fault::new(at.as_str(), "bad_header").arg("header", name));
            } else if KEPT_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                faults.push(Fault::new(at.as_str(), "header_not_allowed").arg("header", name));
            }
            if value.chars().count() > LONGEST_HEADER {
                faults.push(Fault::new(at.as_str(), "too_long").arg("max", LONGEST_HEADER));
            }
            names(&at, value, &mut faults);
        }
        match &self.body {
            Some(_) if !self.method.has_body() => {
                faults.push(Fault::new("/body", "no_body_taken").arg("method", self.method.key()));
            }
            Some(body) => check_body(body, "/body", form, catalogue, &mut faults),
            None => {}
        }
        faults.extend(self.secret_fault(place.as_ref(), form, catalogue));
        faults
    }

    /// What is wrong with the secret that it names.
    fn secret_fault(&self, place: Option<&Place>, form: &Form, catalogue: &dyn Catalogue) -> Option<Fault> {
        let name = self.secret.as_deref()?;
        let secrets = catalogue.secrets(&form.sketch.app)?;
        let Some(secret) = secrets.get(name) else {
            return Some(Fault::new("/secret", "unknown_secret").arg("secret", name));
        };
        let place = place?;
        if secret.is_sent && !place.is_https {
            return Some(Fault::new("/url", "secret_needs_https").arg("secret", name));
        }
        let fits = secret.hosts.contains(&place.host);
        let host = &place.host;
        (!fits).then(|| Fault::new("/secret", "secret_not_for_host").arg("secret", name).arg("host", host))
    }

    /// The paths through links that writing it reads.
    pub fn link_reads(&self, form: &Form, catalogue: &dyn Catalogue) -> Vec<Reach> {
        let mut found: BTreeSet<Reach> = reads_of(self.templates(), form, catalogue).into_iter().collect();
        let mut named = BTreeSet::new();
        each_stand_in(self.body.as_ref(), &mut |stand_in| match stand_in {
            StandIn::Field(path) => {
                named.extend(form.find(path, catalogue).ok().map(|(reach, _)| reach));
            }
            StandIn::Formula(source) => {
                let formula = form.formula(source, &Type::Any, catalogue);
                named.extend(formula.iter().flat_map(|formula| formula.reaches().cloned()));
            }
        });
        found.extend(form.reads_behind(named));
        found.into_iter().collect()
    }

    /// The call as it is sent for a record.
    pub fn request(&self, record: &OnRecord<'_>) -> CallRequest {
        let text = |path: &str| plain(&record.written(path, None));
        let headers = self.headers.iter();
        let headers =
            headers.map(|(name, value)| (name.to_ascii_lowercase(), header_text(&fill_text(value, &text))));
        let mut budget = Budget::for_record();
        let body = self.body.as_ref().map(|body| written(body, record, &mut budget).to_string());
        CallRequest {
            method: self.method,
            url: fill_text(&self.url, &|path| escaped(&text(path))),
            headers: headers.collect(),
            body,
        }
    }
}

/// What stands in a body in the place of a value.
enum StandIn<'b> {
    Field(&'b str),
    Formula(&'b str),
}

fn stand_in(members: &Map<String, Json>) -> Option<StandIn<'_>> {
    let (name, value) = members.iter().next().filter(|_| members.len() == 1)?;
    match (name.as_str(), value) {
        ("field", Json::String(path)) => Some(StandIn::Field(path)),
        ("formula", Json::String(source)) => Some(StandIn::Formula(source)),
        _ => None,
    }
}

/// Every text of a body that is a template.
fn each_text<'b>(body: Option<&'b Json>, found: &mut impl FnMut(&'b str)) {
    each(body, &mut |json| {
        if let Json::String(text) = json {
            found(text);
        }
    });
}

fn each_stand_in<'b>(body: Option<&'b Json>, found: &mut impl FnMut(StandIn<'b>)) {
    each(body, &mut |json| {
        if let Some(known) = json.as_object().and_then(stand_in) {
            found(known);
        }
    });
}

/// A body and everything in it, but for what stands in the place of values.
fn each<'b>(body: Option<&'b Json>, found: &mut impl FnMut(&'b Json)) {
    let mut waiting: Vec<&Json> = body.into_iter().collect();
    while let Some(json) = waiting.pop() {
        found(json);
        match json {
            Json::Array(items) => waiting.extend(items),
            Json::Object(members) if stand_in(members).is_none() => waiting.extend(members.values()),
            Json::Object(_) | Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
}

fn check_body(body: &Json, at: &str, form: &Form, catalogue: &dyn Catalogue, faults: &mut Faults) {
    match body {
        Json::String(text) => {
            let unknown = unknown_in(text, form, catalogue).into_iter();
            faults.extend(unknown.map(|path| Fault::new(at, "unknown_field").arg("field", path)));
        }
        Json::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                check_body(item, &format!("{at}/{place}"), form, catalogue, faults);
            }
        }
        Json::Object(members) => match stand_in(members) {
            Some(StandIn::Field(path)) => {
                if form.find(path, catalogue).is_err() {
                    faults.push(Fault::new(at, "unknown_field").arg("field", path));
                }
            }
            Some(StandIn::Formula(source)) => {
                let wrong = form.formula(source, &Type::Any, catalogue).err();
                faults.extend(wrong.map(|fault| Fault { path: format!("{at}/formula"), ..fault }));
            }
            None => {
                for (name, inner) in members {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    check_body(inner, &format!("{at}/{name}"), form, catalogue, faults);
                }
            }
        },
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// A body with the values of a record.
fn written(body: &Json, record: &OnRecord<'_>, budget: &mut Budget) -> Json {
    match body {
        Json::String(text) => Json::String(fill_text(text, &|path| plain(&record.written(path, None)))),
        Json::Array(items) => items.iter().map(|item| written(item, record, budget)).collect(),
        Json::Object(members) => match stand_in(members) {
            Some(StandIn::Field(path)) => record.written(path, None),
            Some(StandIn::Formula(source)) => {
                let formula = record.form.formula(source, &Type::Any, record.catalogue);
                let value = match formula {
                    Ok(formula) => formula.evaluate(record.source, record.context, budget),
                    // What it names was taken away since the flow was published.
                    Err(_) => Value::Error(ErrorValue::Ref),
                };
                typed(&value)
            }
            None => members
                .iter()
                .map(|(name, inner)| (name.clone(), written(inner, record, budget)))
                .collect::<Map<String, Json>>()
                .into(),
        },
        Json::Null | Json::Bool(_) | Json::Number(_) => body.clone(),
    }
}

/// What a formula gives as JSON: a number with its digits.
fn typed(value: &Value) -> Json {
    match value {
        Value::Empty => Json::Null,
        Value::Bool(is) => Json::Bool(*is),
        Value::Number(number) => serde_json::from_str(&number.normalize().to_string()).unwrap_or_default(),
        Value::Text(text) => Json::String(text.clone()),
        Value::Date(date) => Json::String(format_date(*date)),
        Value::DateTime(at) => Json::String(format_timestamp(*at)),
        Value::Time(time) => Json::String(format_time(*time)),
        Value::Ref(id) => Json::String(id.to_string()),
        Value::List(items) => items.iter().map(typed).collect(),
        Value::Rows(rows) => {
            let row = |values: &crate::value::Values| -> Map<String, Json> {
                values.iter().map(|(key, value)| (key.clone(), typed(value))).collect()
            };
            rows.iter().map(|of| Json::Object(row(&of.values))).collect()
        }
        Value::Error(error) => serde_json::json!({ "error": error.code() }),
    }
}

/// A written value in the midst of a text.
fn plain(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
