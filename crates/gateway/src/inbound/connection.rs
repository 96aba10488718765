//! One consumer's HTTP/1.x connection from its first request to its last.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use http_body::Body;
use tokio::io::{AsyncRead, AsyncWrite};

use super::head::{Asked, RequestHead, says_close, write_response};
use super::reading::{Inbound, Shared};
use super::writing::Sending;
use crate::connection::Connection;
use crate::front_io::FrontIo;
use crate::request_body::{BodyIo, RequestBody};
use crate::response_body::ResponseBody;
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
    let slot = Rc::new(TunnelSlot::default());
    let inbound = Rc::new(RefCell::new(Inbound::new(io)));
    let next = loop {
        let Some(head) = next_head(worker, &connection, &inbound).await else {
            break Next::Close;
        };
        match exchange(worker, &connection, &slot, &inbound, head).await {
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
        (Next::Tunnel, Some(tunnel)) => tunnel::run(tunnel, io).await,
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
) -> Option<RequestHead>
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
    slot: &Rc<TunnelSlot>,
    inbound: &Shared<T>,
    head: RequestHead,
) -> Next
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let RequestHead {
        request,
        framing,
        keep_alive,
        takes_trailers,
        ..
    } = head;
    let mut asked = Asked {
        version: request.version(),
        head_only: *request.method() == Method::HEAD,
        keep_alive,
    };
    let body = if framing.is_ended() {
        RequestBody::Empty
    } else {
        let turn = inbound.borrow().turn();
        RequestBody::http1(Rc::clone(inbound) as Rc<dyn BodyIo>, turn)
    };
    let request = request.map(|()| body);

    let serving = serve(
        Rc::clone(worker),
        Rc::clone(connection),
        Rc::clone(slot),
        request,
    );
    let Some(response) = answered(inbound, serving).await else {
        return Next::Close;
    };
    // A consumer that was never asked for its body may send it or not: nothing can follow.
    let unasked = inbound.borrow().continue_owed();
    asked.keep_alive &= !says_close(response.headers()) && !worker.is_draining() && !unasked;

    let switched = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let sent = send(worker, inbound, response, asked, takes_trailers).await;
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
async fn answered<T, F, E>(inbound: &Shared<T>, serving: F) -> Option<Response<ResponseBody>>
where
    T: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<Response<ResponseBody>, E>>,
{
    let mut serving = pin!(serving);
    std::future::poll_fn(|cx| {
        if let Poll::Ready(served) = serving.as_mut().poll(cx) {
            return Poll::Ready(served.ok());
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
    response: Response<ResponseBody>,
    asked: Asked,
    takes_trailers: bool,
) -> std::io::Result<bool>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let length = match response.body().is_end_stream() {
        true => Some(0),
        false => response.body().size_hint().exact(),
    };
    let delimited = write_response(
        &mut inbound.borrow_mut().out,
        &response,
        length,
        asked,
        &worker.date(),
    );
    let sending = Sending {
        inbound,
        body: response.into_body(),
        delimited,
        takes_trailers,
        large: Bytes::new(),
        ended: false,
    };
    sending.await?;
    Ok(asked.keep_alive && delimited != super::head::Delimited::ByClose)
}
