//! Rot is found in the background, and told with the batch it hits.

use archive::{Damage, Mended, Scrubber};
use jiff::{Timestamp, ToSpan as _};
use records::ids::Digest;

use super::house::house;

#[test]
fn rot_is_found_told_by_its_batch_and_gone_once_mended() {
    let house = house();
    let batch = house.drop_file(b"a scan").batch();
    house.drop_file(b"another");
    let digest = Digest::of(b"a scan");
    let path = house.archive.vault().path(&digest);
    let backup = tempfile::tempdir().unwrap();
    let plan = archive::BackupPlan {
        to: backup.path().to_owned(),
        home: Default::default(),
        files: Vec::new(),
        full: false,
        by: "clerk:lopez".into(),
    };
    assert!(house.archive.back_up(&plan).unwrap().manifest.verified);
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, b"a scar").unwrap();

    let soon = || Timestamp::now() + 1.hour();
    let checked = [(); 2].map(|()| house.archive.scrub_next(soon()).unwrap().unwrap());
    assert_eq!(checked.iter().filter(|one| !one.whole).map(|one| one.digest).collect::<Vec<_>>(), [digest]);
    let damage = house.archive.damage().unwrap();
    assert!(matches!(damage[..], [Damage { digest: d, batch: b, .. }] if d == digest && b == batch));
    let mended = |by| house.archive.mend_original(&digest, backup.path(), by).unwrap();
    assert_eq!(mended("clerk:lopez"), Mended::FromBackup);
    assert!(house.archive.damage().unwrap().is_empty());
    assert_eq!(mended("clerk:lopez"), Mended::WasWhole);
    assert!(house.archive.audit(0, 100).unwrap().iter().any(|row| row.entry.what == "mend-original"));
}

#[test]
fn what_came_lately_is_not_hashed_again_and_each_has_its_turn() {
    let house = house();
    house.drop_file(b"a scan");
    house.drop_file(b"another");
    assert_eq!(Scrubber::over(house.archive.clone(), 30).step().unwrap(), None);
    assert_eq!(Scrubber::over(house.archive.clone(), 0).step().unwrap(), None);
    let later = Timestamp::now() + 1.hour();
    let first = house.archive.scrub_next(later).unwrap().unwrap().digest;
    std::thread::sleep(std::time::Duration::from_millis(2));
    assert_ne!(house.archive.scrub_next(later).unwrap().unwrap().digest, first);
}
