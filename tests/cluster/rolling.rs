//! A roll-out on one machine: nginx in front that spreads requests by hash of path and query, as the ways
//! in under k8s/routes do, and three servers behind it. Each is replaced in turn while clients ask: not one
//! request fails. One is killed: only what it was just doing may fail, and the others lose nothing.

mod balancer;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Scope, ScopedJoinHandle};

use balancer::{Balancer, Failure};
use tests::signing::sign;
use tests::{Answer, Edge, KEY, Request};

/// Clients that ask all the time.
const CLIENTS: usize = 4;
/// Different URLs that they ask for.
const URLS: usize = 40;

fn request(number: usize) -> Request {
    let width = 16 + number % URLS;
    Request::get(sign(
        KEY,
        &format!("/resize?width={width}&file=camera_gray.jpg"),
    ))
}

fn server() -> Edge {
    // Longer than the balancer takes to hear of a change.
    Edge::builder()
        .set("workers", "1")
        .set("drain-delay", "5s")
        .start()
}

/// What one client saw.
#[derive(Default)]
struct Seen {
    answered: usize,
    failed: Vec<String>,
}

/// Clients that ask until they are told to stop.
struct Load<'scope> {
    clients: Vec<ScopedJoinHandle<'scope, Seen>>,
}

impl<'scope> Load<'scope> {
    fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        to: SocketAddr,
        stop: &'scope AtomicBool,
    ) -> Self {
        let ask = move |client: usize| {
            let mut seen = Seen::default();
            for number in client.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                match request(number).send(to) {
                    Ok(answer) if answer.status == 200 => seen.answered += 1,
                    Ok(answer) => seen
                        .failed
                        .push(format!("{}: {}", answer.status, answer.text())),
                    Err(error) => seen.failed.push(error.to_string()),
                }
            }
            seen
        };
        Self {
            clients: (0..CLIENTS)
                .map(|client| scope.spawn(move || ask(client * 7)))
                .collect(),
        }
    }

    fn end(self) -> Seen {
        let mut all = Seen::default();
        for client in self.clients {
            let seen = client.join().unwrap();
            all.answered += seen.answered;
            all.failed.extend(seen.failed);
        }
        all
    }
}

fn addresses(servers: &[Edge]) -> Vec<SocketAddr> {
    servers.iter().map(|server| server.address).collect()
}

#[test]
fn each_is_replaced_in_turn_and_not_one_request_fails() {
    let mut servers: Vec<Edge> = (0..3).map(|_| server()).collect();
    let mut balancer = Balancer::start(&addresses(&servers), Failure::Passed);
    let stop = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let load = Load::start(scope, balancer.address, &stop);
        for place in 0..servers.len() {
            // As `maxSurge: 1, maxUnavailable: 0` does it: the new one first, then the old one is told,
            // and only then does whoever spreads requests hear of it.
            let old = std::mem::replace(&mut servers[place], server());
            old.ask_to_stop();
            balancer.lead_to(&addresses(&servers));
            let (status, said) = old.ended();
            assert!(status.success(), "{status}\n{said}");
        }
        stop.store(true, Ordering::Relaxed);
        load.end()
    });
    assert_eq!(
        seen.failed,
        Vec::<String>::new(),
        "of {} requests",
        seen.answered
    );
    assert!(seen.answered > 3 * URLS, "only {} requests", seen.answered);
}

/// The server that answered, and whether it had the picture. The balancer names those that it asked in vain
/// before.
fn who(answer: &Answer) -> (String, bool) {
    let asked = answer.header("x-server").unwrap();
    let last = asked.rsplit(", ").next().unwrap();
    (last.to_owned(), answer.is_hit())
}

#[test]
fn one_is_killed_and_the_others_lose_nothing() {
    let mut servers: Vec<Edge> = (0..3).map(|_| server()).collect();
    let balancer = Balancer::start(&addresses(&servers), Failure::Retried);
    let ask = |number| request(number).send(balancer.address).unwrap();
    let places: HashMap<usize, String> = (0..URLS)
        .map(|number| (number, who(&ask(number)).0))
        .collect();
    let stop = AtomicBool::new(false);
    let victim = servers.remove(0);
    let dead = victim.address.to_string();
    let living: Vec<String> = servers
        .iter()
        .map(|edge| edge.address.to_string())
        .collect();
    let seen = std::thread::scope(|scope| {
        let load = Load::start(scope, balancer.address, &stop);
        victim.kill();
        for (number, place) in &places {
            let (server, is_hit) = who(&ask(*number));
            if *place == dead {
                assert!(living.contains(&server), "{server}");
            } else {
                assert_eq!((&server, is_hit), (place, true), "URL {number}");
            }
        }
        stop.store(true, Ordering::Relaxed);
        load.end()
    });
    assert!(places.values().any(|place| *place == dead), "{places:?}");
    // Each client can have had one request at the dead one, when it died.
    assert!(seen.failed.len() <= CLIENTS, "{:?}", seen.failed);
}
