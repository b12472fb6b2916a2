//! The page: subjects with their operations, then the types that these name. All of it is there when it comes; what is folded is
//! unfolded by the browser itself, also where a link or a search leads into it.

use std::collections::BTreeMap;

use engine::text::Language;
use serde_json::Value as Json;

use super::schema::{anchor, code, members, type_of};
use crate::texts::texts;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
const NAMES: [(Language, &str); 3] =
    [(Language::ZhCn, "简体中文"), (Language::ZhTw, "繁體中文"), (Language::En, "English")];

/// The words of the page in a language.
#[derive(Clone, Copy)]
struct Words(Language);

impl Words {
    fn say(self, key: &str) -> String {
        let told = texts(self.0).get(key, &BTreeMap::new());
        escaped(&told.unwrap_or_default())
    }
}

/// Text as it stands in HTML.
pub fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, letter| {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            letter => html.push(letter),
        }
        html
    })
}

pub fn joined(parts: impl Iterator<Item = String>, sign: &str) -> String {
    parts.collect::<Vec<_>>().join(sign)
}

/// Whether a member that is a list has this text in it.
pub fn is_listed(schema: &Json, member: &str, name: &str) -> bool {
    schema.get(member).and_then(Json::as_array).is_some_and(|list| list.iter().any(|one| one == name))
}

/// A text of the document in an element, where there is one.
pub fn said(element: &str, text: Option<&Json>) -> String {
    let text = text.and_then(Json::as_str).filter(|text| !text.trim().is_empty());
    text.map(|text| format!("<{element}>{}</{element}>", escaped(text))).unwrap_or_default()
}

/// The page about the API that the document describes.
pub fn page(document: &Json, language: Language) -> String {
    let words = Words(language);
    let subjects = subjects(document);
    let links =
        subjects.keys().map(|subject| format!("<li><a href=\"#of-{0}\">{0}</a></li>", escaped(subject)));
    let links: String = links.collect();
    let sections: String =
        subjects.iter().map(|(subject, operations)| section(subject, operations, words)).collect();
    let types = document.pointer("/components/schemas").and_then(Json::as_object);
    let types: String =
        types.into_iter().flatten().map(|(name, schema)| about_type(name, schema, words)).collect();
    let version = document.pointer("/info/version").and_then(Json::as_str).unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/api/docs/style.css\">\n</head>\n<body>\n\
         <header>\n<a class=\"skip\" href=\"#operations\">{skip}</a>\n<h1>{title} <small>{version}</small></h1>\n{languages}\n\
         <p>{intro}</p>\n<p><a href=\"/api/v1/openapi.json\">{machine}</a></p>\n{documents}\n</header>\n\
         <nav class=\"subjects\" aria-label=\"{subjects_label}\"><ul>{links}<li><a href=\"#types\">{types_label}</a></li></ul></nav>\n\
         <main id=\"operations\">\n{sections}<section>\n<h2 id=\"types\">{types_label}</h2>\n{types}</section>\n</main>\n\
         </body>\n</html>\n",
        tag = language.tag(),
        title = words.say("docs-title"),
        skip = words.say("docs-skip"),
        version = escaped(version),
        languages = languages(words),
        intro = words.say("docs-intro"),
        machine = words.say("docs-machine"),
        documents = documents(words),
        subjects_label = words.say("docs-subjects"),
        types_label = words.say("docs-types"),
    )
}

fn languages(words: Words) -> String {
    let links = NAMES.iter().map(|(language, name)| {
        let (tag, here) = (language.tag(), if *language == words.0 { " aria-current=\"true\"" } else { "" });
        format!(
            "<li><a href=\"/api/docs?language={tag}\" lang=\"{tag}\" hreflang=\"{tag}\"{here}>{name}</a></li>"
        )
    });
    let links: String = links.collect();
    format!("<nav class=\"languages\" aria-label=\"{}\"><ul>{links}</ul></nav>", words.say("docs-language"))
}

/// The schemas of what people exchange.
fn documents(words: Words) -> String {
    let links = engine::package::DOCUMENTS
        .iter()
        .map(|name| format!("<a href=\"/api/v1/schemas/{name}\"><code>{name}</code></a>"));
    format!("<p>{} {}</p>", words.say("docs-documents"), joined(links, " "))
}

/// One operation of the document.
struct Operation<'d> {
    method: &'static str,
    path: &'d str,
    about: &'d Json,
}

/// The operations by their subject.
fn subjects(document: &Json) -> BTreeMap<&str, Vec<Operation<'_>>> {
    let mut subjects: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
    let paths = document.get("paths").and_then(Json::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(about) = item.get(method) else { continue };
            let subject = about.pointer("/tags/0").and_then(Json::as_str).unwrap_or_default();
            subjects.entry(subject).or_default().push(Operation { method, path, about });
        }
    }
    subjects
}

fn section(subject: &str, operations: &[Operation<'_>], words: Words) -> String {
    let all: String = operations.iter().map(|operation| operation.html(words)).collect();
    format!("<section>\n<h2 id=\"of-{0}\">{0}</h2>\n{all}</section>\n", escaped(subject))
}

impl Operation<'_> {
    fn html(&self, words: Words) -> String {
        let Operation { method, path, about } = self;
        let is_open = about.get("security").and_then(Json::as_array).is_some_and(Vec::is_empty);
        let who = words.say(if is_open { "docs-anybody" } else { "docs-signed-in" });
        let id = about.get("operationId").and_then(Json::as_str).unwrap_or_default();
        format!(
            "<details>\n<summary><span class=\"method {method}\">{}</span> <code>{}</code> {}</summary>\n\
             <div id=\"{}\"><p>{who}</p>{}{}{}</div>\n</details>\n",
            method.to_ascii_uppercase(),
            escaped(path),
            said("span", about.get("summary")),
            escaped(id),
            self.parameters(words),
            self.body(words),
            self.answers(words),
        )
    }

    fn parameters(&self, words: Words) -> String {
        let all = self.about.get("parameters").and_then(Json::as_array);
        let rows = all.into_iter().flatten().map(|parameter| {
            let text = |member: &str| parameter.get(member).and_then(Json::as_str).unwrap_or_default();
            let required = match parameter.get("required") {
                Some(Json::Bool(true)) => format!(" <small>{}</small>", words.say("docs-required")),
                _ => String::new(),
            };
            let kind = parameter.get("schema").map(type_of).unwrap_or_default();
            let about = said("p", parameter.get("description"));
            format!(
                "<dt>{} <small>{}</small>{required}</dt><dd>{kind}{about}</dd>",
                code(text("name")),
                escaped(text("in"))
            )
        });
        titled(&words.say("docs-parameters"), &rows.collect::<String>())
    }

    fn body(&self, words: Words) -> String {
        let rows = self.about.get("requestBody").map(|body| content(body, words)).unwrap_or_default();
        titled(&words.say("docs-body"), &rows)
    }

    fn answers(&self, words: Words) -> String {
        let all = self.about.get("responses").and_then(Json::as_object);
        let rows = all.into_iter().flatten().map(|(status, answer)| {
            let about = said("p", answer.get("description"));
            let inside = content(answer, words);
            let inside = if inside.is_empty() { inside } else { format!("<dl>{inside}</dl>") };
            format!("<dt>{}</dt><dd>{about}{inside}</dd>", code(status))
        });
        titled(&words.say("docs-answers"), &rows.collect::<String>())
    }
}

/// A list under its title; nothing where it is empty.
fn titled(title: &str, rows: &str) -> String {
    if rows.is_empty() { String::new() } else { format!("<h3>{title}</h3><dl>{rows}</dl>") }
}

/// What a body is made of, by media type.
fn content(holder: &Json, words: Words) -> String {
    let all = holder.get("content").and_then(Json::as_object);
    let rows = all.into_iter().flatten().map(|(media_type, about)| {
        let schema = about.get("schema");
        let kind = schema.map(type_of).unwrap_or_default();
        let inside = schema.map(|schema| members(schema, &words.say("docs-required"))).unwrap_or_default();
        format!("<dt>{}</dt><dd>{kind}{inside}</dd>", code(media_type))
    });
    rows.collect()
}

fn about_type(name: &str, schema: &Json, words: Words) -> String {
    let inside = members(schema, &words.say("docs-required"));
    let kind = if inside.is_empty() { format!("<p>{}</p>", type_of(schema)) } else { inside };
    format!(
        "<details>\n<summary><code>{}</code></summary>\n<div id=\"{}\">{}{kind}</div>\n</details>\n",
        escaped(name),
        anchor(name),
        said("p", schema.get("description")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::doc::document;

    #[test]
    fn every_operation_and_type_is_on_the_page_in_each_language() {
        let document = serde_json::to_value(document()).unwrap();
        for language in Language::ALL {
            let page = page(&document, language);
            for (path, item) in document["paths"].as_object().unwrap() {
                for about in item.as_object().unwrap().values() {
                    let id = about["operationId"].as_str().unwrap();
                    assert!(page.contains(&format!("<div id=\"{id}\">")), "{path}: {id}");
                }
            }
            let types = document["components"]["schemas"].as_object().unwrap();
            for name in types.keys() {
                assert!(page.contains(&format!("<div id=\"type-{name}\">")), "{name}");
            }
            // Each link leads to something of the page, or to the server itself.
            for target in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let is_there = match target.strip_prefix('#') {
                    Some(id) => page.contains(&format!(" id=\"{id}\"")),
                    None => target.starts_with("/api/") || target == "data:,",
                };
                assert!(is_there, "{target}");
            }
            assert!(!page.contains("<script") && !page.contains("style="), "nothing that the policy refuses");
            assert!(
                !page.contains("<h3></h3>") && !page.contains("<p></p>"),
                "all has its words: {language:?}"
            );
        }
    }

    #[test]
    fn the_words_of_the_page_are_those_of_its_reader() {
        let document = serde_json::to_value(document()).unwrap();
        for (language, word) in
            [(Language::ZhCn, "参数"), (Language::ZhTw, "參數"), (Language::En, "Parameters")]
        {
            let page = page(&document, language);
            assert!(page.contains(&format!("<h3>{word}</h3>")), "{word}");
            assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
        }
    }

    #[test]
    fn what_the_document_says_is_text() {
        let document = serde_json::json!({"paths": {"/a": {"get": {"tags": ["<b>"], "operationId": "x\"y",
            "summary": "<script>alert(1)</script>", "responses": {}}}}});
        let page = page(&document, Language::En);
        assert!(!page.contains("<script>") && !page.contains("<b>"), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
    }
}
