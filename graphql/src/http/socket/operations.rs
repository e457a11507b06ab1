//! The operations that run on one socket: each a task that this owns and stops.
//!
//! A client may reuse an id as soon as it has said `complete`; what the former operation still had under
//! way is known by its number and thrown away.

use super::{
    account::{Account, End},
    message::{self, Subscribe},
};
use crate::{
    http::{admission::TooMany, answer, document::Prepared, envelope::RequestTag, execution},
    schema::{
        fault::{FaultCode, server_fault},
        scope::Scope,
    },
    server::App,
};
use async_graphql::{Response, ServerError, parser::types::OperationType};
use engine::member::Caller;
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
    tag: RequestTag,
    outgoing: mpsc::Sender<Outgoing>,
    tasks: JoinSet<()>,
    running: HashMap<String, (u64, AbortHandle)>,
    started: u64,
}

impl Operations {
    /// None yet.
    pub fn new(app: App, tag: RequestTag, outgoing: mpsc::Sender<Outgoing>) -> Self {
        Self { app, tag, outgoing, tasks: JoinSet::new(), running: HashMap::new(), started: 0 }
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
        let mut account = self.account();
        if self.running.len() >= OPERATIONS_MAX {
            account.ends(End::Overloaded);
            let error = server_fault(FaultCode::Overloaded, "too many operations run on this socket");
            return Some(self.refusal(&id, vec![error]));
        }
        let prepared = match self.app.executor.prepare(parameters) {
            Ok(prepared) => prepared,
            Err(errors) => {
                account.ends(End::Refused);
                return Some(self.refusal(&id, errors));
            }
        };
        account.names(&prepared);
        self.started += 1;
        let speaker = Speaker {
            account: Some(account),
            id: id.clone(),
            number: self.started,
            tag: self.tag.clone(),
            outgoing: self.outgoing.clone(),
        };
        let scope = Scope::new(self.app.shared.clone(), caller, self.tag.language);
        let task = self.tasks.spawn(run(self.app.clone(), prepared, scope, speaker));
        self.running.insert(id, (self.started, task));
        None
    }

    /// The message that says that it is too much at once.
    pub fn rate_limited(&self, id: &str, too_many: TooMany) -> String {
        self.account().ends(End::RateLimited);
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

    fn account(&self) -> Account {
        Account::begin(self.app.clone(), self.tag.clone())
    }

    fn refusal(&self, id: &str, errors: Vec<ServerError>) -> String {
        message::error(id, &answer::raw(&answer::errors(errors, &self.tag)))
    }
}

/// What an operation needs to speak.
struct Speaker {
    account: Option<Account>,
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
    async fn answer(&mut self, response: Response, is_first: bool) -> bool {
        if is_first && is_refused(&response) {
            self.refuse(response.errors, End::Refused).await;
            return false;
        }
        self.say(message::next(&self.id, &answer::body(response, &self.tag)), false).await
    }

    async fn refuse(&mut self, errors: Vec<ServerError>, end: End) {
        self.closes(end);
        let errors = answer::raw(&answer::errors(errors, &self.tag));
        self.say(message::error(&self.id, &errors), true).await;
    }

    async fn complete(&mut self) {
        self.closes(End::Done);
        self.say(message::complete(&self.id), true).await;
    }

    /// Closes the account, before the last word: whoever has heard that finds the line written.
    fn closes(&mut self, end: End) {
        if let Some(mut account) = self.account.take() {
            account.ends(end);
        }
    }
}

async fn run(app: App, prepared: Prepared, scope: Scope, mut speaker: Speaker) {
    match prepared.kind {
        OperationType::Query | OperationType::Mutation => {
            let ran = match execution::execute(&app, prepared, scope, &speaker.tag).await {
                Ok(ran) => ran,
                Err(late) => {
                    let error = server_fault(FaultCode::TimedOut, late.to_string());
                    return speaker.refuse(vec![error], End::TimedOut).await;
                }
            };
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
    speaker.complete().await;
}

/// Whether an operation was stopped before anything of it ran.
fn is_refused(response: &Response) -> bool {
    !answer::was_executed(response)
}
