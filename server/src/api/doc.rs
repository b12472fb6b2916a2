//! The description of an endpoint, written beside its handler; all of them together are the OpenAPI document. What any
//! endpoint may answer for what it takes, such as a body, is added here; so are the headers that its handler reads.

use std::any::type_name;
use std::collections::BTreeMap;

use axum::http::Method;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, Info, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required};
use utoipa::openapi::{ResponseBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::extract::{IfMatch, IfMatchIfAny, Once};
use super::routes::{Policy, Route, routes};

type Schemas = Vec<(String, RefOr<Schema>)>;

/// Where the schemas of documents are served.
const DOCUMENTS: &str = "/api/v1/schemas/";

/// How one signs in: the browser by its cookie, programs by a token.
const SESSION: &str = "session";
const TOKEN: &str = "token";

/// What an endpoint says about itself.
pub struct Doc {
    operation: OperationBuilder,
    schemas: Schemas,
    takes_body: bool,
    /// The type of the JSON body, where it is one of ours.
    body: Option<&'static str>,
    takes_query: bool,
    /// Problem codes by status.
    refusals: BTreeMap<u16, Vec<&'static str>>,
}

impl Doc {
    fn new() -> Doc {
        Doc {
            operation: OperationBuilder::new(),
            schemas: Vec::new(),
            takes_body: false,
            body: None,
            takes_query: false,
            refusals: BTreeMap::new(),
        }
    }

    /// What it does, in a few words.
    pub fn summary(mut self, text: &str) -> Doc {
        self.operation = self.operation.summary(Some(text));
        self
    }

    /// A parameter after `?`.
    pub fn query(mut self, name: &str, text: &str) -> Doc {
        self.takes_query = true;
        self.operation = self.operation.parameter(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(text))
                .schema(Some(String::schema())),
        );
        self
    }

    /// A header that it takes.
    pub fn header(self, name: &str, text: &str) -> Doc {
        self.header_of(name, text, Required::False)
    }

    fn header_of(mut self, name: &str, text: &str, required: Required) -> Doc {
        self.operation = self.operation.parameter(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Header)
                .required(required)
                .description(Some(text))
                .schema(Some(String::schema())),
        );
        self
    }

    /// The body it takes.
    pub fn takes<T: ToSchema>(mut self) -> Doc {
        let schema = self.reference::<T>();
        self.takes_json(type_name::<T>(), schema)
    }

    /// The document of a design, of which the server gives the schema.
    pub fn takes_document(self, document: &str) -> Doc {
        self.takes_json(type_name::<serde_json::Value>(), document_schema(document))
    }

    /// The document of a form, which may say besides that it is not published yet.
    pub fn takes_form(self) -> Doc {
        let draft = ObjectBuilder::new().property("draft", bool::schema()).required("draft");
        let draft = draft.description(Some("The document of the form, and whether it stays a draft"));
        let either = AnyOfBuilder::new().item(document_schema("form")).item(draft);
        self.takes_json(type_name::<serde_json::Value>(), either.into())
    }

    fn takes_json(mut self, body: &'static str, schema: RefOr<Schema>) -> Doc {
        self.takes_body = true;
        self.body = Some(body);
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body = RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(Required::True))
            .build();
        self.operation = self.operation.request_body(Some(body));
        self
    }

    /// A body that is no JSON of ours.
    pub fn takes_other(mut self, media_type: &str) -> Doc {
        self.takes_body = true;
        let body = RequestBodyBuilder::new().content(media_type, ContentBuilder::new().build()).build();
        self.operation = self.operation.request_body(Some(body));
        self
    }

    /// A good answer with a body.
    pub fn answers<T: ToSchema>(mut self, status: u16) -> Doc {
        let schema = self.reference::<T>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new().description("").content("application/json", content);
        self.operation = self.operation.response(status.to_string(), response);
        self
    }

    /// A page of a list, with where the next one starts.
    pub fn lists<T: ToSchema>(mut self) -> Doc {
        let item = self.reference::<T>();
        let list = ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(item))
            .required("items")
            .property("next", Option::<String>::schema());
        let content = ContentBuilder::new().schema(Some(list)).build();
        let response = ResponseBuilder::new().description("").content("application/json", content);
        self.operation = self.operation.response("200", response);
        self
    }

    /// A good answer without a JSON body.
    pub fn empty(mut self, status: u16, text: &str) -> Doc {
        self.operation =
            self.operation.response(status.to_string(), ResponseBuilder::new().description(text));
        self
    }

    /// The problem codes it may answer with `status`, besides those that every endpoint has.
    pub fn refuses(mut self, status: u16, codes: &[&'static str]) -> Doc {
        let told = self.refusals.entry(status).or_default();
        for code in codes {
            if !told.contains(code) {
                told.push(code);
            }
        }
        self
    }

    /// What the doors before the handler, and the extractors of what it takes, may answer.
    fn refuses_as_all_do(self, route: &Route) -> Doc {
        let mut doc = self.refuses(421, &["misdirected"]).refuses(503, &["busy", "timeout"]);
        if !route.policy.is_for_strangers() {
            doc = doc.refuses(401, &["sign_in_required"]).refuses(403, &["second_factor_required"]);
        }
        // Besides what a route lets in of one member or address, an installation may limit what a token asks for.
        if !route.policy.is_for_strangers() || route.rate.is_some() {
            doc = doc.refuses(429, &["too_many_requests"]);
        }
        if route.is_heavy() {
            doc = doc.refuses(429, &["too_many_questions"]);
        }
        match route.policy {
            Policy::Open | Policy::Public | Policy::Entering | Policy::Oneself | Policy::SignedIn => {}
            Policy::Read | Policy::Write | Policy::Design => doc = doc.refuses(403, &["scope_too_narrow"]),
            Policy::Administer => doc = doc.refuses(403, &["scope_too_narrow", "forbidden"]),
        }
        if route.method != Method::GET {
            doc = doc.refuses(403, &["cross_site"]);
        }
        if !route.only_reads() && !route.policy.is_for_strangers() {
            doc = doc.refuses(403, &["see_as_reads_only"]);
        }
        if route.needs_room() {
            doc = doc.refuses(507, &["disk_full"]);
        }
        if route.path.contains('{') {
            doc = doc.refuses(404, &["not_found"]);
        }
        if doc.takes_body {
            doc = doc.refuses(400, &["malformed_json", "malformed_request"]).refuses(413, &["too_large"]);
            doc =
                doc.refuses(415, &["unsupported_media_type"]).refuses(422, &["repeated_member", "too_deep"]);
        }
        if route.refuses_parameters() {
            doc = doc.refuses(422, &["unknown_member"]);
        }
        if doc.takes_body || doc.takes_query {
            doc = doc.refuses(422, &["validation", "unknown_member"]);
        }
        if doc.refusals.contains_key(&428) {
            doc = doc.refuses(412, &["stale"]).refuses(422, &["validation"]);
        }
        if route.method == Method::POST && !route.policy.is_for_strangers() {
            doc = doc.refuses(409, &["idempotency_in_progress"]);
            doc = doc.refuses(422, &["validation", "idempotency_key_reused"]);
        }
        doc
    }

    /// The headers that its handler reads: the version that a change started from, and the name of a request.
    fn takes_headers_of(self, route: &Route) -> Doc {
        let version = "The version that the change started from, as its ETag has it (`\"7\"`); `*` says that any will do";
        let name = "A name for this request, of up to 255 characters: repeated within 24 hours, it gets its first answer again";
        let mut doc = self;
        if route.reads::<IfMatch>() {
            doc = doc.header_of("If-Match", version, Required::True);
        }
        if route.reads::<IfMatchIfAny>() {
            doc = doc.header("If-Match", version);
        }
        if route.reads::<Once>() {
            doc = doc.header("Idempotency-Key", name);
        }
        doc
    }

    /// The operation with its problems, and the schemas that it names.
    fn finished(self) -> (OperationBuilder, Schemas) {
        let mut operation = self.operation;
        for (status, codes) in self.refusals {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let response = ResponseBuilder::new()
                .description(codes.join(", "))
                .content("application/problem+json", content);
            operation = operation.response(status.to_string(), response);
        }
        (operation, self.schemas)
    }

    fn reference<T: ToSchema>(&mut self) -> RefOr<Schema> {
        T::schemas(&mut self.schemas);
        self.schemas.push((T::name().into_owned(), T::schema()));
        Ref::from_schema_name(T::name()).into()
    }
}

/// The whole document.
pub fn document() -> OpenApi {
    let mut paths = utoipa::openapi::Paths::new();
    let mut schemas: Schemas = vec![("Problem".into(), wire::Problem::schema())];
    wire::Problem::schemas(&mut schemas);
    for route in routes() {
        let doc = (route.doc)(Doc::new()).refuses_as_all_do(&route).takes_headers_of(&route);
        let (operation, named) = doc.finished();
        schemas.extend(named);
        let mut operation = operation.operation_id(Some(operation_id(&route))).tag(tag(route.path));
        for name in names_in(route.path) {
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(ObjectBuilder::new().schema_type(utoipa::openapi::Type::String))),
            );
        }
        if route.policy.is_for_strangers() {
            operation = operation.securities(Some([]));
        }
        if let Some(method) = http_method(&route) {
            paths.add_path_operation(route.path, vec![method], operation.build());
        }
    }
    let components = schemas
        .into_iter()
        .fold(utoipa::openapi::ComponentsBuilder::new(), |all, (name, schema)| all.schema(name, schema));
    let components = components.security_scheme(SESSION, session()).security_scheme(TOKEN, token());
    // One of the two is enough.
    let needed = [SESSION, TOKEN].map(|name| SecurityRequirement::new(name, [] as [&str; 0]));
    OpenApiBuilder::new()
        .info(Info::new("Formwork", env!("CARGO_PKG_VERSION")))
        .paths(paths)
        .components(Some(components.build()))
        .security(Some(needed))
        .build()
}

fn session() -> SecurityScheme {
    let about = "The session of a browser, from POST /auth/login; over HTTPS the cookie is called __Host-sid. \
                 A change comes from the server's own pages";
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("sid", about)))
}

fn token() -> SecurityScheme {
    let about = "A token from POST /tokens, with the rights of its owner as far as its scopes go";
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("fwk_…");
    SecurityScheme::Http(bearer.description(Some(about)).build())
}

/// The schema of a document, where it is served.
fn document_schema(document: &str) -> RefOr<Schema> {
    Ref::new(format!("{DOCUMENTS}{document}")).into()
}

/// `GET /forms/{form}/records/{id}` becomes `get_forms_form_records_id`.
fn operation_id(route: &Route) -> String {
    let path: String = route
        .path
        .trim_start_matches("/api/v1")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let words: Vec<&str> = path.split('_').filter(|word| !word.is_empty()).collect();
    format!("{}_{}", route.method.as_str().to_ascii_lowercase(), words.join("_"))
}

fn tag(path: &str) -> &str {
    path.trim_start_matches("/api")
        .trim_start_matches("/v1")
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default()
}

/// The names in braces.
fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn http_method(route: &Route) -> Option<utoipa::openapi::HttpMethod> {
    use utoipa::openapi::HttpMethod;
    match route.method.as_str() {
        "GET" => Some(HttpMethod::Get),
        "POST" => Some(HttpMethod::Post),
        "PUT" => Some(HttpMethod::Put),
        "PATCH" => Some(HttpMethod::Patch),
        "DELETE" => Some(HttpMethod::Delete),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::extract::{Body, Raw};
    use super::*;

    #[test]
    fn what_any_endpoint_may_answer_is_told_beside_what_it_says_itself() {
        let document = serde_json::to_value(document()).unwrap();
        let told = |method: &str, path: &str, status: &str| {
            let response = &document["paths"][path][method]["responses"][status];
            response["description"].as_str().unwrap_or_default().to_string()
        };
        let record = "/api/v1/forms/{form}/records";
        assert_eq!(told("post", record, "401"), "sign_in_required");
        assert_eq!(
            told("post", record, "403"),
            "forbidden, second_factor_required, scope_too_narrow, cross_site, see_as_reads_only"
        );
        assert_eq!(told("post", record, "415"), "unsupported_media_type");
        assert!(
            told("post", record, "422")
                .starts_with("validation, unknown_member, unknown_field, not_writable, ")
        );
        assert_eq!(told("post", record, "507"), "disk_full");
        assert_eq!(told("get", "/live", "401"), "");
        assert!(told("patch", "/api/v1/forms/{form}/records/{id}", "412").starts_with("stale"));
        assert_eq!(told("post", "/api/v1/forms/{form}/export", "429"), "too_many_exports, too_many_requests");
        assert_eq!(told("get", "/api/v1/search", "429"), "too_many_requests, too_many_questions");
        assert_eq!(told("post", "/api/v1/setup", "429"), "too_many_requests");
        assert_eq!(told("get", "/api/v1/setup", "429"), "");
    }

    /// What is said of a body is what the handler reads.
    #[test]
    fn the_body_that_is_described_is_the_one_that_is_read() {
        let of_json = format!("{}<", type_name::<Body<()>>().split_once('<').unwrap().0);
        let mut compared = 0;
        for route in routes() {
            let doc = (route.doc)(Doc::new());
            // `Body<wire::Login, 64>`: the type, and how deep it may nest.
            let read = route.extractors.split_once(&of_json).map(|(_, rest)| rest);
            let place = format!("{} {}", route.method, route.path);
            match (doc.body, read) {
                (Some(told), Some(read)) => {
                    compared += 1;
                    assert!(read.starts_with(&format!("{told}, ")), "{place}: {told}, but {read}");
                }
                (None, None) => {}
                // What is signed is read as it came.
                (Some(_), None) if route.reads::<Raw>() => {}
                (told, read) => panic!("{place}: {told:?}, but {read:?}"),
            }
        }
        assert!(compared > 80, "{compared}");
    }

    #[test]
    fn headers_that_are_read_are_parameters() {
        let document = serde_json::to_value(document()).unwrap();
        let header = |method: &str, path: &str, name: &str| -> Option<bool> {
            let parameters = document["paths"][path][method]["parameters"].as_array()?;
            let found = parameters.iter().find(|one| one["in"] == "header" && one["name"] == name)?;
            found["required"].as_bool()
        };
        let records = "/api/v1/forms/{form}/records";
        let record = "/api/v1/forms/{form}/records/{id}";
        assert_eq!(header("patch", record, "If-Match"), Some(true));
        assert_eq!(header("delete", record, "If-Match"), Some(true));
        assert_eq!(header("put", "/api/v1/forms/{form}/flow/draft", "If-Match"), Some(false));
        assert_eq!(header("post", records, "Idempotency-Key"), Some(false));
        assert_eq!(header("post", records, "If-Match"), None);
        assert_eq!(header("get", records, "Idempotency-Key"), None);
        for route in routes() {
            let needs = (route.doc)(Doc::new()).refusals.contains_key(&428);
            let reads = route.reads::<IfMatch>() || route.reads::<IfMatchIfAny>();
            assert_eq!(reads, needs, "{} {}", route.method, route.path);
        }
    }

    #[test]
    fn every_document_that_is_named_has_a_schema() {
        let text = serde_json::to_string(&document()).unwrap();
        let named = text.split(DOCUMENTS).skip(1).filter_map(|rest| rest.split('"').next());
        let named: Vec<&str> = named.filter(|name| !name.starts_with('{')).collect();
        assert!(named.len() > 8, "{named:?}");
        for name in named {
            assert!(engine::package::document_schema(name).is_some(), "{name}");
        }
    }

    #[test]
    fn every_route_is_in_the_document() {
        let document = serde_json::to_value(document()).unwrap();
        for route in routes() {
            let method = route.method.as_str().to_ascii_lowercase();
            let operation = &document["paths"][route.path][&method];
            assert!(operation["summary"].is_string(), "{} {}", route.method, route.path);
            assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()));
        }
        let text = document.to_string();
        for name in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document["components"]["schemas"][name].is_object(), "schema {name} is missing");
        }
    }
}
