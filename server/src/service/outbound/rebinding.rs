//! A name that leads somewhere else each time it is asked for, as whoever owns it may have it.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

use super::Outbound;
use super::guard::Guard;

const TIMES: usize = 1_000;
const PUBLIC: &str = "93.184.215.14:80";

/// Leads outside and inside by turns, and every third time to both at once.
#[derive(Debug)]
struct Turning {
    inside: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Resolver for Turning {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut found = self.empty();
        let time = self.asked.fetch_add(1, Ordering::SeqCst);
        if time % 3 != 1 {
            found.push(PUBLIC.parse().unwrap());
        }
        if !time.is_multiple_of(3) {
            found.push(self.inside);
        }
        Ok(found)
    }
}

/// Notes where it is sent. It goes there only inside: whoever is outside has no part in a test.
#[derive(Clone, Debug, Default)]
struct Noting(Arc<Mutex<Vec<SocketAddr>>>);

impl Connector for Noting {
    type Out = ();

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<()>, Error> {
        for address in details.addrs.iter() {
            self.0.lock().unwrap().push(*address);
            if address.ip().is_loopback() {
                drop(TcpStream::connect_timeout(address, Duration::from_secs(5)));
            }
        }
        Err(Error::ConnectionFailed)
    }
}

/// Somebody inside, who counts who comes.
fn inside() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for _ in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, count)
}

#[tokio::test]
async fn t60_a_name_that_leads_inside_every_second_time_is_not_followed_there() {
    let (address, came) = inside();
    let (asked, noted) = (Arc::new(AtomicUsize::new(0)), Noting::default());
    let turning = Turning { inside: address, asked: Arc::clone(&asked) };
    let guard = Guard::with("https://id.example.com", &[], turning);
    let outbound = Outbound::over(noted.clone(), guard);
    let mut refused = 0;
    for time in 0..TIMES {
        let error = outbound.get("http://turning.example.com/keys".into()).await.unwrap_err().to_string();
        refused += usize::from(error.contains("may not be asked"));
        // What was judged is what is connected to: nobody asks for the name a second time.
        assert_eq!(asked.load(Ordering::SeqCst), time + 1);
    }
    let noted = noted.0.lock().unwrap();
    assert_eq!(refused, TIMES / 3);
    assert_eq!(noted.len(), TIMES - TIMES / 3);
    assert!(noted.iter().all(|address| *address == PUBLIC.parse().unwrap()), "{noted:?}");
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

/// Without a guard the same name leads inside: the test above would notice.
#[tokio::test]
async fn a_client_without_a_guard_is_led_inside() {
    let (address, came) = inside();
    let noted = Noting::default();
    let outbound = Outbound::over(noted.clone(), Turning { inside: address, asked: Arc::default() });
    for _ in 0..3 {
        assert!(outbound.get("http://turning.example.com/keys".into()).await.is_err());
    }
    assert_eq!(noted.0.lock().unwrap().iter().filter(|noted| **noted == address).count(), 2);
    for _ in 0..500 {
        if came.load(Ordering::SeqCst) == 2 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} came", came.load(Ordering::SeqCst));
}
