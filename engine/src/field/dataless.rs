//! What kinds without a value of their own share: parts of the layout, and lists that are read when they are shown.

/// Implements `Kind` for a type of options whose fields hold nothing. `$faults` says what is wrong with the options.
macro_rules! without_data {
    ($kind:ident, $faults:expr) => {
        impl Kind for $kind {
            fn shape(&self) -> Shape {
                Shape::Nothing
            }

            fn formula_type(&self) -> Type {
                Type::Any
            }

            fn parse(&self, _: &serde_json::Value) -> Result<Value, Fault> {
                Err(Fault::new("", "not_writable"))
            }

            fn to_json(&self, _: &Value) -> serde_json::Value {
                serde_json::Value::Null
            }

            fn check(&self, _: &Value) -> Faults {
                Faults::new()
            }

            fn display(&self, _: &Value, _: Language) -> String {
                String::new()
            }

            fn order(&self, _: &Value, _: &Value) -> Ordering {
                Ordering::Equal
            }

            fn operators(&self) -> &'static [Operator] {
                &[]
            }

            fn is_input(&self) -> bool {
                false
            }

            fn check_options(&self) -> Faults {
                let faults: fn(&$kind) -> Faults = $faults;
                faults(self)
            }

            fn convert_from(&self, _: &Value, _: &str) -> Option<Value> {
                None
            }
        }
    };
}

pub(super) use without_data;
