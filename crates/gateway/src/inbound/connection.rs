//! One consumer's HTTP/1.x connection from its first request to its last.

use std::cell::RefCell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use bytes::Bytes;
use http::{Method, StatusCode};
use http_body::Body;
use tokio::io::{AsyncRead, AsyncWrite};

use super::reading::{Inbound, Shared};
use super::request::Arrived;
use super::response::{Asked, Delimited, write_response};
use super::writing::Sending;
use crate::connection::Connection;
use crate::front::check_path;
use crate::front_io::FrontIo;
use crate::request_body::{BodyIo, RequestBody};
use crate::response_head::Answered;
use crate::serve::serve;
use crate::tunnel::{self, TunnelSlot};
use crate::worker::Worker;

/// How a connection goes on after a response.
enum Next {
    Request,
    Close,
    Tunnel,
}

/// Serves requests until either side wants no more.
pub async fn serve_http1<T>(worker: &Rc<Worker>, connection: Rc<Connection>, io: FrontIo<T>)
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let slot = TunnelSlot::default();
    let inbound = Rc::new(RefCell::new(Inbound::new(io)));
    let next = loop {
        let Some(arrived) = next_head(worker, &connection, &inbound).await else {
            break Next::Close;
        };
        match exchange(worker, &connection, &slot, &inbound, &arrived).await {
            Next::Request => {}
            next => break next,
        }
    };

    // An upload that outlived its response may still hold the connection; it learns that its turn is over.
    let Some(inbound) = Rc::into_inner(inbound) else {
        return;
    };
    let mut io = inbound.into_inner().io;
    match (next, slot.take()) {
        // Boxed, as is all that few connections come to: an idle one should cost little memory.
        (Next::Tunnel, Some(tunnel)) => Box::pin(tunnel::run(tunnel, io)).await,
        _ if io.broke_off() => {
            let _ = std::future::poll_fn(|cx| io.poll_close(cx)).await;
            io.linger().await;
        }
        _ => drop(std::future::poll_fn(|cx| io.poll_close(cx)).await),
    }
}

/// The next request; `None` when there is none, or the gateway drains.
async fn next_head<T>(
    worker: &Worker,
    connection: &Connection,
    inbound: &Shared<T>,
) -> Option<Arrived>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    std::future::poll_fn(|cx| {
        let mut inbound = inbound.borrow_mut();
        let polled = inbound.poll_head(cx);
        if polled.is_pending()
            && worker.is_draining()
            && connection.is_idle()
            && inbound.io.is_at_rest()
        {
            return Poll::Ready(None);
        }
        polled
    })
    .await
}

/// One request and its response.
async fn exchange<T>(
    worker: &Rc<Worker>,
    connection: &Rc<Connection>,
    slot: &TunnelSlot,
    inbound: &Shared<T>,
    arrived: &Arrived,
) -> Next
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let head = &arrived.head;
    let mut asked = Asked {
        version: head.version,
        head_only: head.method == Method::HEAD,
        keep_alive: arrived.keep_alive,
    };
    let body = if arrived.framing.is_ended() {
        RequestBody::Empty
    } else {
        let turn = inbound.borrow().turn();
        RequestBody::http1(Rc::clone(inbound) as Rc<dyn BodyIo>, turn)
    };

    // Host, framing and fields have been proved on the raw bytes.
    let judged = check_path(head.path_bytes(), worker.config.front_rules.paths);
    let answered = {
        // Pinned where it is made: it is the largest part of a connection's state, and not to be moved.
        let serving = pin!(serve(worker, connection, slot, head, judged, body));
        answered(inbound, serving).await
    };
    let Some(answered) = answered else {
        return Next::Close;
    };
    // A consumer that was never asked for its body may send it or not: nothing can follow.
    let unasked = inbound.borrow().continue_owed();
    asked.keep_alive &= !answered.head.close && !worker.is_draining() && !unasked;

    let switched = answered.head.status == StatusCode::SWITCHING_PROTOCOLS;
    let sent = send(worker, inbound, answered, asked, arrived.takes_trailers).await;
    match sent {
        Ok(_) if switched => Next::Tunnel,
        Ok(true)
            if std::future::poll_fn(|cx| Poll::Ready(inbound.borrow_mut().drain_body(cx)))
                .await =>
        {
            Next::Request
        }
        Ok(_) | Err(_) => Next::Close,
    }
}

/// The response; `None` when the consumer goes away before there is one.
async fn answered<T, F>(inbound: &Shared<T>, mut serving: Pin<&mut F>) -> Option<Answered>
where
    T: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Answered>,
{
    std::future::poll_fn(|cx| {
        if let Poll::Ready(served) = serving.as_mut().poll(cx) {
            return Poll::Ready(Some(served));
        }
        if inbound.borrow_mut().poll_gone(cx) {
            return Poll::Ready(None);
        }
        Poll::Pending
    })
    .await
}

/// Sends the response; whether the connection may be used again.
async fn send<T>(
    worker: &Worker,
    inbound: &Shared<T>,
    answered: Answered,
    asked: Asked,
    takes_trailers: bool,
) -> std::io::Result<bool>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let Answered { head, body } = answered;
    let length = match body.is_end_stream() {
        true => Some(0),
        false => body.size_hint().exact(),
    };
    let delimited = {
        let out = &mut inbound.borrow_mut().out;
        write_response(out, &head, length, asked, &worker.date())
    };
    // The head may lie in the buffer that the body is read into.
    drop(head);
    let sending = Sending {
        inbound,
        body,
        delimited,
        takes_trailers,
        large: Bytes::new(),
        ended: false,
    };
    sending.await?;
    Ok(asked.keep_alive && delimited != Delimited::ByClose)
}
