//! The rules of Formwork, and nothing else.
