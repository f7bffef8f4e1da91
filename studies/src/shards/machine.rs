//! What a machine or its scheduler grants: threads and memory.

/// How many threads a worker may use: what Slurm gave its task, or what this process may run on, cgroups
/// included.
pub(super) fn granted_threads() -> usize {
    let of_slurm = std::env::var("SLURM_CPUS_PER_TASK").ok();
    let of_slurm = of_slurm.and_then(|text| text.parse().ok());
    let here = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    of_slurm.unwrap_or_else(here)
}

/// How much memory a worker and its run may use, in bytes: what Slurm gave its task, or the limit of the
/// cgroup.
pub(super) fn granted_memory() -> Option<u64> {
    let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
    let by_node = number("SLURM_MEM_PER_NODE");
    let by_cpu = || Some(number("SLURM_MEM_PER_CPU")? * granted_threads() as u64);
    let of_slurm = by_node.or_else(by_cpu).filter(|mib| *mib > 0);
    of_slurm.map(|mib| mib << 20).or_else(memory_of_cgroup)
}

fn memory_of_cgroup() -> Option<u64> {
    let groups = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let group = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
    let file = format!("/sys/fs/cgroup{}/memory.max", group.trim_end_matches('/'));
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// The memory that a process holds, in bytes; none where the system doesn't say.
pub(super) fn resident_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}
