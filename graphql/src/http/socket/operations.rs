//! The operations that run on one socket: each a task that this owns and stops.
//!
//! A client may reuse an id as soon as it has said `complete`; what the former operation still had under
//! way is known by its number and thrown away.

use super::message::{self, Subscribe};
use crate::{
    http::{
        admission::TooMany,
        answer,
        document::Prepared,
        envelope::RequestTag,
        execution::{self, kind_name},
    },
    schema::{
        fault::{FaultCode, server_fault},
        scope::Scope,
    },
    server::App,
};
use async_graphql::{Response, ServerError, parser::types::OperationType};
use engine::{member::Caller, refusal::wording::Language};
use futures_util::StreamExt;
use std::{collections::HashMap, time::Instant};
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

    /// The message that says that it is too much at once.
    pub fn rate_limited(&self, id: &str, too_many: TooMany) -> String {
        let message = format!("too many requests: try again in {} s", too_many.retry_after);
        self.refusal(id, vec![server_fault(FaultCode::RateLimited, message)])
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
        message::error(id, &answer::raw(&answer::errors(errors, &self.tag)))
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

    /// Gives a result; false when nothing may follow: the socket is gone, or the operation was never run.
    async fn answer(&self, response: Response, is_first: bool) -> bool {
        if is_first && is_refused(&response) {
            let errors = answer::raw(&answer::errors(response.errors, &self.tag));
            self.say(message::error(&self.id, &errors), true).await;
            return false;
        }
        self.say(message::next(&self.id, &answer::body(response, &self.tag)), false).await
    }
}

async fn run(app: App, prepared: Prepared, scope: Scope, speaker: Speaker) {
    let (kind, began) = (kind_name(prepared.kind), Instant::now());
    let (name, cost) = (prepared.name.clone(), prepared.cost);
    match prepared.kind {
        OperationType::Query | OperationType::Mutation => {
            let ran = execution::execute(&app, prepared, scope, &speaker.tag).await.unwrap_or_else(|late| {
                Response::from_errors(vec![server_fault(FaultCode::TimedOut, late.to_string())])
            });
            if !speaker.answer(ran, true).await {
                return;
            }
        }
        OperationType::Subscription => {
            let mut responses = app.executor.face.execute_stream(prepared.request.data(scope));
            let mut first = true;
            while let Some(response) = responses.next().await {
                if !speaker.answer(response, first).await {
                    return;
                }
                first = false;
            }
        }
    }
    speaker.say(message::complete(&speaker.id), true).await;
    let took = began.elapsed();
    app.shared.seen.answered(kind, 200, took);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request = %speaker.tag.id, kind, operation = name, cost, ms, "answered on a socket");
}

/// Whether an operation was stopped before anything of it ran.
fn is_refused(response: &Response) -> bool {
    !answer::was_executed(response)
}
