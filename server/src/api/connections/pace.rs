//! How slow the other side of a connection may be: to say what it asks, to send the rest of it, and to take the answer.
//!
//! hyper has one clock for a connection that rests and for the head of a request. Here the head has one of its own, so that a
//! browser or a proxy may keep a connection for its next request, and who has begun to ask has not as long to go on with it.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For the whole head of a request, from its first byte on; on a new connection from its beginning.
    pub head: Duration,
    /// For the next request.
    pub rest: Duration,
    /// For the next piece of a body.
    pub body: Duration,
    /// Until some of an answer is taken.
    pub taking: Duration,
}

impl Default for Pace {
    /// The rest is longer than that of browsers and the usual proxies (60 s): they close a connection before the server does, and
    /// find none closed under a request that is on its way.
    fn default() -> Pace {
        Pace {
            head: Duration::from_secs(10),
            rest: Duration::from_secs(75),
            body: Duration::from_secs(20),
            taking: Duration::from_secs(60),
        }
    }
}

type Clock = Option<Pin<Box<Sleep>>>;

fn clock(patience: Duration) -> Pin<Box<Sleep>> {
    Box::pin(sleep(patience))
}

fn too_slow() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the other side is too slow")
}

/// The requests of one connection, from the end of their head to the end of their answer.
#[derive(Clone, Debug, Default)]
pub struct Requests(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    begun: AtomicUsize,
    ended: AtomicUsize,
}

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub struct UnderWay(Arc<Counts>);

impl Requests {
    pub fn begin(&self) -> UnderWay {
        self.0.begun.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(&self.0))
    }

    /// How many have begun, and whether one is under way.
    fn now(&self) -> (usize, bool) {
        let begun = self.0.begun.load(Ordering::Relaxed);
        (begun, begun != self.0.ended.load(Ordering::Relaxed))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }
}

/// A stream whose other side has only so much time for the head of a request, and to take what is written.
#[derive(Debug)]
pub struct Paced<S> {
    stream: S,
    requests: Requests,
    pace: Pace,
    /// As many requests had begun when it was last read from.
    known: usize,
    head: Clock,
    taking: Clock,
}

impl<S> Paced<S> {
    pub fn new(stream: S, requests: Requests, pace: Pace) -> Paced<S> {
        Paced { stream, requests, pace, known: 0, head: Some(clock(pace.head)), taking: None }
    }

    /// Ends the wait of who writes where nothing was taken for too long.
    fn not_too_long<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.taking = None;
            return written;
        }
        let patience = self.pace.taking;
        let taking = self.taking.get_or_insert_with(|| clock(patience));
        taking.as_mut().poll(context).map(|()| Err(too_slow()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        let (begun, is_under_way) = this.requests.now();
        if begun != this.known {
            this.known = begun;
            this.head = None;
        }
        // What comes now belongs to the request, or waits behind it.
        if is_under_way {
            return read;
        }
        if read.is_ready() {
            if buffer.filled().len() > before && this.head.is_none() {
                this.head = Some(clock(this.pace.head));
            }
            return read;
        }
        match &mut this.head {
            Some(head) => head.as_mut().poll(context).map(|()| Err(too_slow())),
            None => Poll::Pending,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.not_too_long(written, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        this.not_too_long(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        this.not_too_long(flushed, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let shut = Pin::new(&mut this.stream).poll_shutdown(context);
        this.not_too_long(shut, context)
    }
}

/// The body of a request, whose pieces follow each other before long.
#[derive(Debug)]
pub struct Sent<B> {
    body: B,
    patience: Duration,
    next: Clock,
}

impl<B> Sent<B> {
    pub fn new(body: B, pace: Pace) -> Sent<B> {
        Sent { body, patience: pace.body, next: None }
    }
}

impl<B> Body for Sent<B>
where
    B: Body + Unpin,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = B::Data;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, Self::Error>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            this.next = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let patience = this.patience;
        let next = this.next.get_or_insert_with(|| clock(patience));
        next.as_mut().poll(context).map(|()| Some(Err(too_slow().into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer; its request is under way as long as it is there.
#[derive(Debug)]
pub struct Answer<B> {
    body: B,
    _request: UnderWay,
}

impl<B> Answer<B> {
    pub fn new(body: B, request: UnderWay) -> Answer<B> {
        Answer { body, _request: request }
    }
}

impl<B: Body + Unpin> Body for Answer<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
