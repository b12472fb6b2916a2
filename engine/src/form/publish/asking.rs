//! What a form asks of others: queries, and defaults that are linked.

use std::sync::Arc;

use super::super::asking::{Asked, CheckedLinkage, CheckedQuery, CheckedSort, Copied, Question};
use super::super::sketch::Surroundings;
use super::super::{Field, Sketch};
use super::Publisher;
use crate::condition::{Checked, Condition, Fields, Reach};
use crate::field::{FieldKind, Linkage, Origin, Reference, Shape, SortRule, Take, options};
use crate::text::{Fault, Faults};

/// The fields of what is asked, in a condition that may name fields of the record that asks.
struct Asking<'a> {
    inside: &'a Surroundings<'a>,
    asker: &'a Surroundings<'a>,
}

impl Fields for Asking<'_> {
    fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault> {
        self.inside.find(path)
    }

    fn asker(&self) -> Option<&dyn Fields> {
        Some(self.asker)
    }
}

/// What is asked of whom, as a document says it.
struct Rule<'r> {
    origin: &'r Origin,
    filter: Option<&'r Condition>,
    sort: &'r [SortRule],
}

impl Publisher<'_> {
    /// The list that a query shows.
    pub(super) fn query(
        &mut self,
        around: &Surroundings,
        pointer: &str,
        query: &options::Query,
    ) -> Option<CheckedQuery> {
        let place = format!("{pointer}/options");
        let rule = Rule { origin: &query.form, filter: query.filter.as_ref(), sort: &query.sort };
        let (question, there) = self.question(around, &place, &rule)?;
        let inside = Surroundings { sketch: &there, catalogue: self.catalogue, row_of: None };
        for (inner, path) in query.columns.iter().enumerate() {
            let known =
                inside.find(path).is_ok_and(|(reach, kind)| reach.rows.is_none() && kind.holds_data());
            let has_system_fields = matches!(question.of, Asked::Records(_));
            let is_own = (has_system_fields && path.starts_with('$')) || there.document.field(path).is_some();
            if !known || !is_own {
                let at = format!("{place}/columns/{inner}");
                self.faults.push(Fault::new(at, "unknown_field").arg("field", path));
            }
        }
        Some(CheckedQuery { question, columns: query.columns.clone(), limit: query.limit() })
    }

    /// A default that another form gives.
    pub(super) fn linkage(
        &mut self,
        around: &Surroundings,
        place: &str,
        field: &Field,
        linkage: &Linkage,
    ) -> Option<CheckedLinkage> {
        if linkage.filter.tests().is_empty() {
            self.faults.push(Fault::new(format!("{place}/filter"), "required"));
        }
        let rule = Rule { origin: &linkage.form, filter: Some(&linkage.filter), sort: &linkage.sort };
        let (question, there) = self.question(around, place, &rule)?;
        let copies = match &field.kind {
            FieldKind::Subform(_) => self.copied_columns(place, field, linkage, &there),
            _ => self.copied_field(place, field, linkage, &there).into_iter().collect(),
        };
        Some(CheckedLinkage { question, take: linkage.take, copies })
    }

    /// Which records a link offers: of the other form, held against the record that links.
    pub(super) fn offered(
        &mut self,
        around: &Surroundings,
        inside: &Surroundings,
        place: &str,
        filter: Option<&Condition>,
    ) -> Option<Checked> {
        let checked = Checked::new(filter?, &Asking { inside, asker: around });
        self.accepted(place, checked)
    }

    fn question(
        &mut self,
        around: &Surroundings,
        place: &str,
        rule: &Rule,
    ) -> Option<(Question, Arc<Sketch>)> {
        let name = rule.origin.name();
        if name.is_empty() {
            // That it is missing is said by the options of a query; of a default nothing else says it.
            if !place.ends_with("/options") {
                self.faults.push(Fault::new(format!("{place}/form"), "required"));
            }
            return None;
        }
        let app = &self.sketch.app;
        let found = match rule.origin {
            Origin::Form(name) => self.catalogue.form(app, name).map(|form| (Asked::Records(form.id), form)),
            Origin::Aggregate(name) => {
                self.catalogue.table(app, name).map(|table| (Asked::Groups(table.id), table))
            }
        };
        let Some((of, there)) = found else {
            self.faults.push(Fault::new(format!("{place}/form"), "unknown_form").arg("form", name));
            return None;
        };
        let inside = Surroundings { sketch: &there, catalogue: self.catalogue, row_of: None };
        let filter = match rule.filter {
            Some(condition) => {
                let checked = Checked::new(condition, &Asking { inside: &inside, asker: around });
                self.accepted(&format!("{place}/filter"), checked)?
            }
            None => Checked::always(),
        };
        let mut sort = Vec::new();
        for (inner, by) in rule.sort.iter().enumerate() {
            let at = format!("{place}/sort/{inner}/field");
            match inside.find(&by.field) {
                Ok((reach, kind)) if is_sortable(&reach, &kind) => {
                    sort.push(CheckedSort { reach, kind, descending: by.desc });
                }
                Ok(_) => self.faults.push(Fault::new(at, "bad_operand").arg("field", &by.field)),
                Err(fault) => self.faults.push(Fault { path: at, ..fault }),
            }
        }
        let question = Question { of, filter, sort };
        self.check_group_fields(place, &question);
        Some((question, there))
    }

    /// The groups of a table have no system fields.
    fn check_group_fields(&mut self, place: &str, question: &Question) {
        if !matches!(question.of, Asked::Groups(_)) {
            return;
        }
        let is_of_record = |reach: &Reach| reach.hops.is_empty() && reach.field.starts_with('$');
        let unknown = |at: String, reach: &Reach| Fault::new(at, "unknown_field").arg("field", &reach.field);
        if let Some(test) = question.filter.tests().into_iter().find(|test| is_of_record(&test.reach)) {
            self.faults.push(unknown(format!("{place}/filter"), &test.reach));
        }
        for (inner, by) in question.sort.iter().enumerate().filter(|(_, by)| is_of_record(&by.reach)) {
            self.faults.push(unknown(format!("{place}/sort/{inner}/field"), &by.reach));
        }
    }

    /// What was checked, or its faults at a place.
    fn accepted<T>(&mut self, place: &str, checked: Result<T, Faults>) -> Option<T> {
        checked
            .map_err(|faults| {
                let placed = faults.into_iter().map(|fault| Fault { path: place.to_string(), ..fault });
                self.faults.extend(placed);
            })
            .ok()
    }

    fn copied_field(
        &mut self,
        place: &str,
        field: &Field,
        linkage: &Linkage,
        there: &Sketch,
    ) -> Option<Copied> {
        let at = format!("{place}/field");
        if !linkage.columns.is_empty() {
            let fault = Fault::new(format!("{place}/columns"), "not_allowed_here").arg("what", "columns");
            self.faults.push(fault);
        }
        let Some(path) = &linkage.field else {
            self.faults.push(Fault::new(at, "required"));
            return None;
        };
        let is_many = matches!(field.kind.shape(), Shape::Keys | Shape::Refs);
        if linkage.take == Take::All && !is_many {
            self.faults.push(Fault::new(format!("{place}/take"), "not_allowed_here").arg("what", "take"));
        }
        let source = self.source(&at, path, there)?;
        if source.from.contains('.') || !fits(&field.kind, &source.kind) {
            self.faults.push(Fault::new(at, "bad_operand").arg("field", path));
            return None;
        }
        Some(source)
    }

    fn copied_columns(
        &mut self,
        place: &str,
        subform: &Field,
        linkage: &Linkage,
        there: &Sketch,
    ) -> Vec<Copied> {
        if linkage.field.is_some() {
            let fault = Fault::new(format!("{place}/field"), "not_allowed_here").arg("what", "field");
            self.faults.push(fault);
        }
        if linkage.columns.is_empty() {
            self.faults.push(Fault::new(format!("{place}/columns"), "required"));
        }
        let mut copies: Vec<Copied> = Vec::new();
        let mut rows: Option<String> = None;
        for (inner, column) in linkage.columns.iter().enumerate() {
            let at = |member: &str| format!("{place}/columns/{inner}/{member}");
            let to = subform.columns().iter().find(|known| known.key == column.to);
            let Some(to) = to.filter(|to| to.is_input()) else {
                self.faults.push(Fault::new(at("to"), "unknown_field").arg("field", &column.to));
                continue;
            };
            let Some(source) = self.source(&at("from"), &column.from, there) else { continue };
            let of = source.from.split_once('.').map(|(rows, _)| rows.to_string());
            let is_other = of.is_some() && rows.is_some() && rows != of;
            if is_other || !fits(&to.kind, &source.kind) {
                self.faults.push(Fault::new(at("from"), "bad_operand").arg("field", &column.from));
                continue;
            }
            if copies.iter().any(|known| known.to.as_deref() == Some(column.to.as_str())) {
                self.faults.push(Fault::new(at("to"), "twice"));
            }
            rows = rows.or(of);
            copies.push(Copied { to: Some(column.to.clone()), ..source });
        }
        copies
    }

    /// A field of the other form, or a column of its rows.
    fn source(&mut self, at: &str, path: &str, there: &Sketch) -> Option<Copied> {
        let inside = Surroundings { sketch: there, catalogue: self.catalogue, row_of: None };
        let found = inside.find(path).ok().filter(|(_, kind)| kind.holds_data());
        // What a link leads to is the matter of a lookup there.
        let found = found.filter(|_| there.document.field(path).is_some());
        let Some((_, kind)) = found else {
            self.faults.push(Fault::new(at, "unknown_field").arg("field", path));
            return None;
        };
        Some(Copied { from: path.to_string(), kind, to: None })
    }
}

fn is_sortable(reach: &Reach, kind: &FieldKind) -> bool {
    let is_one =
        !matches!(kind.shape(), Shape::Keys | Shape::Refs | Shape::Rows | Shape::LongText | Shape::Markup);
    reach.rows.is_none() && is_one && kind.holds_data()
}

/// Whether what one field holds can be copied into another: what is one into what holds one or several, what is several
/// into what holds several; ids of one sort.
pub(super) fn fits(to: &FieldKind, from: &FieldKind) -> bool {
    let of_one = |shape: Shape| match shape {
        Shape::Keys => Shape::Key,
        Shape::Refs => Shape::Ref,
        Shape::Decimal(_) => Shape::Decimal(0),
        shape => shape,
    };
    let is_many = |kind: &FieldKind| matches!(kind.shape(), Shape::Keys | Shape::Refs);
    let (one, other) = (of_one(to.shape()), of_one(from.shape()));
    // A text of several lines fits into no single one.
    let is_line = |shape: Shape| matches!(shape, Shape::Text | Shape::Key);
    let alike = one == other || (is_line(other) && (is_line(one) || one == Shape::LongText));
    let holds_value = !matches!(one, Shape::Nothing | Shape::Rows);
    let is_file = to.reference() == Some(Reference::File);
    // A day is no month.
    let is_exact = to.name() != "month" || from.name() == "month";
    let same_ids = to.reference() == from.reference() && !is_file;
    holds_value && alike && is_exact && same_ids && (is_many(to) || !is_many(from))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::super::{Catalogue, Form};
    use super::*;
    use crate::value::Id;

    struct World(Vec<Arc<Sketch>>);

    impl Catalogue for World {
        fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
            self.0.iter().find(|sketch| sketch.document.key == name).cloned()
        }

        fn table(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
            let document = json!({"key": "stock", "label": "s", "fields": [
                {"key": "order", "label": "o", "kind": "link", "options": {"form": "order"}},
                {"key": "sum", "label": "s", "kind": "number"}]});
            let document = serde_json::from_value(document).ok().filter(|_| name == "stock")?;
            Some(Arc::new(Sketch { id: Id::from_i64(50)?, app: "x/aggregates".into(), document }))
        }
    }

    /// What is wrong with a form of these fields, beside one of orders.
    fn faults(fields: Json) -> Vec<String> {
        let order = json!({"key": "order", "label": "o", "fields": [
            {"key": "no", "label": "n", "kind": "text"},
            {"key": "amount", "label": "a", "kind": "number"},
            {"key": "buyer", "label": "b", "kind": "link", "options": {"form": "order"}},
            {"key": "dept", "label": "d", "kind": "department"},
            {"key": "team", "label": "t", "kind": "members"},
            {"key": "note", "label": "x", "kind": "long_text"},
            {"key": "proof", "label": "p", "kind": "files"},
            {"key": "line", "label": "l", "kind": "divider"},
            {"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [
                {"key": "sku", "label": "s", "kind": "text"}, {"key": "qty", "label": "q", "kind": "number"}]}}]});
        let own = json!({"key": "f", "label": "f", "fields": fields});
        let sketch = |(place, document): (usize, Json)| {
            let document = serde_json::from_value(document).unwrap();
            Arc::new(Sketch { id: Id::from_i64(place as i64 + 1).unwrap(), app: "x".into(), document })
        };
        let world = World([order, own].into_iter().enumerate().map(sketch).collect());
        let found = Form::publish(world.0[1].clone(), 1, &world).err().unwrap_or_default();
        found.into_iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect()
    }

    fn field(key: &str, kind: &str, options: Json) -> Json {
        json!({"key": key, "label": key, "kind": kind, "options": options})
    }

    fn alike(there: &str, op: &str, here: &str) -> Json {
        json!({"field": there, "op": op, "value": {"field": here}})
    }

    #[test]
    fn a_query_names_a_form_its_fields_and_fields_of_its_own_record() {
        let with = |options: Json| {
            let own = [field("no", "text", json!({})), field("depts", "departments", json!({}))];
            let query = field("list", "query", options);
            faults(own.into_iter().chain([query]).collect())
        };
        let right = json!({"form": "order", "columns": ["no", "buyer", "$created_at"], "limit": 5,
            "filter": {"all": [alike("no", "eq", "no"), alike("dept", "within", "depts"),
                {"field": "$id", "op": "ne", "value": {"field": "$id"}}, {"field": "amount", "op": "gt", "value": 1}]},
            "sort": [{"field": "buyer.no"}, {"field": "amount", "desc": true}]});
        assert_eq!(with(right), [""; 0]);
        let table = json!({"form": {"aggregate": "stock"}, "columns": ["order", "sum"],
            "filter": {"all": [alike("order.no", "eq", "no"), {"field": "sum", "op": "gt", "value": 1}]},
            "sort": [{"field": "sum"}, {"field": "order.amount"}]});
        assert_eq!(with(table), [""; 0]);
        for (options, fault) in [
            (json!({}), "form: required"),
            (json!({"form": "none"}), "form: unknown_form"),
            (json!({"form": {"aggregate": "none"}}), "form: unknown_form"),
            (json!({"form": {"aggregate": "stock"}, "columns": ["$created_at"]}), "columns/0: unknown_field"),
            (
                json!({"form": {"aggregate": "stock"}, "filter": alike("$id", "eq", "$id")}),
                "filter: unknown_field",
            ),
            (
                json!({"form": {"aggregate": "stock"}, "sort": [{"field": "$id"}]}),
                "sort/0/field: unknown_field",
            ),
            (json!({"form": "order", "columns": ["none"]}), "columns/0: unknown_field"),
            (json!({"form": "order", "columns": ["line"]}), "columns/0: unknown_field"),
            (json!({"form": "order", "columns": ["lines.sku"]}), "columns/0: unknown_field"),
            (json!({"form": "order", "sort": [{"field": "team"}]}), "sort/0/field: bad_operand"),
            (json!({"form": "order", "sort": [{"field": "none"}]}), "sort/0/field: unknown_field"),
            (json!({"form": "order", "limit": 0}), "limit: too_small"),
            (json!({"form": "order", "filter": alike("no", "eq", "none")}), "filter: unknown_field"),
            (json!({"form": "order", "filter": alike("amount", "eq", "no")}), "filter: bad_operand"),
            (json!({"form": "order", "filter": alike("team", "has_any", "depts")}), "filter: bad_operand"),
            (json!({"form": "order", "filter": alike("line", "is_empty", "no")}), "filter: unknown_operator"),
        ] {
            assert_eq!(with(options.clone()), [format!("/fields/2/options/{fault}")], "{options}");
        }
    }

    #[test]
    fn what_a_link_offers_is_held_against_fields_of_its_own_record() {
        let with = |filter: Json| {
            let link = field("order", "link", json!({"form": "order", "filter": filter}));
            faults(json!([field("no", "text", json!({})), link]))
        };
        let active = json!({"field": "amount", "op": "gt", "value": 1});
        assert_eq!(with(json!({"all": [active, alike("no", "eq", "no")]})), [""; 0]);
        // A field of the other form is none of this one.
        for (filter, code) in [
            (alike("no", "eq", "note"), "unknown_field"),
            (alike("amount", "eq", "no"), "bad_operand"),
            (alike("none", "eq", "no"), "unknown_field"),
        ] {
            assert_eq!(with(filter.clone()), [format!("/fields/1/options/filter: {code}")], "{filter}");
        }
    }

    #[test]
    fn choices_are_taken_from_a_text_of_another_form() {
        let with = |from: Json| {
            let select = field("city", "select", json!({ "from": from }));
            faults(json!([field("no", "text", json!({})), select]))
        };
        let right = json!({"form": "order", "field": "no", "filter": alike("no", "eq", "no")});
        assert_eq!(with(right), [""; 0]);
        for (from, fault) in [
            (json!({"form": "none", "field": "no"}), "form: unknown_form"),
            (json!({"form": "order", "field": "none"}), "field: unknown_field"),
            (json!({"form": "order", "field": "amount"}), "field: bad_operand"),
            (
                json!({"form": "order", "field": "no", "filter": alike("no", "eq", "none")}),
                "filter: unknown_field",
            ),
        ] {
            assert_eq!(with(from.clone()), [format!("/fields/1/options/from/{fault}")], "{from}");
        }
    }

    #[test]
    fn without_a_record_that_asks_nothing_is_left_out_that_some_would_be_offered() {
        let order = json!({"key": "order", "label": "o", "fields": [
            {"key": "no", "label": "n", "kind": "text"}, {"key": "amount", "label": "a", "kind": "number"}]});
        let sketch = Sketch {
            id: Id::from_i64(1).unwrap(),
            app: "x".into(),
            document: serde_json::from_value(order).unwrap(),
        };
        let world = World(Vec::new());
        let around = Surroundings { sketch: &sketch, catalogue: &world, row_of: None };
        let tests_left = |filter: Json| {
            let condition: Condition = serde_json::from_value(filter).unwrap();
            let checked = Checked::new(&condition, &Asking { inside: &around, asker: &around }).unwrap();
            checked.without_asker().tests().len()
        };
        let (own, plain) = (alike("no", "eq", "no"), json!({"field": "amount", "op": "gt", "value": 1}));
        assert_eq!(tests_left(json!({"all": [own, plain]})), 1);
        assert_eq!(tests_left(json!({"any": [own, plain]})), 0, "the other half alone would offer fewer");
        assert_eq!(tests_left(json!({"not": {"any": [own, plain]}})), 0);
        assert_eq!(tests_left(json!({"any": [plain, {"all": [own, plain]}]})), 2);
        assert_eq!(tests_left(own), 0);
    }

    #[test]
    fn a_linked_default_fits_its_field() {
        let with = |kind: &str, linkage: Json| {
            let mut taken = field("taken", kind, json!({}));
            taken["default"] = json!({ "linkage": linkage });
            faults(json!([field("no", "text", json!({})), taken]))
        };
        let asked = |field: &str| json!({"form": "order", "filter": alike("no", "eq", "no"), "field": field});
        for (kind, from) in [
            ("text", "no"),
            ("long_text", "note"),
            ("money", "amount"),
            ("members", "team"),
            ("department", "dept"),
            ("departments", "dept"),
        ] {
            assert_eq!(with(kind, asked(from)), [""; 0], "{kind} from {from}");
        }
        let of_table =
            json!({"form": {"aggregate": "stock"}, "filter": alike("order.no", "eq", "no"), "field": "sum"});
        assert_eq!(with("money", of_table), [""; 0]);
        let all = json!({"form": "order", "filter": alike("no", "eq", "no"), "field": "no", "take": "all"});
        for (kind, linkage, fault) in [
            ("text", asked("note"), "field: bad_operand"),
            ("text", asked("amount"), "field: bad_operand"),
            ("member", asked("team"), "field: bad_operand"),
            ("members", asked("dept"), "field: bad_operand"),
            ("text", asked("lines.sku"), "field: bad_operand"),
            ("text", asked("buyer.no"), "field: unknown_field"),
            ("text", json!({"form": "order", "filter": alike("no", "eq", "no")}), "field: required"),
            ("text", json!({"form": "order", "filter": {"all": []}, "field": "no"}), "filter: required"),
            (
                "text",
                json!({"form": "none", "filter": alike("no", "eq", "no"), "field": "no"}),
                "form: unknown_form",
            ),
            ("text", all, "take: not_allowed_here"),
        ] {
            assert_eq!(
                with(kind, linkage.clone()),
                [format!("/fields/1/default/linkage/{fault}")],
                "{linkage}"
            );
        }
        assert_eq!(with("files", asked("proof")).last().unwrap(), "/fields/1/default: not_allowed_here");
        assert_eq!(
            with("text", json!({"form": "order", "filter": alike("no", "eq", "taken"), "field": "no"})),
            ["/fields/1: cycle"]
        );
    }

    #[test]
    fn rows_are_linked_column_by_column() {
        let with = |columns: Json| {
            let mut rows = field(
                "rows",
                "subform",
                json!({"fields": [
                field("sku", "text", json!({})), field("qty", "number", json!({}))]}),
            );
            rows["default"] = json!({"linkage": {"form": "order", "filter": alike("no", "eq", "no"),
                "columns": columns, "take": "all"}});
            faults(json!([field("no", "text", json!({})), rows]))
        };
        let column = |from: &str, to: &str| json!({"from": from, "to": to});
        let at = |fault: &str| vec![format!("/fields/1/default/linkage/{fault}")];
        assert_eq!(with(json!([column("lines.sku", "sku"), column("amount", "qty")])), [""; 0]);
        assert_eq!(with(json!([])), at("columns: required"));
        assert_eq!(with(json!([column("no", "none")])), at("columns/0/to: unknown_field"));
        assert_eq!(with(json!([column("none", "sku")])), at("columns/0/from: unknown_field"));
        assert_eq!(with(json!([column("amount", "sku")])), at("columns/0/from: bad_operand"));
        assert_eq!(with(json!([column("no", "sku"), column("no", "sku")])), at("columns/1/to: twice"));
    }

    #[test]
    fn parts_of_the_layout_hold_nothing_and_stand_in_no_row() {
        let tabs = |fields: Json| json!({"tabs": [{"label": "T", "fields": fields}]});
        let own = |part: Json| faults(json!([field("no", "text", json!({})), part]));
        assert_eq!(own(field("t", "tabs", tabs(json!(["no"])))), [""; 0]);
        for (part, fault) in [
            (field("t", "tabs", json!({})), "options/tabs: required"),
            (field("t", "tabs", tabs(json!(["none"]))), "options/tabs/0/fields/0: unknown_field"),
            (field("t", "tabs", tabs(json!(["no", "no"]))), "options/tabs/0/fields/1: twice"),
            (field("t", "tabs", tabs(json!(["t"]))), "options/tabs/0/fields/0: nested_tabs"),
            (field("n", "note", json!({})), "options/text: label_missing"),
            (
                json!({"key": "d", "label": "d", "kind": "divider", "required": true}),
                "required: not_allowed_here",
            ),
            (
                json!({"key": "d", "label": "d", "kind": "divider", "unique": true}),
                "unique: not_allowed_here",
            ),
            (json!({"key": "d", "label": "d", "kind": "divider", "default": 1}), "default: not_allowed_here"),
            (
                json!({"key": "s", "label": "s", "kind": "signature", "unique": true}),
                "unique: not_allowed_here",
            ),
            (
                field("r", "subform", json!({"fields": [field("d", "divider", json!({}))]})),
                "options/fields/0/kind: not_a_column",
            ),
            (field("m", "members", json!({"within": ["$everybody"]})), "options/within/0: not_an_id"),
            (
                field("m", "department", json!({"within": ["$my_subordinates"]})),
                "options/within/0: not_an_id",
            ),
        ] {
            let found = own(part.clone());
            assert!(found.contains(&format!("/fields/1/{fault}")), "{part}: {found:?}");
        }
        // A formula reads no part of the layout, and no list.
        for kind in [field("x", "note", json!({"text": "t"})), field("x", "query", json!({"form": "order"}))]
        {
            let reads = field("sum", "formula", json!({"formula": "x"}));
            let found = faults(json!([field("no", "text", json!({})), kind, reads]));
            assert_eq!(found, ["/fields/2/options/formula: unknown_field"]);
        }
    }

    #[test]
    fn several_links_fill_what_holds_several_things() {
        let with = |to: Json, fill: Json| {
            let links = field("orders", "links", json!({"form": "order", "fill": [fill]}));
            faults(json!([to, links]))
        };
        let fill = |from: &str| json!({"from": from, "to": "to"});
        assert_eq!(with(field("to", "members", json!({})), fill("team")), [""; 0]);
        assert_eq!(with(field("to", "departments", json!({})), fill("dept")), [""; 0]);
        let fault = |fault: &str| vec![format!("/fields/1/options/fill/0/{fault}")];
        assert_eq!(with(field("to", "text", json!({})), fill("no")), fault("to: bad_operand"));
        assert_eq!(with(field("to", "members", json!({})), fill("dept")), fault("to: bad_operand"));
        assert_eq!(with(field("to", "members", json!({})), fill("none")), fault("from: unknown_field"));
        let live = json!({"from": "team", "to": "to", "mode": "live"});
        assert_eq!(with(field("to", "members", json!({})), live), fault("mode: not_a_lookup"));
    }
}
