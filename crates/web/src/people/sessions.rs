//! Who is signed in, and what do they have open?
//!
//! In memory only: a restart signs everybody off. What somebody had open (searches) is kept for the account through an
//! idle logoff, so that the next sign-in returns to the same place.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use archive::{Account, Sight};
use sha2::{Digest as _, Sha256};

use crate::asking::wanted::Search;

/// Sights that one session may still redeem: some hundred screens.
const SIGHTS: usize = 400;
/// Lists of one session that look for news.
const LISTS: usize = 100;
/// Searches that an account has open.
const SEARCHES: usize = 100;
/// Nobody stays signed in longer, however busy.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

pub(crate) struct Sessions {
    idle: Duration,
    open: Mutex<HashMap<Key, Session>>,
    places: Mutex<HashMap<String, Places>>,
}

/// SHA-256 of the cookie: what is in memory opens nothing.
type Key = [u8; 32];

struct Session {
    account: String,
    generation: u64,
    /// Against forms of other sites.
    csrf: String,
    began: Instant,
    seen: Instant,
    sights: VecDeque<Arc<Sight>>,
    lists: VecDeque<(String, Reached)>,
}

/// How far a list that is shown has followed the change log. It stays here: how fast the log grows tells of pages that
/// somebody may not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reached {
    /// What the list shows is as of this position, ...
    pub(crate) shown: u64,
    /// ... and this far it is known what has come.
    pub(crate) known: u64,
    /// Pages that have come since and are not shown yet.
    pub(crate) fresh: usize,
    /// Pages that answered when it was shown.
    pub(crate) total: usize,
}

/// What an account has open.
#[derive(Default)]
struct Places {
    searches: VecDeque<(String, Search)>,
    /// Charts are shown in the order of dates, not of types.
    charts_by_date: bool,
    left: Option<Instant>,
}

/// Of a session that is open.
pub(crate) struct Known {
    pub(crate) account: String,
    pub(crate) generation: u64,
    pub(crate) csrf: String,
}

impl Sessions {
    pub(crate) fn new(idle_minutes: u32) -> Self {
        let idle = Duration::from_secs(u64::from(idle_minutes) * 60);
        Self { idle, open: Mutex::default(), places: Mutex::default() }
    }

    pub(crate) const fn idle(&self) -> Duration {
        self.idle
    }

    /// Opens a session; what is answered is its cookie.
    pub(crate) fn begin(&self, account: &Account) -> String {
        let cookie = secret();
        let now = Instant::now();
        let session = Session {
            account: account.name.clone(),
            generation: account.generation,
            csrf: secret(),
            began: now,
            seen: now,
            sights: VecDeque::new(),
            lists: VecDeque::new(),
        };
        let mut open = self.open();
        open.retain(|_, session| session.lives(self.idle));
        open.insert(key(&cookie), session);
        cookie
    }

    /// The session of a cookie. `alive`: a person did something, not a page that looks for news by itself.
    pub(crate) fn find(&self, cookie: &str, alive: bool) -> Option<Known> {
        let mut open = self.open();
        let session = open.get_mut(&key(cookie))?;
        if !session.lives(self.idle) {
            open.remove(&key(cookie));
            return None;
        }
        if alive {
            session.seen = Instant::now();
        }
        Some(Known {
            account: session.account.clone(),
            generation: session.generation,
            csrf: session.csrf.clone(),
        })
    }

    pub(crate) fn end(&self, cookie: &str) {
        self.open().remove(&key(cookie));
    }

    /// Keeps a sight for the pictures of the page that is about to be shown; answers its name in addresses.
    pub(crate) fn keep_sight(&self, cookie: &str, sight: Sight) -> u64 {
        let seq = sight.audit_seq();
        if let Some(session) = self.open().get_mut(&key(cookie)) {
            session.sights.push_back(Arc::new(sight));
            if session.sights.len() > SIGHTS {
                session.sights.pop_front();
            }
        }
        seq
    }

    /// One of this session's own; nobody redeems another's.
    pub(crate) fn sight(&self, cookie: &str, seq: u64) -> Option<Arc<Sight>> {
        let open = self.open();
        open.get(&key(cookie))?.sights.iter().find(|sight| sight.audit_seq() == seq).cloned()
    }

    /// Keeps how far a list has followed; answers its name in addresses.
    pub(crate) fn keep_list(&self, cookie: &str, reached: Reached) -> String {
        let name = secret()[..16].to_owned();
        if let Some(session) = self.open().get_mut(&key(cookie)) {
            session.lists.push_back((name.clone(), reached));
            if session.lists.len() > LISTS {
                session.lists.pop_front();
            }
        }
        name
    }

    pub(crate) fn list(&self, cookie: &str, name: &str) -> Option<Reached> {
        let open = self.open();
        let known = open.get(&key(cookie))?.lists.iter().find(|(own, _)| own == name);
        known.map(|(_, reached)| *reached)
    }

    pub(crate) fn follow_list(&self, cookie: &str, name: &str, reached: Reached) {
        let mut open = self.open();
        let lists = open.get_mut(&key(cookie)).map(|session| &mut session.lists);
        if let Some((_, own)) = lists.and_then(|lists| lists.iter_mut().find(|(own, _)| own == name)) {
            *own = reached;
        }
    }

    /// Keeps a search; answers its name in addresses.
    pub(crate) fn keep_search(&self, account: &str, search: Search) -> String {
        let mut places = self.places();
        places.retain(|_, own| own.left.is_none_or(|left| left.elapsed() < LONGEST));
        let own = places.entry(account.to_owned()).or_default();
        own.left = Some(Instant::now());
        let known = own.searches.iter().position(|(_, kept)| *kept == search);
        let known = known.and_then(|at| own.searches.remove(at)).map(|(name, _)| name);
        let name = known.unwrap_or_else(|| secret()[..16].to_owned());
        own.searches.push_back((name.clone(), search));
        if own.searches.len() > SEARCHES {
            own.searches.pop_front();
        }
        name
    }

    pub(crate) fn search(&self, account: &str, name: &str) -> Option<Search> {
        let places = self.places();
        let kept = places.get(account)?.searches.iter().find(|(own, _)| own == name);
        kept.map(|(_, search)| search.clone())
    }

    /// In which order the account wants charts; kept with what it has open.
    pub(crate) fn keep_chart_order(&self, account: &str, by_date: bool) {
        let mut places = self.places();
        let own = places.entry(account.to_owned()).or_default();
        own.left = Some(Instant::now());
        own.charts_by_date = by_date;
    }

    pub(crate) fn charts_by_date(&self, account: &str) -> bool {
        self.places().get(account).is_some_and(|own| own.charts_by_date)
    }

    /// The last ones, each line once, with their names; newest first.
    pub(crate) fn recent_searches(&self, account: &str, most: usize) -> Vec<(String, Search)> {
        let places = self.places();
        let mut recent: Vec<(String, Search)> = Vec::new();
        for (name, search) in places.get(account).into_iter().flat_map(|own| own.searches.iter().rev()) {
            if recent.len() == most {
                break;
            }
            if !search.text.is_empty() && recent.iter().all(|(_, known)| known.text != search.text) {
                recent.push((name.clone(), search.clone()));
            }
        }
        recent
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Key, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn places(&self) -> MutexGuard<'_, HashMap<String, Places>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn lives(&self, idle: Duration) -> bool {
        self.seen.elapsed() < idle && self.began.elapsed() < LONGEST
    }
}

/// 244 random bits as 64 letters.
pub(crate) fn secret() -> String {
    format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}

fn key(cookie: &str) -> Key {
    Sha256::digest(cookie.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_for_last_comes_first_and_each_line_once() {
        let sessions = Sessions::new(15);
        let keep = |line: &str| sessions.keep_search("lopez", Search::of(line));
        let (first, second) = (keep("chest pain"), keep("rash"));
        assert_eq!(keep("chest pain"), first, "the same search has the same name");
        let recent = sessions.recent_searches("lopez", 8);
        assert_eq!(recent.iter().map(|(name, _)| name).collect::<Vec<_>>(), [&first, &second]);
        assert_eq!(sessions.recent_searches("lopez", 1).len(), 1);
    }

    #[test]
    fn nobody_comes_by_the_searches_of_another() {
        let sessions = Sessions::new(15);
        let name = sessions.keep_search("lopez", Search::of("rash"));
        assert!(sessions.search("lopez", &name).is_some());
        assert!(sessions.search("kim", &name).is_none() && sessions.recent_searches("kim", 8).is_empty());
    }
}
