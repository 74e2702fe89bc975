use super::*;

/// A line in which every job has room for all its answers.
fn queue() -> Queue {
    Queue { room: 10_000, ..Queue::new(1) }
}

fn job(pages: u32, priority: Priority, share: u64) -> Job {
    let original = Arc::new(tempfile::tempfile().unwrap());
    let languages = LanguageSet::default();
    Job { original, pages: (0..pages).collect(), priority, share, languages }
}

fn next(queue: &Queue) -> Run {
    match queue.line().next() {
        Some(Task::Read(run)) => run,
        _ => panic!("pages are waiting"),
    }
}

/// The shares of the next runs.
fn shares(queue: &Queue, runs: usize) -> Vec<u64> {
    (0..runs).map(|_| next(queue).order.share).collect()
}

#[test]
fn a_run_is_at_most_eight_consecutive_pages_of_one_original() {
    let queue = queue();
    let _first = queue.read(job(10, Priority::Normal, 1));
    let _second = queue.read(job(1, Priority::Normal, 1));
    assert_eq!(next(&queue).pages, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(next(&queue).pages, [8, 9]);
    assert_eq!(next(&queue).pages, [0]);
}

#[test]
fn a_stat_fax_overtakes_five_thousand_pages() {
    let queue = queue();
    let _large = queue.read(job(5_000, Priority::Normal, 1));
    shares(&queue, 3);
    let _fax = queue.read(job(20, Priority::Stat, 2));
    assert_eq!(shares(&queue, 4), [2, 2, 2, 1]);
}

#[test]
fn a_small_batch_waits_for_one_run_of_a_large_one() {
    let queue = queue();
    let _large = queue.read(job(5_000, Priority::Normal, 1));
    shares(&queue, 100);
    let _small = queue.read(job(16, Priority::Normal, 2));
    assert_eq!(shares(&queue, 6), [1, 2, 1, 2, 1, 1]);
}

#[test]
fn an_endless_row_of_small_batches_does_not_starve_a_large_one() {
    let queue = queue();
    let _large = queue.read(job(5_000, Priority::Normal, 0));
    shares(&queue, 100);
    let mut large = 0;
    let mut small = Vec::new();
    for share in 1..=100 {
        small.push(queue.read(job(8, Priority::Normal, share)));
        large += shares(&queue, 2).iter().filter(|share| **share == 0).count();
    }
    assert!(large >= 95, "{large} of 200 runs");
}

#[test]
fn files_of_one_batch_stand_in_line_as_one() {
    let queue = queue();
    let _files: Vec<_> = (0..50).map(|_| queue.read(job(8, Priority::Normal, 1))).collect();
    let _other = queue.read(job(16, Priority::Normal, 2));
    assert_eq!(shares(&queue, 5), [1, 2, 1, 2, 1]);
}

#[test]
fn what_is_given_back_comes_first_again_and_was_never_had() {
    let queue = queue();
    let _large = queue.read(job(20, Priority::Normal, 1));
    let mut run = next(&queue);
    run.pages.pop_front();
    queue.give_back(run);
    assert_eq!(next(&queue).pages, [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn the_last_pages_given_back_are_not_lost() {
    let queue = queue();
    let _small = queue.read(job(3, Priority::Normal, 1));
    let run = next(&queue);
    queue.give_back(run);
    assert_eq!(next(&queue).pages, [0, 1, 2]);
}

#[test]
fn a_job_whose_answers_nobody_takes_holds_back_only_itself() {
    let queue = Queue { room: 10, ..Queue::new(1) };
    let _untaken = queue.read(job(100, Priority::Stat, 1));
    let _other = queue.read(job(8, Priority::Normal, 2));
    let first = next(&queue);
    let second = next(&queue);
    assert_eq!((first.pages.len(), second.pages.len()), (8, 2));
    assert_eq!(next(&queue).order.share, 2);
    assert!(queue.line().next().is_none(), "there is no room for another answer");
}

#[test]
fn questions_come_before_all_pages() {
    let queue = queue();
    let _pages = queue.read(job(8, Priority::Stat, 1));
    let (reply, _answer) = crossbeam_channel::bounded(1);
    queue.ask(Arc::new(tempfile::tempfile().unwrap()), Reply::Survey(reply));
    assert!(queue.before(Priority::Stat));
    assert!(matches!(queue.line().next(), Some(Task::Ask(_))));
}
