//! What is asked of both servers, each in its own words.

use serde_json::Value;

use crate::client::Request;
use crate::server::Server;
use crate::workload::{List, Order};

/// A server under test. Orders are named by their number, counted from 1.
pub trait Subject {
    fn server(&mut self) -> &mut Server;
    fn create(&self, order: &Order) -> Request;
    /// All or none.
    fn bulk(&self, orders: &[Order]) -> Request;
    /// Learns from the answer to [`Subject::bulk`] how the server calls them.
    fn loaded(&mut self, answer: &Value);
    /// A page with the exact count of its list.
    fn list(&self, list: &List) -> Request;
    /// The count, and the dates of the page.
    fn read_list(&self, answer: &Value) -> (u64, Vec<String>);
    fn get(&self, number: u64) -> Request;
    fn update(&self, number: u64, note: &str) -> Request;
    /// The sum of the amount by status.
    fn sum(&self) -> Request;
    /// In cents.
    fn read_sum(&self, answer: &Value) -> Vec<(String, i64)>;
}
