//! Claim: a study of a problem file loses no run, whatever happens to its workers, and every run counts
//! once.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const QUICK: &str = "seeds = 6
[[problem]]
name = \"quick\"
formula = \"x1*x2\"
ranges = \"1..2\"
task = \"values\"
rows = 50
";
/// A run that doesn't end by itself.
const ENDLESS: &str = "[[problem]]
name = \"endless\"
formula = \"tanh(x1*x2)\"
ranges = \"-1..2\"
task = \"values\"
rows = 300
noise = 0.5
seed = 0
search.generations = 1000000
";

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_closedform"));
    command.arg("study").args(arguments).current_dir(folder);
    command
}

fn closedform(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = closedform(folder, arguments);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Writes a problem file and plans its study without starting anything.
fn plan(folder: &Path, text: &str, size: &str) {
    fs::write(folder.join("p.toml"), text).unwrap();
    let arguments = [
        "--problems",
        "p.toml",
        "--out",
        "s",
        "--on",
        "script",
        "--shard-size",
        size,
    ];
    printed(folder, &arguments);
}

/// A worker of a shard.
fn worker(folder: &Path, shard: usize) -> Child {
    let shard = shard.to_string();
    command(folder, &["work", "--in", "s", "--shard", &shard])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn wait_for<T>(what: &str, condition: impl Fn() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "waited for {what}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn lines(folder: &Path, shard: usize) -> Vec<String> {
    let text = fs::read_to_string(folder.join(format!("s/shards/{shard:05}.jsonl")));
    text.unwrap_or_default().lines().map(String::from).collect()
}

/// The table of a study, without what depends on time.
fn table(folder: &Path) -> Vec<String> {
    printed(folder, &["report", "--in", "s"]);
    let text = fs::read_to_string(folder.join("s/runs.csv")).unwrap();
    let rows = text
        .lines()
        .map(|row| row.rsplit_once(',').unwrap().0.to_string());
    rows.collect()
}

/// The process that makes a worker's runs.
#[cfg(target_os = "linux")]
fn child_of(worker: &Child) -> String {
    let id = worker.id();
    wait_for("a child", || {
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).ok()?;
        Some(children.split_whitespace().next()?.to_string())
    })
}

#[cfg(target_os = "linux")]
fn kill(process: &str) {
    assert!(
        Command::new("kill")
            .args(["-9", process])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn torn_lines_and_doubled_rows_dont_count_and_resume_makes_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    plan(folder, QUICK, "4");
    let done = printed(folder, &["resume", "--in", "s", "--local", "--jobs", "2"]);
    assert!(done.contains("6 of 6 runs"), "{done}");
    let whole = table(folder);
    assert_eq!(whole.len(), 7);
    // The third row is torn, the fourth is lost, and the first is there twice.
    let rows = lines(folder, 0);
    let torn = format!("{}\n{}\n{}\n{}", rows[0], rows[1], rows[0], &rows[2][..20]);
    fs::write(folder.join("s/shards/00000.jsonl"), torn).unwrap();
    let status = printed(folder, &["status", "--in", "s"]);
    assert!(status.contains("4 done, 0 failed, 2 missing"), "{status}");
    assert!(status.contains("1 rows don't count"), "{status}");
    assert_eq!(table(folder).len(), 5);
    printed(folder, &["resume", "--in", "s", "--local"]);
    assert_eq!(table(folder), whole);
    let again = closedform(folder, &["resume", "--in", "s", "--local"]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("nothing to do"));
}

#[test]
fn two_workers_on_one_shard_make_every_run_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    plan(folder, QUICK, "6");
    let workers: Vec<Child> = (0..3).map(|_| worker(folder, 0)).collect();
    for worker in workers {
        // Those that were overtaken say so.
        let output = worker.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success() || told.contains("taken over"),
            "{told}"
        );
    }
    printed(folder, &["resume", "--in", "s", "--local"]);
    assert_eq!(table(folder).len(), 7);
    let names = fs::read_dir(folder.join("s/shards")).unwrap();
    assert!(names.count() <= 3);
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_is_a_row_with_its_reason_and_the_next_run_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let quick = QUICK.replace("seeds = 6\n", "");
    plan(folder, &format!("{quick}{ENDLESS}{quick}"), "9");
    let worker = worker(folder, 0);
    wait_for("a row", || (lines(folder, 0).len() == 1).then_some(()));
    std::thread::sleep(Duration::from_millis(500));
    kill(&child_of(&worker));
    assert!(worker.wait_with_output().unwrap().status.success());
    let rows = lines(folder, 0);
    assert_eq!(rows.len(), 3);
    assert!(
        rows[1].contains("\"failed\"") && rows[1].contains("signal 9"),
        "{}",
        rows[1]
    );
    assert!(rows[2].contains("\"x1*x2\""), "{}", rows[2]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_worker_takes_its_child_along_and_loses_only_the_run_in_progress() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    plan(
        folder,
        &format!("{QUICK}{ENDLESS}max_seconds = 3\n").replace("seed = 0\nsearch", "search"),
        "20",
    );
    let mut worker = worker(folder, 0);
    wait_for("six rows", || (lines(folder, 0).len() == 6).then_some(()));
    let child = child_of(&worker);
    kill(&worker.id().to_string());
    worker.wait().unwrap();
    wait_for("the child's end", || {
        (!Path::new(&format!("/proc/{child}")).exists()).then_some(())
    });
    let status = printed(folder, &["status", "--in", "s"]);
    assert!(
        status.contains("6 done, 0 failed, 6 missing (6 of them lost"),
        "{status}"
    );
    printed(folder, &["resume", "--in", "s", "--local"]);
    let rows = lines(folder, 0);
    assert_eq!(rows.len(), 12);
    for row in &rows[6..] {
        assert!(row.contains("longer than its limit of 3 s"), "{row}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_with_more_memory_than_slurm_grants_is_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    plan(folder, ENDLESS, "1");
    // libtorch alone has more than 50 MiB.
    let worker = command(folder, &["work", "--in", "s", "--shard", "0"])
        .env("SLURM_MEM_PER_NODE", "50")
        .output()
        .unwrap();
    assert!(worker.status.success(), "{worker:?}");
    let rows = lines(folder, 0);
    assert!(
        rows[0].contains("\"failed\"") && rows[0].contains("MiB of memory"),
        "{rows:?}"
    );
}

#[test]
fn a_broken_file_is_a_row_and_retry_makes_it_good() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows = (1..60).map(|n| format!("{},{},{}\n", n % 7, n % 5, (n % 7) * (n % 5)));
    let data = "a,b,y\n".to_string() + &rows.collect::<String>();
    fs::write(folder.join("t.csv"), &data).unwrap();
    let table_problem =
        "[[problem]]\ndata = \"t.csv\"\ntarget = \"y\"\ntruth = \"a*b\"\ntask = \"values\"\n";
    plan(folder, &format!("{QUICK}{table_problem}"), "20");
    fs::write(folder.join("t.csv"), "a,b\n1,2\n").unwrap();
    printed(folder, &["resume", "--in", "s", "--local"]);
    let failed = lines(folder, 0)
        .into_iter()
        .filter(|row| row.contains("\"failed\""));
    let failed: Vec<String> = failed.collect();
    assert_eq!(failed.len(), 6);
    assert!(failed[0].contains("t.csv"), "{}", failed[0]);
    fs::write(folder.join("t.csv"), &data).unwrap();
    let report = printed(folder, &["retry", "--failed", "--in", "s", "--local"]);
    assert!(report.contains("12 of 12 runs"), "{report}");
    let status = printed(folder, &["status", "--in", "s"]);
    assert!(status.contains("12 done, 0 failed, 0 missing"), "{status}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_stop_end_the_workers_and_say_how_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    plan(folder, &format!("{QUICK}{ENDLESS}"), "20");
    let start = || {
        // The one that a killed worker left behind tells nothing.
        let _ = fs::remove_file(folder.join("s/shards/00000.claim"));
        let mut command = command(folder, &["resume", "--in", "s", "--local"]);
        let child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        wait_for("a claim", || {
            folder.join("s/shards/00000.claim").exists().then_some(())
        });
        wait_for("six rows", || (lines(folder, 0).len() == 6).then_some(()));
        child
    };
    let child = start();
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("have ended") && told.contains("study resume --in"),
        "{told}"
    );
    let child = start();
    printed(folder, &["stop", "--in", "s"]);
    assert!(child.wait_with_output().unwrap().status.success());
    let status = printed(folder, &["status", "--in", "s"]);
    assert!(
        status.contains("6 done") && status.contains("resume"),
        "{status}"
    );
    assert!(!folder.join("s/shards/00000.claim").exists());
}
