//! A form as its designer writes formulas about it: by labels.

use std::sync::Arc;

use super::sketch::Surroundings;
use super::system::{SYSTEM_FIELDS, system_kind, system_label};
use super::{Catalogue, Field, Sketch};
use crate::field::FieldKind;
use crate::formula::{self, Completion, FormulaFault, Name, Names, RECORD, Scope, Type};
use crate::text::Language;

/// The place that a formula is written for: a field of a form, or a column of one of its sub-forms.
pub struct FormulaInput<'a> {
    pub sketch: &'a Sketch,
    pub catalogue: &'a dyn Catalogue,
    /// The path of the field that the formula is of: `total`, `lines.amount`. In a column the columns beside it are
    /// plain names.
    pub of: &'a str,
    pub language: Language,
    /// The first letters of how a name sounds, where whoever asks knows them.
    pub initials: Option<fn(&str) -> Option<String>>,
}

/// A field that a formula can read, as a list of all of them shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    /// The keys that lead to it from the place of the formula on.
    pub path: Vec<String>,
    pub label: String,
    /// The name of its kind, where it is a field with one.
    pub kind: Option<&'static str>,
    /// What is written for it in a formula.
    pub written: String,
    /// Whether there are fields behind it: columns, or those of a linked record.
    pub opens: bool,
}

impl Readable {
    /// Whether nobody designed it: every record has it.
    pub fn is_of_system(&self) -> bool {
        self.path.last().is_some_and(|key| key.starts_with('$') || key == RECORD)
    }
}

impl FormulaInput<'_> {
    /// What can be read behind a path of keys, and with an empty one by itself, in the order of the form. The field that the
    /// formula is of is left out, as where one types.
    pub fn readable(&self, path: &[String]) -> Vec<Readable> {
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        let mut before = String::new();
        for (place, key) in keys.iter().enumerate() {
            let members = self.members(keys.get(..place).unwrap_or_default());
            let Some(name) = members.iter().find(|name| name.key == *key) else { return Vec::new() };
            before = format!("{before}{}.", formula::shown(name, &members));
        }
        let members = self.members(&keys);
        let others = members.iter().filter(|name| !self.is_own(&keys, &name.key));
        let readable = |name: &Name| {
            let path: Vec<String> = path.iter().chain([&name.key]).cloned().collect();
            Readable {
                label: name.label.clone(),
                kind: name.kind,
                written: format!("{before}{}", formula::shown(name, &members)),
                opens: self.opens(name, &path),
                path,
            }
        };
        others.map(readable).collect()
    }

    fn opens(&self, name: &Name, path: &[String]) -> bool {
        let leads_on = match name.kind {
            Some(kind) => matches!(kind, "link" | "subform"),
            None => name.key == RECORD,
        };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        leads_on && !self.members(&path).is_empty()
    }

    /// The formula as it is stored, from what was written with labels; see [`formula::to_keys`].
    ///
    /// # Errors
    /// What can't be understood, with its place in `source`.
    pub fn to_keys(&self, source: &str) -> Result<String, FormulaFault> {
        formula::to_keys(source, self)
    }

    /// The formula as it is shown, from what is stored; see [`formula::to_labels`].
    pub fn to_labels(&self, source: &str) -> String {
        formula::to_labels(source, self)
    }

    /// Checks what was written with labels, for a place that takes `wanted`, and gives it as it is stored.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place in `source`.
    pub fn check(&self, source: &str, wanted: &Type) -> Result<String, FormulaFault> {
        formula::check_labels(source, self, &self.surroundings(), wanted)
    }

    /// What can stand at the cursor; see [`formula::complete`].
    pub fn complete(&self, source: &str, cursor: usize) -> Completion {
        formula::complete(source, cursor, self, self.language)
    }

    /// Where names of fields stand in what was written with labels; see [`formula::named_spans`].
    pub fn named_spans(&self, source: &str) -> Vec<formula::Span> {
        formula::named_spans(source, self)
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: self.row_of() }
    }

    /// The sub-form whose columns are plain names.
    fn row_of(&self) -> Option<&str> {
        self.of.split_once('.').map(|(subform, _)| subform)
    }

    fn name(&self, path: &[&str], field: &Field) -> Name {
        let ty = self.type_of(path, &field.key);
        Name::new(&field.key, field.label.get(self.language), ty).of_kind(field.kind.name())
    }

    fn type_of(&self, path: &[&str], key: &str) -> Type {
        let path: Vec<&str> = path.iter().copied().chain([key]).collect();
        Scope::resolve(&self.surroundings(), &path).map_or(Type::Any, |resolved| resolved.ty)
    }

    fn system_names(&self, path: &[&str]) -> Vec<Name> {
        let name = |key: &&str| {
            let name = Name::new(*key, system_label(key, self.language), self.type_of(path, key));
            match system_kind(key) {
                Some(kind) => name.of_kind(kind.name()),
                None => name,
            }
        };
        SYSTEM_FIELDS.iter().map(name).collect()
    }

    /// The names of a form's own fields and its system fields.
    fn form_names(&self, path: &[&str], sketch: &Sketch) -> Vec<Name> {
        let fields = sketch.document.fields.iter().filter(|field| field.kind.holds_data());
        let mut names: Vec<Name> = fields.map(|field| self.name(path, field)).collect();
        add_behind(&mut names, self.system_names(path));
        names
    }

    /// What a formula can begin with.
    fn first_names(&self) -> Vec<Name> {
        let columns =
            self.row_of().and_then(|subform| self.sketch.document.field(subform)).map(Field::columns);
        let record = Name::new(RECORD, system_label(RECORD, self.language), Type::Any);
        let Some(columns) = columns else {
            let mut names = self.form_names(&[], self.sketch);
            if self.sketch.document.field(RECORD).is_none() {
                add_behind(&mut names, vec![record]);
            }
            return names;
        };
        let mut names: Vec<Name> = columns.iter().map(|column| self.name(&[], column)).collect();
        let mut others = self.form_names(&[], self.sketch);
        others.retain(|name| columns.iter().all(|column| column.key != name.key));
        add_behind(&mut names, others);
        add_behind(&mut names, vec![record]);
        names
    }

    /// The form whose field stands at the end of a path, with the field.
    fn end_of(&self, path: &[&str]) -> Option<(Arc<Sketch>, Field)> {
        let (reach, field) = self.surroundings().resolve(&path.join(".")).ok()?;
        let sketch = match reach.hops.last() {
            Some((_, form)) => self.catalogue.form(&self.sketch.app, &form.to_string())?,
            None => Arc::new(self.sketch.clone()),
        };
        Some((sketch, field))
    }
}

/// Adds names of lower rank. Where a label is taken it is marked with the key, so that the first one stays plain.
fn add_behind(names: &mut Vec<Name>, others: Vec<Name>) {
    for mut other in others {
        if names.iter().any(|name| name.label == other.label) {
            other.label = format!("{}#{}", other.label, other.key);
        }
        names.push(other);
    }
}

impl Names for FormulaInput<'_> {
    fn members(&self, path: &[&str]) -> Vec<Name> {
        if path.is_empty() {
            return self.first_names();
        }
        if path == [RECORD] && self.sketch.document.field(RECORD).is_none() {
            return self.form_names(path, self.sketch);
        }
        let Some((sketch, field)) = self.end_of(path) else { return Vec::new() };
        match &field.kind {
            FieldKind::Subform(subform) => {
                subform.fields.iter().map(|column| self.name(path, column)).collect()
            }
            FieldKind::Link(link) => {
                let target = self.catalogue.form(&sketch.app, &link.form);
                target.map_or_else(Vec::new, |target| self.form_names(path, &target))
            }
            _ => Vec::new(),
        }
    }

    fn forms(&self) -> Vec<Name> {
        let named = |sketch: Arc<Sketch>| {
            let key = &sketch.document.key;
            let key =
                if sketch.app == self.sketch.app { key.clone() } else { format!("{}/{key}", sketch.app) };
            Name::new(key, sketch.document.label.get(self.language), Type::Rows)
        };
        let own = std::iter::once(Arc::new(self.sketch.clone()));
        // What stands for a form that one does not see belongs to no app, what stands for a table to no app of a form.
        let is_form = |sketch: &Arc<Sketch>| !sketch.app.is_empty() && !sketch.app.contains('/');
        let others = self.catalogue.forms().into_iter();
        let others = others.filter(|sketch| sketch.id != self.sketch.id && is_form(sketch));
        own.chain(others).map(named).collect()
    }

    fn members_of(&self, form: &str, path: &[&str]) -> Vec<Name> {
        let own = form == self.sketch.document.key;
        let found = if own { Some(Arc::new(self.sketch.clone())) } else { self.surroundings().form(form) };
        let Some(sketch) = found else { return Vec::new() };
        let there = FormulaInput { sketch: &sketch, of: "", ..*self };
        if path.is_empty() { there.form_names(&[], &sketch) } else { Names::members(&there, path) }
    }

    fn initials(&self, name: &str) -> Option<String> {
        self.initials.and_then(|initials| initials(name))
    }

    fn has_rows(&self) -> bool {
        self.row_of().is_some()
    }

    fn is_own(&self, path: &[&str], key: &str) -> bool {
        let from_record =
            path.strip_prefix(&[RECORD]).filter(|_| self.sketch.document.field(RECORD).is_none());
        let in_form = from_record.unwrap_or(path);
        match self.of.split_once('.') {
            None => in_form.is_empty() && key == self.of,
            Some((subform, column)) => key == column && (path.is_empty() || in_form == [subform]),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::formula::SuggestionKind;
    use crate::value::Id;

    struct Forms(Vec<Arc<Sketch>>);

    impl Catalogue for Forms {
        fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
            let named = |sketch: &&Arc<Sketch>| sketch.document.key == name || sketch.id.to_string() == name;
            self.0.iter().find(named).cloned()
        }

        fn forms(&self) -> Vec<Arc<Sketch>> {
            self.0.clone()
        }
    }

    fn sketch(id: i64, json: Json) -> Arc<Sketch> {
        let document = serde_json::from_value(json).unwrap();
        Arc::new(Sketch { id: Id::from_i64(id).unwrap(), app: "crm".into(), document })
    }

    fn forms() -> Forms {
        let tier = json!({"key": "tier", "label": "等级", "fields": [
            {"key": "level", "label": "级别", "kind": "number"}]});
        let customer = json!({"key": "customer", "label": "客户", "fields": [
            {"key": "cost", "label": "获客成本", "kind": "money"},
            {"key": "tier", "label": "等级", "kind": "link", "options": {"form": "tier"}}]});
        let order = json!({"key": "order", "label": "订单", "fields": [
            {"key": "amount", "label": {"zh-CN": "金额(元)", "en": "Amount"}, "kind": "money"},
            {"key": "by", "label": "负责人", "kind": "text"},
            {"key": "customer", "label": "客户", "kind": "link", "options": {"form": "customer"}},
            {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
                {"key": "amount", "label": "金额", "kind": "money"},
                {"key": "by", "label": "负责人", "kind": "text"},
                {"key": "note", "label": "客户", "kind": "text"}]}}]});
        Forms(vec![sketch(1, tier), sketch(2, customer), sketch(3, order)])
    }

    fn input<'a>(forms: &'a Forms, of: &'a str) -> FormulaInput<'a> {
        FormulaInput { sketch: &forms.0[2], catalogue: forms, of, language: Language::ZhCn, initials: None }
    }

    fn there_and_back(input: &FormulaInput, labels: &str, keys: &str) {
        assert_eq!(input.to_keys(labels).unwrap(), keys);
        assert_eq!(input.to_labels(keys), labels);
    }

    #[test]
    fn a_record_is_written_by_its_labels() {
        let forms = forms();
        let input = input(&forms, "total");
        there_and_back(&input, "[金额(元)] + SUM(明细.金额)", "amount + SUM(lines.amount)");
        there_and_back(&input, "客户.等级.级别", "customer.tier.level");
        there_and_back(&input, "客户.创建时间", "customer.$created_at");
        // A system field gives way to a field of the same name.
        there_and_back(&input, "负责人 & [负责人#$owner]", "by & $owner");
        assert_eq!(FormulaInput { language: Language::En, ..input }.to_labels("amount"), "Amount");
    }

    #[test]
    fn a_row_has_its_own_names_first() {
        let forms = forms();
        let input = input(&forms, "lines.total");
        there_and_back(&input, "金额 / 本记录.[金额(元)]", "amount / record.amount");
        there_and_back(&input, "客户 & [客户#customer].获客成本", "note & customer.cost");
        there_and_back(&input, "SUM(明细.金额)", "SUM(lines.amount)");
        there_and_back(&input, "RUNNING(金额) - PREV(金额)", "RUNNING(amount) - PREV(amount)");
        assert_eq!(input.check("RUNNING(金额)", &Type::Number).unwrap(), "RUNNING(amount)");
        assert_eq!(input.check("金额 + 1", &Type::Number).unwrap(), "amount + 1");
    }

    #[test]
    fn faults_and_suggestions_are_those_of_the_form() {
        let forms = forms();
        let input = input(&forms, "total");
        let fault = input.check("1 + 客户.等级.级别 * 明细.金额", &Type::Number).unwrap_err();
        assert_eq!((fault.code, fault.span.at, fault.span.length), ("formula_operands", 15, 5));
        assert_eq!(input.check("明细.进价", &Type::Any).unwrap_err().code, "unknown_field");
        let inserts = |source: &str| -> Vec<String> {
            let found = input.complete(source, source.chars().count()).suggestions;
            found.into_iter().map(|suggestion| suggestion.insert).collect()
        };
        assert_eq!(inserts("SUM(明细."), ["金额", "负责人", "客户"]);
        assert_eq!(inserts("客户.获"), ["获客成本"]);
        assert_eq!(inserts("客户.等级.级"), ["级别"]);
        assert!(inserts("流程").contains(&"流程状态".to_string()));
    }

    #[test]
    fn what_goes_over_rows_is_offered_in_rows_alone() {
        let forms = forms();
        let offered = |of: &str, source: &str| -> Vec<String> {
            let found = input(&forms, of).complete(source, source.chars().count()).suggestions;
            found.into_iter().map(|suggestion| suggestion.insert).collect()
        };
        for (source, insert) in [("prev", "PREV("), ("金额 - run", "RUNNING("), ("上一行", "PREV(")] {
            assert!(offered("lines.total", source).contains(&insert.to_string()), "{source}");
            assert!(!offered("total", source).contains(&insert.to_string()), "{source}");
        }
        let help = input(&forms, "lines.total").complete("RUNNING(", 8).call.map(|call| call.function.name);
        assert_eq!(help, Some("RUNNING"));
    }

    #[test]
    fn everything_that_can_be_read_is_listed_as_it_is_written() {
        let forms = forms();
        let in_form = input(&forms, "by");
        let listed = |input: &FormulaInput, path: &[&str]| -> Vec<(String, bool)> {
            let path: Vec<String> = path.iter().map(|key| (*key).to_string()).collect();
            let found = input.readable(&path).into_iter().filter(|it| !it.is_of_system());
            found.map(|it| (it.written, it.opens)).collect()
        };
        let is = |written: &str, opens: bool| (written.to_string(), opens);
        assert_eq!(
            listed(&in_form, &[]),
            [is("[金额(元)]", false), is("客户", true), is("明细", true)],
            "not the field itself"
        );
        assert_eq!(
            listed(&in_form, &["lines"]),
            [is("明细.金额", false), is("明细.负责人", false), is("明细.客户", false)]
        );
        assert_eq!(listed(&in_form, &["customer", "tier"]), [is("客户.等级.级别", false)]);
        assert!(listed(&in_form, &["amount"]).is_empty());
        assert!(listed(&in_form, &["nothing", "tier"]).is_empty());
        // What is listed is understood, in a row as well, where two are called the same.
        let in_row = input(&forms, "lines.amount");
        for path in [vec![], vec!["record"], vec!["customer"]] {
            for (written, opens) in listed(&in_row, &path) {
                assert!(opens || in_row.to_keys(&written).is_ok(), "{written}");
            }
        }
        let customers = listed(&in_row, &[]);
        assert!(customers.contains(&is("客户", false)) && customers.contains(&is("[客户#customer]", true)));
    }

    #[test]
    fn a_formula_is_not_offered_its_own_field() {
        let forms = forms();
        let keys = |of: &str, source: &str| -> Vec<String> {
            let found = input(&forms, of).complete(source, source.chars().count()).suggestions;
            let key = |kind: SuggestionKind| match kind {
                SuggestionKind::Field { key, .. } => Some(key),
                SuggestionKind::Function(_) | SuggestionKind::Form(_) => None,
            };
            found.into_iter().filter_map(|suggestion| key(suggestion.kind)).collect()
        };
        let has = |of: &str, source: &str, key: &str| keys(of, source).iter().any(|known| known == key);
        assert!(has("by", "", "amount") && !has("amount", "", "amount"));
        assert!(has("lines.by", "", "amount") && has("amount", "明细.", "amount"));
        // In a row the column is meant, by itself and in the whole sub-form; the record has another of that name.
        let column = "lines.amount";
        assert!(!has(column, "SUM(明细.", "amount") && !has(column, "SUM(本记录.明细.", "amount"));
        assert!(!has(column, "", "amount") && has(column, "本记录.", "amount"));
        // What is not offered keeps its name all the same: the others are called as before.
        assert_eq!(keys("by", "负责")[0], "$owner");
    }

    #[test]
    fn the_records_of_another_form_are_counted_by_labels() {
        let forms = forms();
        let input = input(&forms, "total");
        // The order's own link is called as the form is: behind the form's name its records are meant.
        there_and_back(
            &input,
            "SUMOF(客户, 客户.等级 = 本记录.客户.等级 and 客户.获客成本 > [金额(元)], 客户.获客成本)",
            "SUMOF(customer, customer.tier = record.customer.tier and customer.cost > amount, customer.cost)",
        );
        there_and_back(
            &input,
            "COUNTOF(订单, 订单.负责人 = 负责人) + SUM(明细.金额)",
            "COUNTOF(order, order.by = by) + SUM(lines.amount)",
        );
        there_and_back(
            &input,
            "SUMOF(订单, 订单.客户 = 客户, 订单.明细.金额)",
            "SUMOF(order, order.customer = customer, order.lines.amount)",
        );
        there_and_back(
            &input,
            "MAPX(\"sum\", 本记录.客户.等级, 客户.等级, 客户.获客成本) + [金额(元)]",
            "MAPX(\"sum\", record.customer.tier, customer.tier, customer.cost) + amount",
        );
        let checked =
            input.check("SUMOF(客户, 客户.获客成本 > [金额(元)], 客户.获客成本)", &Type::Number).unwrap();
        assert_eq!(checked, "SUMOF(customer, customer.cost > amount, customer.cost)");
        for (source, code, at, length) in [
            ("SUMOF(顾客, TRUE, 顾客.成本)", "unknown_form", 6, 2),
            ("SUMOF(客户, TRUE, 客户.成本)", "unknown_field", 16, 5),
            ("SUMOF(客户, TRUE, 客户.等级)", "formula_argument", 16, 5),
            ("SUMOF(客户, 客户.获客成本 = 负责人, 客户.获客成本)", "formula_operands", 20, 3),
            ("MAPX('sum', 1, 顾客.等级, 顾客.成本)", "unknown_form", 15, 2),
            ("MAPX('sum', 1, 客户.获客成本, 客户.成本)", "unknown_field", 24, 5),
        ] {
            let fault = input.check(source, &Type::Number).unwrap_err();
            assert_eq!((fault.code, fault.span.at, fault.span.length), (code, at, length), "{source}");
        }
    }

    #[test]
    fn forms_and_their_fields_are_offered_where_records_are_counted() {
        let forms = forms();
        let input = input(&forms, "total");
        let inserts = |source: &str| -> Vec<String> {
            let found = input.complete(source, source.chars().count()).suggestions;
            found.into_iter().map(|suggestion| suggestion.insert).collect()
        };
        assert_eq!(inserts("SUMOF("), ["订单", "等级", "客户"]);
        assert_eq!(inserts("SUMOF(客"), ["客户"]);
        assert_eq!(inserts("SUMOF(客户, 客户.获"), ["获客成本"]);
        assert_eq!(inserts("SUMOF(客户, IF(真, 客户.获"), ["获客成本"]);
        // The form itself, and what this record has of that name.
        assert_eq!(inserts("COUNTOF(等级, 等级.级别 > 1 and 客")[..1], ["客户"]);
        assert_eq!(inserts("MAPX('sum', 1, "), ["订单", "等级", "客户"]);
        assert_eq!(inserts("MAPX('sum', 1, 客户.获客成本, 客户.获"), ["获客成本"]);
        assert!(inserts("mapx('sum', 金").contains(&"[金额(元)]".to_string()));
        assert!(inserts("COUNTOF(订单, 订").contains(&"订单".to_string()));
        assert!(!inserts("COUNTOF(订单, 真) + 订").contains(&"订单".to_string()));
    }

    #[test]
    fn a_field_is_found_by_how_it_sounds_and_its_name_is_known_in_a_formula() {
        fn sounds(name: &str) -> Option<String> {
            name.starts_with('金').then(|| "je".to_string())
        }
        let forms = forms();
        let input = FormulaInput { initials: Some(sounds), ..input(&forms, "") };
        let named = |typed: &str| -> Vec<String> {
            input.complete(typed, typed.chars().count()).suggestions.into_iter().map(|it| it.insert).collect()
        };
        let found = named("je");
        assert_eq!(found.first().map(String::as_str), Some("[金额(元)]"), "{found:?}");
        let spans = |source: &str| -> Vec<String> {
            input.named_spans(source).into_iter().map(|span| span.of(source)).collect()
        };
        let name = found.into_iter().next().unwrap();
        assert_eq!(spans(&format!("1 + {name} * 2")), [name.as_str()]);
        assert_eq!(spans(&format!("{name} + (")), [name.as_str()], "half of a formula");
        assert_eq!(spans("nothing + 1"), Vec::<String>::new());
        // A form whose records are counted is found so, too.
        let by_sound = |name: &str| (name == "客户").then(|| "kh".to_string());
        let input = FormulaInput { initials: Some(by_sound), ..input };
        let found = input.complete("SUMOF(kh", 8).suggestions;
        assert_eq!(found.first().map(|found| found.insert.as_str()), Some("客户"));
    }
}
