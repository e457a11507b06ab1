//! The operations that run on one socket: each a task that this owns and stops.
//!
//! A client may reuse an id as soon as it has said `complete`; what the former operation still had under
//! way is known by its number and thrown away.

use super::message::{self, Subscribe};
use crate::{
    http::{answer, document::Prepared, envelope::RequestTag},
    schema::{
        fault::{FaultCode, server_fault},
        scope::Scope,
    },
    server::App,
};
use async_graphql::{Response, ServerError};
use engine::{member::Caller, refusal::wording::Language};
use futures_util::StreamExt;
use std::collections::HashMap;
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
};

/// The most operations one socket may run at once.
const OPERATIONS_MAX: usize = 50;

/// Something an operation has to say.
pub struct Outgoing {
    id: String,
    number: u64,
    text: String,
    last: bool,
}

/// The operations of one socket.
pub struct Operations {
    app: App,
    language: Language,
    tag: RequestTag,
    outgoing: mpsc::Sender<Outgoing>,
    tasks: JoinSet<()>,
    running: HashMap<String, (u64, AbortHandle)>,
    started: u64,
}

impl Operations {
    /// None yet.
    pub fn new(app: App, language: Language, tag: RequestTag, outgoing: mpsc::Sender<Outgoing>) -> Self {
        Self { app, language, tag, outgoing, tasks: JoinSet::new(), running: HashMap::new(), started: 0 }
    }

    /// Whether this id is in use.
    pub fn is_running(&self, id: &str) -> bool {
        self.running.contains_key(id)
    }

    /// Starts an operation; `Some` is the message that says why not.
    pub fn start(&mut self, subscribe: Subscribe, caller: Caller) -> Option<String> {
        // What has ended is forgotten, so that the set does not grow.
        while self.tasks.try_join_next().is_some() {}
        let Subscribe { id, parameters } = subscribe;
        if self.running.len() >= OPERATIONS_MAX {
            let error = server_fault(FaultCode::Overloaded, "too many operations run on this socket");
            return Some(self.refusal(&id, vec![error]));
        }
        let prepared = match self.app.executor.prepare(parameters) {
            Ok(prepared) => prepared,
            Err(errors) => return Some(self.refusal(&id, errors)),
        };
        self.started += 1;
        let speaker = Speaker {
            id: id.clone(),
            number: self.started,
            tag: self.tag.clone(),
            outgoing: self.outgoing.clone(),
        };
        let scope = Scope::new(self.app.shared.clone(), caller, self.language);
        let task = self.tasks.spawn(run(self.app.clone(), prepared, scope, speaker));
        self.running.insert(id, (self.started, task));
        None
    }

    /// The text to write, unless its operation was ended meanwhile.
    pub fn release(&mut self, outgoing: Outgoing) -> Option<String> {
        let Outgoing { id, number, text, last } = outgoing;
        if self.running.get(&id).is_none_or(|(current, _)| *current != number) {
            return None;
        }
        if last {
            self.running.remove(&id);
        }
        Some(text)
    }

    /// Ends one operation.
    pub fn cancel(&mut self, id: &str) {
        if let Some((_, task)) = self.running.remove(id) {
            task.abort();
        }
    }

    /// Ends all of them.
    pub fn stop(&mut self) {
        self.running.clear();
        self.tasks.abort_all();
    }

    fn refusal(&self, id: &str, errors: Vec<ServerError>) -> String {
        message::error(id, &answer::raw(&answer::errors(errors, &self.tag.0)))
    }
}

/// What an operation needs to speak.
struct Speaker {
    id: String,
    number: u64,
    tag: RequestTag,
    outgoing: mpsc::Sender<Outgoing>,
}

impl Speaker {
    /// Waits for room when the client reads slowly; false when the socket is gone.
    async fn say(&self, text: String, last: bool) -> bool {
        let outgoing = Outgoing { id: self.id.clone(), number: self.number, text, last };
        self.outgoing.send(outgoing).await.is_ok()
    }
}

async fn run(app: App, prepared: Prepared, scope: Scope, speaker: Speaker) {
    let Prepared { request, kind, name } = prepared;
    tracing::info!(request = %speaker.tag.0, %kind, operation = name, "started on a socket");
    let mut responses = app.executor.face.execute_stream(request.data(scope));
    let mut first = true;
    while let Some(response) = responses.next().await {
        if first && is_refused(&response) {
            let errors = answer::raw(&answer::errors(response.errors, &speaker.tag.0));
            speaker.say(message::error(&speaker.id, &errors), true).await;
            return;
        }
        first = false;
        let text = message::next(&speaker.id, &answer::body(response, &speaker.tag.0));
        if !speaker.say(text, false).await {
            return;
        }
    }
    speaker.say(message::complete(&speaker.id), true).await;
}

/// Whether an operation was stopped before anything of it ran.
fn is_refused(response: &Response) -> bool {
    !answer::was_executed(response)
}
