"""A cluster of two nodes on this machine: one controller and two of Slurm's node daemons."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from studies import wait_for

PROGRAMS = ["slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel"]
PACKAGES = ["slurmctld", "slurmd", "slurm-client"]
# A task that is put back waits for so long until Slurm starts it again.
BEGIN_AGAIN = 120


def is_installed():
    """Whether Slurm is here, installed from the distribution's packages if this user may do so."""
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    os.environ["PATH"] = path
    if all(shutil.which(program) for program in PROGRAMS):
        return True
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(["apt-get", "-qq", *command], capture_output=True)
        if done.returncode != 0:
            return False
    return all(shutil.which(program) for program in PROGRAMS)


class Cluster:
    """A controller and two nodes, whose files are in a folder."""

    def __init__(self, folder, cpus, array_size=1001):
        self.folder = Path(folder)
        self.nodes = ["a", "b"]
        self.daemons = {}
        host = socket.gethostname()
        ports = free_ports(4)
        for name in ["state", "spool-a", "spool-b"]:
            (self.folder / name).mkdir(parents=True)
        nodes = "\n".join(
            f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs={cpus} "
            "RealMemory=16000 State=UNKNOWN"
            for node, port in zip(self.nodes, ports[2:])
        )
        self.conf = self.folder / "slurm.conf"
        self.conf.write_text(
            f"""ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser={os.environ.get("USER", "root")}
SlurmdUser=root
AuthType=auth/none
CryptoType=crypto/none
CredType=cred/none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0,sched_min_interval=100000
MaxArraySize={array_size}
StateSaveLocation={self.folder}/state
SlurmdSpoolDir={self.folder}/spool-%n
SlurmctldPidFile={self.folder}/slurmctld.pid
SlurmdPidFile={self.folder}/slurmd-%n.pid
SlurmctldLogFile={self.folder}/slurmctld.log
SlurmdLogFile={self.folder}/slurmd-%n.log
SlurmdTimeout=10
KillWait=2
ReturnToService=2
MinJobAge=30
JobAcctGatherType=jobacct_gather/none
{nodes}
PartitionName=all Nodes=a,b Default=YES MaxTime=INFINITE State=UP
"""
        )
        os.environ["SLURM_CONF"] = str(self.conf)

    def __enter__(self):
        self.start("slurmctld", ["slurmctld", "-D", "-i"])
        for node in self.nodes:
            self.start(node, ["slurmd", "-D", "-N", node])
        wait_for(self.is_up, 30, "the nodes don't come up")
        return self

    def __exit__(self, *_):
        for name in list(self.daemons):
            self.kill(name, signal.SIGKILL)

    def start(self, name, command):
        """Starts a daemon."""
        log = open(self.folder / f"{name}.out", "a")
        self.daemons[name] = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def start_node(self, node):
        self.start(node, ["slurmd", "-D", "-N", node])

    def kill(self, name, number):
        """Ends a daemon by a signal."""
        daemon = self.daemons.pop(name)
        daemon.send_signal(number)
        daemon.wait()

    def is_up(self):
        told = self.ask("sinfo", "--noheader", "--format=%T %n", "--Node")
        return sum(line.startswith("idle") for line in told.splitlines()) == len(self.nodes)

    def ask(self, *command):
        """What a command of Slurm prints, whether it succeeds or not."""
        done = subprocess.run(command, capture_output=True, text=True)
        return done.stdout + done.stderr

    def tasks(self):
        """The tasks that run: (name, node)."""
        told = self.ask("squeue", "--noheader", "--array", "--states=RUNNING", "--format=%i %N")
        return [tuple(line.split()) for line in told.splitlines() if len(line.split()) == 2]

    def is_empty(self):
        return self.ask("squeue", "--noheader").strip() == ""


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
